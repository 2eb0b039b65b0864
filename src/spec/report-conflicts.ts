import { DISCOVERY_LABELS } from "./discovery-labels.ts";
import type { MailDomain } from "./mail-domain.ts";
import { specIssue, type SpecIssue } from "./spec-issue.ts";

/** Reports values that are right by themselves, but whose records would shadow or repeat each other. */
export function reportConflicts(domain: MailDomain, report: (issue: SpecIssue) => void): void {
  const taken = DISCOVERY_LABELS.map((label) => `${label}.${domain.domain}`);
  for (const [path, host] of serverHosts(domain)) {
    if (!taken.includes(host)) continue;
    report(
      specIssue(path, host, "is a name that the documents are published at", "Give the server another name."),
    );
  }
  for (const protocol of ["imap", "pop3", "submission"] as const) {
    const seen = new Set<string>();
    for (const { host, port, tls } of domain.mailServer[protocol]) {
      const place = `${host}:${port} ${tls}`;
      if (seen.has(place)) {
        report(
          specIssue(`mailServer.${protocol}`, place, "stands in the list twice", "Keep each endpoint once."),
        );
      }
      seen.add(place);
    }
  }
}

function serverHosts(domain: MailDomain): readonly (readonly [path: string, host: string])[] {
  const { mailServer, publish } = domain;
  const endpoints = (["imap", "pop3", "submission"] as const).flatMap((protocol) =>
    mailServer[protocol]
      .filter(({ host }) => host !== mailServer.host)
      .map(({ host }) => [`mailServer.${protocol}`, host] as const),
  );
  const srvTarget = publish.kind === "worker" ? publish.srvTarget : undefined;
  return [
    ["mailServer.host", mailServer.host],
    ...endpoints,
    ...(srvTarget === undefined ? [] : [["publish.srvTarget", srvTarget] as const]),
    ...(publish.kind === "origin" ? [["publish.origin", publish.host] as const] : []),
  ];
}
