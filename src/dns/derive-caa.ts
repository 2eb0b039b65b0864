import { closestZone, isWithin } from "../spec/host-name.ts";
import type { CaaPolicy, MailDomain } from "../spec/mail-domain.ts";
import { logicalName, type CaaRecord } from "./wanted-record.ts";

export interface DeriveCaaOptions {
  /** Names of all visible zones. */
  readonly zones: readonly string[];
  /** The issuer domain name of the module's CA. */
  readonly caIssuer: string;
  /** True where this domain publishes the mail host's addresses. */
  readonly publishesMailHost: boolean;
}

/**
 * The issuers of Cloudflare's edge, for its certificates and their backups, with the parameters that Cloudflare asks for
 * (developers.cloudflare.com/ssl/edge-certificates/caa-records, /ssl/reference/certificate-authorities, verified
 * 2026-11-23). DigiCert stands there as being given up.
 */
const EDGE_ISSUERS: readonly { readonly issuer: string; readonly value: string }[] = [
  { issuer: "letsencrypt.org", value: "letsencrypt.org" },
  { issuer: "pki.goog", value: "pki.goog; cansignhttpexchanges=yes" },
  { issuer: "ssl.com", value: "ssl.com" },
  { issuer: "sectigo.com", value: "sectigo.com" },
];

interface Grant {
  readonly issuer: string;
  readonly value: string;
  readonly bindsAccount: boolean;
}

/**
 * Returns who may issue certificates (RFC 8659). A CA looks at the name first and climbs from there, so the records at the
 * domain hold for each name below it that has none of its own.
 *
 * Where the Worker publishes, Cloudflare's edge needs certificates for the domain and its discovery names, among others
 * from Let's Encrypt by an account that is not ours: a CA allowed without an account at the domain voids the bound record
 * beside it. There the binding stands at the mail host alone, which no edge certificate names; names of the certificate
 * that climb to the domain are not bound. With an origin the edge issues nothing for these names, so the domain is bound.
 *
 * A zone with Universal SSL may answer CAA at its apex with a set of Cloudflare's own, which leaves parameters of RFC 8657
 * out (CVE-2026-14440, github.com/cisagov/CSAF va-26-183-01, verified 2026-11-23): the binding at an apex holds once
 * Universal SSL is off.
 */
export function deriveCaa(domain: MailDomain, options: DeriveCaaOptions): readonly CaaRecord[] {
  const policy = domain.delivery.caa;
  if (policy === undefined) return [];
  const hasEdge = domain.publish.kind === "worker";
  const edge = hasEdge ? EDGE_ISSUERS.map((one) => ({ ...one, bindsAccount: false })) : [];
  const own = ownGrants(policy, options.caIssuer);
  // The first of an issuer wins: one allowed without conditions makes a condition beside it void.
  const grants = distinct([...edge, ...own]);
  const place = { owner: domain.domain, name: domain.domain };
  return [
    ...grants.map((grant) => record(place, "issue", grant)),
    // Wildcards look at `issuewild` alone as soon as one stands there (RFC 8659 §4.3), so it says the same.
    ...grants.map((grant) => record(place, "issuewild", grant)),
    ...iodef(place, policy),
    ...mailHost(domain, policy, own, options),
  ];
}

/**
 * The mail host has records of its own where those of the domain do not bind it. Only where its addresses are ours, too:
 * a name that exists ends a wildcard that may have answered for it (RFC 4592). Like the addresses, they are named after
 * the zone, so that a shared host changes its owner without a rename.
 */
function mailHost(
  { domain, mailServer, publish }: MailDomain,
  policy: CaaPolicy,
  own: readonly Grant[],
  options: DeriveCaaOptions,
): CaaRecord[] {
  const name = mailServer.host;
  const zone = closestZone(
    name,
    options.zones.map((one) => ({ name: one })),
  );
  const isBoundAbove = publish.kind === "origin" && isWithin(name, domain);
  const isOurs = options.publishesMailHost && mailServer.addresses.length > 0;
  if (zone === undefined || name === domain || isBoundAbove || !isOurs || !policy.bindAccount) return [];
  const place = { owner: zone.name, name };
  return [...own.map((grant) => record(place, "issue", grant)), ...iodef(place, policy)];
}

function ownGrants(policy: CaaPolicy, caIssuer: string): readonly Grant[] {
  const asked = policy.issuers.map((issuer) => ({ issuer, value: issuer, bindsAccount: false }));
  const ca: Grant = policy.bindAccount
    ? { issuer: caIssuer, value: `${caIssuer}; validationmethods=dns-01`, bindsAccount: true }
    : { issuer: caIssuer, value: caIssuer, bindsAccount: false };
  // An issuer that the file names is allowed for every account: where it is our CA, that is what was asked.
  return policy.issuers.includes(caIssuer) ? distinct(asked) : distinct([ca, ...asked]);
}

function distinct(grants: readonly Grant[]): readonly Grant[] {
  return grants.filter((grant, index) => grants.findIndex((one) => one.issuer === grant.issuer) === index);
}

interface Place {
  /** The domain or zone that the logical name begins with. */
  readonly owner: string;
  readonly name: string;
}

function record({ owner, name }: Place, tag: "issue" | "issuewild", grant: Grant): CaaRecord {
  const { issuer, value, bindsAccount } = grant;
  return {
    type: "CAA",
    name,
    logicalName: logicalName(owner, "CAA", name, `${tag}/${issuer}`),
    formerLogicalNames: [],
    purpose: "caa",
    flags: 0,
    tag,
    value,
    bindsAccount,
  };
}

function iodef({ owner, name }: Place, { iodef: url }: CaaPolicy): CaaRecord[] {
  if (url === undefined) return [];
  return [
    {
      type: "CAA",
      name,
      logicalName: logicalName(owner, "CAA", name, `iodef/${url}`),
      formerLogicalNames: [],
      purpose: "caa",
      flags: 0,
      tag: "iodef",
      value: url,
      bindsAccount: false,
    },
  ];
}
