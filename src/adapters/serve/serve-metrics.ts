import type { CountEvent } from "../../responder/count-event.ts";

export interface RequestMetrics {
  count(event: CountEvent): void;
  /** Prometheus' text format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats, verified 2026-11-23). */
  render(): string;
}

/** Beyond this many, requests of every domain are counted together: a scrape stays small whoever asks for what. */
const MAX_SERIES = 20_000;

const HEAD = {
  requests: "Requests answered, by domain, document, client family and status.",
  authorization: "Requests that carried credentials, which are never read.",
} as const;

/** Opens counters in memory. Their labels are domains served here and words of short lists, never an address. */
export function openRequestMetrics(): RequestMetrics {
  const requests = new Map<string, number>();
  const authorization = new Map<string, number>();
  return {
    count: ({ domain, document, family, status, hasAuthorization }) => {
      const labelsOf = (name: string): string =>
        `domain="${name}",document="${document}",client="${family}",status="${status}"`;
      increment(requests, labelsOf(domain ?? ""), () => labelsOf("*"));
      if (hasAuthorization) {
        increment(
          authorization,
          `domain="${domain ?? ""}",document="${document}"`,
          () => `domain="*",document="${document}"`,
        );
      }
    },
    render: () =>
      [
        ...series("mail_autodiscover_requests_total", HEAD.requests, requests),
        ...series("mail_autodiscover_requests_with_authorization_total", HEAD.authorization, authorization),
        "",
      ].join("\n"),
  };
}

function increment(counters: Map<string, number>, labels: string, overflow: () => string): void {
  const key = counters.has(labels) || counters.size < MAX_SERIES ? labels : overflow();
  counters.set(key, (counters.get(key) ?? 0) + 1);
}

function series(name: string, help: string, counters: ReadonlyMap<string, number>): string[] {
  const lines = [...counters].map(([labels, value]) => `${name}{${labels}} ${value}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} counter`, ...lines.toSorted()];
}
