import type { X509Certificate } from "node:crypto";

/** A chain as far as it could be built. */
export interface ProvidedChain {
  /** Leaf first, each signed by the next, without the root. */
  readonly certificates: readonly [X509Certificate, ...X509Certificate[]];
  /** `untrusted-root`: its root came along, but is none of those that are trusted. */
  readonly end: "trusted" | "self-signed" | "untrusted-root" | "incomplete";
}

export interface ProvidedChainParts {
  readonly leaf: X509Certificate;
  /** All certificates that came, in any order. */
  readonly certificates: readonly X509Certificate[];
  readonly roots: readonly X509Certificate[];
  readonly now: Date;
}

type Path = readonly [X509Certificate, ...X509Certificate[]];

/** Longest chain that is looked for; the public ones have two to four. It bounds the search among cross-signed issuers. */
const LONGEST_CHAIN = 8;

/**
 * Builds the chain of a leaf from certificates in any order. Several paths are common, since roots are cross-signed and intermediates
 * renewed with the same key; taken is one that ends at a trusted root and is valid now, of these the longest: what a seller sends beyond
 * the shortest path is there for older mail programs. The choice depends on no order.
 */
export function buildProvidedChain({ leaf, certificates, roots, now }: ProvidedChainParts): ProvidedChain {
  if (isSelfSigned(leaf)) return { certificates: [leaf], end: "self-signed" };
  const cameRoots = certificates.filter(isSelfSigned);
  const issuers = certificates.filter((each) => !cameRoots.includes(each));
  const ranked = extend([leaf], issuers)
    .map((path) => ({ path, end: endOf(path, roots, cameRoots) }))
    .sort(
      (a, b) =>
        Number(b.end === "trusted") - Number(a.end === "trusted") ||
        Number(isValidAt(b.path, now)) - Number(isValidAt(a.path, now)) ||
        b.path.length - a.path.length ||
        firstEnd(b.path) - firstEnd(a.path) ||
        (fingerprints(a.path) < fingerprints(b.path) ? -1 : 1),
    );
  const best = ranked[0];
  return best === undefined
    ? { certificates: [leaf], end: "incomplete" }
    : { certificates: best.path, end: best.end };
}

/** Returns whether a certificate names itself as its issuer and was signed with its own key. */
export function isSelfSigned(certificate: X509Certificate): boolean {
  return isIssuedBy(certificate, certificate);
}

/** By name, key identifiers and key usage first (RFC 5280 §6.1), then by the signature. */
function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function extend(path: Path, issuers: readonly X509Certificate[]): readonly Path[] {
  if (path.length === LONGEST_CHAIN) return [path];
  const last = path.at(-1) ?? path[0];
  const next = issuers.filter((each) => each.ca && !path.includes(each) && isIssuedBy(last, each));
  return [path, ...next.flatMap((each) => extend([...path, each], issuers))];
}

function endOf(
  path: Path,
  roots: readonly X509Certificate[],
  cameRoots: readonly X509Certificate[],
): ProvidedChain["end"] {
  const last = path.at(-1) ?? path[0];
  if (roots.some((root) => isIssuedBy(last, root))) return "trusted";
  return cameRoots.some((root) => isIssuedBy(last, root)) ? "untrusted-root" : "incomplete";
}

function isValidAt(path: Path, now: Date): boolean {
  return path.every(({ validFromDate, validToDate }) => validFromDate <= now && now < validToDate);
}

function firstEnd(path: Path): number {
  return Math.min(...path.map(({ validToDate }) => validToDate.getTime()));
}

function fingerprints(path: Path): string {
  return path.map(({ fingerprint256 }) => fingerprint256).join();
}
