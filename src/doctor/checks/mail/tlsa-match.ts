import { createHash, createPublicKey, X509Certificate } from "node:crypto";

/** A TLSA record (RFC 6698 §2.1) in one of the forms that are registered (RFC 7218). */
export interface TlsaRecord {
  /** PKIX-TA, PKIX-EE, DANE-TA, DANE-EE. */
  readonly usage: 0 | 1 | 2 | 3;
  /** The whole certificate, or its public key. */
  readonly selector: 0 | 1;
  /** As it is, by SHA-256, by SHA-512. */
  readonly matchingType: 0 | 1 | 2;
  /** Hexadecimal, lower case. */
  readonly data: string;
}

/** What a server presented, and to whom. */
export interface ServedChain {
  /** As sent, the server's own certificate first. */
  readonly certificates: readonly X509Certificate[];
  /** The name that the certificate has to cover. */
  readonly host: string;
  readonly now: Date;
  /** True where a public CA vouches for it. */
  readonly isAuthorized: boolean;
  /** Returns the roots of those CAs. */
  readonly roots: () => readonly X509Certificate[];
}

/** Undefined where the record matches; else why not. */
export type TlsaObjection = string | undefined;

const DIGEST_LENGTHS = [undefined, 64, 128] as const;

/** Reads `usage selector matchingType hex`; undefined for a form that nobody knows, which counts as no record (RFC 6698 §4.1). */
export function parseTlsa(text: string): TlsaRecord | undefined {
  const [, usage, selector, matchingType, data = ""] =
    /^([0-3]) ([01]) ([0-2]) ([\da-f]+)$/i.exec(text) ?? [];
  const length = DIGEST_LENGTHS[Number(matchingType)];
  if (usage === undefined || (length !== undefined && data.length !== length)) return undefined;
  return {
    usage: Number(usage) as TlsaRecord["usage"],
    selector: Number(selector) as TlsaRecord["selector"],
    matchingType: Number(matchingType) as TlsaRecord["matchingType"],
    data: data.toLowerCase(),
  };
}

/** Holds a record against what was presented (RFC 6698 §2.1.1, RFC 7671 §5). */
export function objectionTo(record: TlsaRecord, chain: ServedChain): TlsaObjection {
  const [leaf] = chain.certificates;
  if (leaf === undefined) return "no certificate is sent";
  switch (record.usage) {
    // Neither the name nor the dates of the certificate matter (RFC 7671 §5.1).
    case 3:
      return isOf(record, leaf) ? undefined : "not of the server's certificate";
    case 1:
      if (!isOf(record, leaf)) return "not of the server's certificate";
      return chain.isAuthorized ? undefined : "no public CA vouches for the certificate";
    case 2:
      return anchorObjection(record, leaf, chain);
    case 0: {
      const path = pathOf(chain.certificates);
      const root = chain.roots().find((each) => isIssuedBy(path.at(-1) ?? leaf, each));
      const above = [...path.slice(1), ...(root === undefined ? [] : [root])];
      if (!above.some((each) => isOf(record, each))) return "of no CA above the server's certificate";
      return chain.isAuthorized ? undefined : "no public CA vouches for the certificate";
    }
  }
}

/**
 * The record's CA has to be in what the server sends, since the other side may not have it (RFC 7671 §5.2.2, RFC 7672 §3.1.2); but
 * for a record that carries all of it.
 */
function anchorObjection(record: TlsaRecord, leaf: X509Certificate, chain: ServedChain): TlsaObjection {
  const sent = pathOf(chain.certificates);
  const carried = carriedCertificate(record);
  const last = sent.at(-1) ?? leaf;
  const path = carried !== undefined && isIssuedBy(last, carried) ? [...sent, carried] : sent;
  const found = path.findIndex((each, depth) => depth > 0 && isOf(record, each));
  const end = found > 0 ? found : signedByCarriedKey(record, path);
  if (end === undefined) {
    return path.length === 1
      ? "the server sends its own certificate alone, without the CA's"
      : "of no CA among the certificates that the server sends";
  }
  if (leaf.checkHost(chain.host) === undefined)
    return `its CA is there, but the certificate does not name ${chain.host}`;
  const isStale = path
    .slice(0, end + 1)
    .some(({ validFromDate, validToDate }) => chain.now < validFromDate || chain.now > validToDate);
  return isStale ? "its CA is there, but a certificate below it is out of date" : undefined;
}

/** Returns the certificates from the server's own upwards, as far as they were sent; the order of sending does not matter. */
function pathOf(certificates: readonly X509Certificate[]): readonly X509Certificate[] {
  const path = certificates.slice(0, 1);
  for (;;) {
    const last = path.at(-1);
    const issuer = certificates.find(
      (each) => last !== undefined && !path.includes(each) && isIssuedBy(last, each),
    );
    if (issuer === undefined) return path;
    path.push(issuer);
  }
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && isSignedBy(certificate, issuer.publicKey);
}

function isSignedBy(certificate: X509Certificate, key: X509Certificate["publicKey"]): boolean {
  try {
    return certificate.verify(key);
  } catch {
    // A key of another algorithm.
    return false;
  }
}

function isOf({ selector, matchingType, data }: TlsaRecord, certificate: X509Certificate): boolean {
  const bytes =
    selector === 0 ? certificate.raw : certificate.publicKey.export({ format: "der", type: "spki" });
  const hash = [undefined, "sha256", "sha512"][matchingType];
  return data === (hash === undefined ? bytes.toString("hex") : createHash(hash).update(bytes).digest("hex"));
}

/** The CA's certificate, where the record is it. */
function carriedCertificate({ selector, matchingType, data }: TlsaRecord): X509Certificate | undefined {
  if (selector !== 0 || matchingType !== 0) return undefined;
  try {
    return new X509Certificate(Buffer.from(data, "hex"));
  } catch {
    return undefined;
  }
}

/** The depth of the certificate that a key in the record has signed; undefined for none. */
function signedByCarriedKey(
  { selector, matchingType, data }: TlsaRecord,
  path: readonly X509Certificate[],
): number | undefined {
  if (selector !== 1 || matchingType !== 0) return undefined;
  try {
    const key = createPublicKey({ key: Buffer.from(data, "hex"), format: "der", type: "spki" });
    const depth = path.findIndex((each) => isSignedBy(each, key));
    return depth < 0 ? undefined : depth;
  } catch {
    return undefined;
  }
}
