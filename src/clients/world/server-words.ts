import type { ClientServer } from "../ladder/discovery.ts";

const TLS_WORDS: Readonly<Record<ClientServer["tls"], string>> = {
  implicit: "TLS",
  starttls: "STARTTLS",
  plain: "no TLS",
};

/** Returns servers in words of a step: `imap mail.example.com:993 TLS, submission mail.example.com:465 TLS`. */
export function serverWords(...servers: readonly (ClientServer | undefined)[]): string {
  return servers
    .filter((server) => server !== undefined)
    .map(({ protocol, host, port, tls }) => `${protocol} ${host}:${port} ${TLS_WORDS[tls]}`)
    .join(", ");
}

/** Returns the same for a narrow column: `mail.example.com: imap 993 TLS, submission 465 TLS`, a host named once. */
export function narrowServerWords(...servers: readonly (ClientServer | undefined)[]): string {
  const found = servers.filter((server) => server !== undefined);
  const hosts = new Set(found.map(({ host }) => host));
  if (hosts.size !== 1) return serverWords(...found);
  const ports = found.map(({ protocol, port, tls }) => `${protocol} ${port} ${TLS_WORDS[tls]}`);
  return `${[...hosts].join()}: ${ports.join(", ")}`;
}
