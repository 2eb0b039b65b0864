import type { MailDomain } from "./mail-domain.ts";

/** Returns every host that the file gives a meaning of its own, with the path that names it; the mail server first. */
export function namedHosts(
  domain: Omit<MailDomain, "guessNames">,
): readonly (readonly [path: string, host: string])[] {
  const { mailServer, publish, delivery } = domain;
  const endpoints = (["imap", "pop3", "submission", "sieve"] as const).flatMap((protocol) =>
    mailServer[protocol]
      .filter(({ host }) => host !== mailServer.host)
      .map(({ host }) => [`mailServer.${protocol}`, host] as const),
  );
  const services = (["calDav", "cardDav", "jmap"] as const).flatMap((key) => {
    const host = domain[key]?.host;
    return host === undefined ? [] : [[key, host] as const];
  });
  const webmail =
    domain.webmail !== undefined && URL.canParse(domain.webmail)
      ? new URL(domain.webmail).hostname
      : undefined;
  const srvTarget = publish.kind === "worker" ? publish.srvTarget : undefined;
  return [
    ["mailServer.host", mailServer.host],
    ...endpoints,
    ...services,
    ...(webmail === undefined ? [] : [["webmail", webmail] as const]),
    ...delivery.mx.map(({ host }, index) => [`mx.${index}.host`, host] as const),
    ...(srvTarget === undefined ? [] : [["publish.srvTarget", srvTarget] as const]),
    ...(publish.kind === "origin" ? [["publish.origin", publish.host] as const] : []),
  ];
}
