import type { ClientServer } from "./discovery.ts";

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
