import type { MailDomain } from "../spec/mail-domain.ts";

/**
 * Returns the MTA-STS policy that sending servers fetch (RFC 8461 §3.2); undefined where the domain has none. Lines end in
 * CRLF, which every reader takes (erratum 6253 allows LF, too).
 */
export function renderMtaStsPolicy({ delivery }: MailDomain): string | undefined {
  const { mtaSts, mx } = delivery;
  if (mtaSts === undefined) return undefined;
  const hosts = mx.map(({ host }) => host).filter((host) => host !== ".");
  const lines = [
    "version: STSv1",
    `mode: ${mtaSts.mode}`,
    ...hosts.map((host) => `mx: ${host}`),
    `max_age: ${mtaSts.maxAgeSeconds}`,
  ];
  return lines.map((line) => `${line}\r\n`).join("");
}
