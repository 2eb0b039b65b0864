import type { MailDomain } from "../spec/mail-domain.ts";

/** Returns what a reviewer should know of a domain before it is deployed, one sentence each; empty for most. */
export function deriveNotices(domain: MailDomain, workersDevHost: string | undefined): readonly string[] {
  const { mailServer, publish } = domain;
  const plain = (["imap", "pop3", "submission"] as const).flatMap((protocol) =>
    mailServer[protocol]
      .filter((endpoint) => endpoint.tls === "plain")
      .map((endpoint) => `${protocol} ${endpoint.host}:${endpoint.port}`),
  );
  const hasNoSrvTarget =
    publish.kind === "worker" &&
    publish.srvTarget === undefined &&
    workersDevHost === undefined &&
    domain.preset.autodiscoverSrv === undefined &&
    mailServer.submission.length > 0;
  return [
    ...panelNotice(domain),
    ...(plain.length === 0
      ? []
      : [`${domain.domain}: passwords cross the network readable at ${plain.join(", ")} (allowPlaintext).`]),
    ...(hasNoSrvTarget
      ? [
          `${domain.domain}: _autodiscover._tcp is left out: no workers.dev host of the account is known, and a proxied name would be a black hole. Set publish.srvTarget to a host with a certificate of its own.`,
        ]
      : []),
  ];
}

/** Two answers at one name contradict each other sooner or later. */
function panelNotice({ domain, preset }: MailDomain): readonly string[] {
  const names = preset.answers
    .filter((label) => preset.discovery[label] === undefined)
    .map((label) => `${label}.${domain}`);
  if (names.length === 0) return [];
  const remedy = preset.answersRemedy === undefined ? "" : ` ${preset.answersRemedy}`;
  return [
    `${domain}: ${preset.title} would answer at ${names.join(", ")} by itself; these names lead to the documents published here.${remedy}`,
  ];
}
