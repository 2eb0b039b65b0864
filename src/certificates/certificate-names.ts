import { MailAutodiscoverError } from "../errors.ts";
import { isWithin, parseHostName } from "../spec/host-name.ts";
import type { CertificateRole, MailDomain } from "../spec/mail-domain.ts";

/** Why a wanted name does not stand on the certificate. */
export type OmissionReason =
  /** No zone that the token can edit holds the name, and it is not delegated into one: its challenge cannot be answered here. */
  | "no-editable-zone"
  /** A wildcard of the same certificate covers it; Let's Encrypt refuses both together. */
  | "covered-by-wildcard";

export interface OmittedName {
  readonly name: string;
  readonly reason: OmissionReason;
}

export interface CertificateNames {
  /** Normalised, never twice; the same wish gives the same bytes, which keeps the renewal exemption of the rate limits. */
  readonly names: readonly string[];
  readonly omitted: readonly OmittedName[];
}

export interface CertificateNamesOptions {
  /** Zones that the token can edit, A-labels. Default: the mail domain alone. */
  readonly zones?: readonly string[];
}

/** RFC 1035 §2.3.4, without the final dot. */
const LONGEST_NAME = 253;

/**
 * Returns certificate names in the one form that is asked of a CA: A-labels, lower case, no final dot, no name twice, no name that
 * a wildcard of the list covers, sorted. Pebble accepts covered names; Let's Encrypt refuses the order (boulder `ra.go` `wildcardOverlap`,
 * 2026-08-07).
 *
 * @throws MailAutodiscoverError `invalid-spec` where a name is no host name or wildcard of one.
 * @example normaliseNames(["*.Example.com", "mail.example.com.", "example.com"]); // ["*.example.com", "example.com"]
 */
export function normaliseNames(names: readonly string[]): readonly string[] {
  const unique = new Set(names.map(toHostName));
  return [...unique].filter((name) => !isCovered(name, unique)).sort();
}

/** One certificate of a mail domain; without names where none of those wanted can be asked for here. */
export interface DerivedCertificate extends CertificateNames {
  /** `single`: the one certificate for everything. */
  readonly role: CertificateRole | "single";
}

/**
 * Returns the names of a mail domain's one certificate: the domain, its wildcard, the host outside Cloudflare that serves the documents,
 * each mail server, and the names that the spec adds.
 * A name outside the zones that is not delegated is left out with its reason: a wish that cannot be met here is a finding, not a failed
 * order.
 */
export function deriveCertificateNames(
  domain: MailDomain,
  options: CertificateNamesOptions = {},
): CertificateNames {
  const { additionalNames } = domain.certificate;
  const names = [
    ...domainNames(domain),
    ...documentHosts(domain),
    ...serverHosts(domain),
    ...additionalNames,
  ];
  return editableNames(names, domain, options);
}

/**
 * Returns the certificates of a mail domain in its layout. `separate`: one for the mail server, with the names that clients guess and
 * never a wildcard, so that whoever takes over the server cannot pose as every host of the domain; and one for the domain and its
 * wildcard, with the host that serves the documents. Additional names go to the latter, since nothing says that the mail server answers
 * for them; one that the mail server's certificate names is not repeated.
 */
export function deriveCertificates(
  domain: MailDomain,
  options: CertificateNamesOptions = {},
): readonly DerivedCertificate[] {
  if (domain.certificate.layout === "single") {
    return [{ role: "single", ...deriveCertificateNames(domain, options) }];
  }
  const guessNames = domain.guessNames.labels.map((label) => `${label}.${domain.domain}`);
  const mailNames = [...serverHosts(domain), ...guessNames].map(toHostName);
  const further = [...documentHosts(domain), ...domain.certificate.additionalNames].filter(
    (name) => !mailNames.includes(toHostName(name)),
  );
  return [
    { role: "mail", ...editableNames(mailNames, domain, options) },
    { role: "domain", ...editableNames([...domainNames(domain), ...further], domain, options) },
  ];
}

function domainNames({ domain }: MailDomain): readonly string[] {
  return [domain, `*.${domain}`];
}

/** The wildcard covers the discovery names, but the target of the `_autodiscover` SRV record is asked by its own name. */
function documentHosts({ publish }: MailDomain): readonly string[] {
  return publish.kind === "origin" ? [publish.host] : [];
}

function serverHosts({ mailServer }: MailDomain): readonly string[] {
  const { host, imap, pop3, submission, sieve } = mailServer;
  return [host, ...[...imap, ...pop3, ...submission, ...sieve].map((endpoint) => endpoint.host)];
}

function editableNames(
  written: readonly string[],
  domain: MailDomain,
  options: CertificateNamesOptions,
): CertificateNames {
  const zones = (options.zones ?? [domain.domain]).map(toHostName);
  const delegated = new Set(domain.certificate.delegatedNames.map(challengedHost));
  const wanted = new Set(written.map(toHostName));
  const editable = [...wanted].filter(
    (name) => zones.some((zone) => isWithin(name, zone)) || delegated.has(challengedHost(name)),
  );
  const names = normaliseNames(editable);
  const omitted = [...wanted]
    .filter((name) => !names.includes(name))
    .map((name): OmittedName => ({
      name,
      reason: editable.includes(name) ? "covered-by-wildcard" : "no-editable-zone",
    }));
  return { names, omitted: omitted.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** A name and its wildcard are challenged at the same place (RFC 8555 §7.1.4), so one delegation serves both. */
function challengedHost(name: string): string {
  return toHostName(name).replace(/^\*\./u, "");
}

/** Returns whether a certificate of these names is right for a host: by its name, or by a wildcard (RFC 9525 §6.3). */
export function coversHost(names: readonly string[], host: string): boolean {
  return names.includes(host) || isCovered(host, new Set(names));
}

/** Only the first label may be covered: `*.example.com` says nothing of `mx1.eu.example.com` (RFC 6125 §6.4.3). */
function isCovered(name: string, names: ReadonlySet<string>): boolean {
  if (name.startsWith("*.")) return false;
  return names.has(`*${name.slice(name.indexOf("."))}`);
}

function toHostName(written: string): string {
  const trimmed = written.trim();
  const prefix = trimmed.startsWith("*.") ? "*." : "";
  const host = parseHostName(trimmed.slice(prefix.length));
  if (host.ok && prefix.length + host.value.length <= LONGEST_NAME) return `${prefix}${host.value}`;
  const reason = host.ok ? `it has more than ${LONGEST_NAME} octets` : host.reason;
  throw new MailAutodiscoverError("invalid-spec", `"${written}" cannot stand on a certificate: ${reason}.`, {
    remedy: "Write a host name of two or more labels, or `*.` and such a name.",
  });
}
