import type { GuessLabel } from "./guess-labels.ts";
import { isWithin } from "./host-name.ts";
import type { GuessNames, MailDomain } from "./mail-domain.ts";
import { namedHosts } from "./named-hosts.ts";

/** A label stands by default where the mail server answers what clients ask under it, on the ports that they try. */
const DEFAULTS: readonly {
  readonly label: GuessLabel;
  readonly protocol: "imap" | "pop3" | "submission" | undefined;
  readonly ports: readonly number[];
}[] = [
  { label: "imap", protocol: "imap", ports: [993, 143] },
  { label: "smtp", protocol: "submission", ports: [465, 587] },
  { label: "mail", protocol: undefined, ports: [] },
  { label: "pop", protocol: "pop3", ports: [995, 110] },
];

/**
 * Returns the names for clients that guess: those of the file, or the default ones. By default a name stands only where
 * the mail server lies within the domain, whose wildcard certificate then covers the name, and never where the file gives
 * the name another meaning.
 */
export function parseGuessNames(
  asked: readonly string[] | undefined,
  isAsked: boolean,
  domain: Omit<MailDomain, "guessNames">,
): GuessNames {
  const { host } = domain.mailServer;
  const nameOf = (label: string): string => `${label}.${domain.domain}`;
  if (asked !== undefined) {
    return { labels: [...new Set(asked)].filter((label) => nameOf(label) !== host), isAsked };
  }
  if (!isWithin(host, domain.domain)) return { labels: [], isAsked: false };
  const taken = new Set(namedHosts(domain).map(([, name]) => name));
  const labels = DEFAULTS.filter(({ protocol, ports }) =>
    protocol === undefined
      ? true
      : domain.mailServer[protocol].some((one) => one.host === host && ports.includes(one.port)),
  ).map(({ label }) => label);
  return { labels: labels.filter((label) => !taken.has(nameOf(label))), isAsked: false };
}
