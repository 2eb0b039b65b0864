import { DISCOVERY_LABELS } from "../../spec/discovery-labels.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import { mailHosts } from "../mail-host-owner.ts";

/**
 * What a client wants of a name: `discovery`, documents; `guess`, a server whose name it made up; `service`, a server
 * that a record names; `policy`, what the domain says of its mail.
 */
export type ProbeRole = "discovery" | "guess" | "service" | "policy";

/** A question that some client asks. */
export interface Probe {
  /** FQDN, A-labels, lower case, no final dot. */
  readonly name: string;
  readonly type: "A" | "AAAA" | "SRV" | "TXT" | "MX";
  readonly role: ProbeRole;
}

/**
 * Host labels that clients try where nothing told them a server, as their sources say (read 2026-11-23): Thunderbird's
 * GuessConfig `imap`, `pop3`, `pop`, `mail`, `smtp`; Delta Chat `imap`, `smtp`, `mail`; FairEmail also `imaps`, `smtps`, `mx`.
 */
export const GUESSED_LABELS: readonly string[] = [
  "imap",
  "imaps",
  "mail",
  "mx",
  "pop",
  "pop3",
  "smtp",
  "smtps",
];

/**
 * Services asked for by SRV: RFC 6186 and RFC 8314 §5.1 (mail), RFC 6764 (DAV), RFC 8620 §2.2 (JMAP), RFC 5804 §1.8
 * (ManageSieve); `_autodiscover` by Outlook and Thunderbird, `_ldap` by Evolution for address books.
 */
const SERVICES: readonly string[] = [
  "_autodiscover",
  "_caldav",
  "_caldavs",
  "_carddav",
  "_carddavs",
  "_imap",
  "_imaps",
  "_jmap",
  "_ldap",
  "_ldaps",
  "_pop3",
  "_pop3s",
  "_sieve",
  "_submission",
  "_submissions",
];

/** TXT with the context path beside the SRV record (RFC 6764 §4). */
const PATH_SERVICES: readonly string[] = ["_caldavs", "_carddavs"];

/**
 * TXT names of RFC 9989 (DMARC), RFC 8461 §3.1 (MTA-STS), RFC 8460 §3 (TLS-RPT), and of draft-ietf-mailmaint-pacc, whose
 * digest says which configuration document is the right one.
 */
const POLICY_LABELS: readonly string[] = ["_dmarc", "_mta-sts", "_smtp._tls", "_ua-auto-config"];

/** Returns every question that clients ask of a domain, each once, in a stable order. */
export function deriveProbes(domain: MailDomain): readonly Probe[] {
  const below = (labels: string): string => `${labels}.${domain.domain}`;
  const discovery = DISCOVERY_LABELS.map(below);
  const probes: Probe[] = [
    // The domain's own host is asked for `/.well-known/autoconfig` and `/autodiscover`, and is a guess as well.
    ...[...discovery, domain.domain].flatMap((name) => addresses(name, "discovery")),
    ...SERVICES.map((label): Probe => ({ name: below(`${label}._tcp`), type: "SRV", role: "service" })),
    ...PATH_SERVICES.map((label): Probe => ({ name: below(`${label}._tcp`), type: "TXT", role: "service" })),
    { name: domain.domain, type: "MX", role: "service" },
    ...mailHosts(domain).flatMap((host) => addresses(host, "service")),
    ...GUESSED_LABELS.map(below).flatMap((name) => addresses(name, "guess")),
    ...[domain.domain, ...POLICY_LABELS.map(below)].map((name): Probe => ({
      name,
      type: "TXT",
      role: "policy",
    })),
    ...domain.delivery.dkim.map(({ selector }): Probe => {
      return { name: below(`${selector}._domainkey`), type: "TXT", role: "policy" };
    }),
  ];
  // The first role wins: a mail server that bears a guessed name is no guess.
  const first = new Map<string, Probe>();
  for (const probe of probes) {
    const key = `${probe.name} ${probe.type}`;
    if (!first.has(key)) first.set(key, probe);
  }
  return [...first.values()];
}

function addresses(name: string, role: ProbeRole): Probe[] {
  return [
    { name, type: "A", role },
    { name, type: "AAAA", role },
  ];
}
