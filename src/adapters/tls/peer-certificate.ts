/** What a TLS peer showed, in the form that checks compare. */
import { createHash, type X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import {
  checkServerIdentity,
  createSecureContext,
  type ConnectionOptions,
  type SecureContext,
  type TLSSocket,
} from "node:tls";

export interface PeerCertificate {
  /** Hex of the SHA-256 of the DER SubjectPublicKeyInfo: what TLSA `3 1 1` carries (RFC 7671 §5.1). */
  readonly spkiSha256: string;
  /** Hex, upper case, as OpenSSL prints it. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** DNS names and addresses of the SAN extension, without their type. */
  readonly subjectAltNames: readonly string[];
  /** Hex of the SHA-256 of the whole certificate, lower case, without colons. */
  readonly fingerprint: string;
}

export interface TrustVerdict {
  /** The chain ends in a trusted root, is in date, and covers the host. */
  readonly authorized: boolean;
  /** OpenSSL's or Node's word for why not, for example `CERT_HAS_EXPIRED`, `ERR_TLS_CERT_ALTNAME_INVALID`. */
  readonly authorizationError?: string;
}

/**
 * Returns the options of a connection that verifies `host` but reports the verdict instead of hanging up.
 * `ca` replaces the built-in roots, as curl's `--cacert` does.
 */
export function trustOptions(host: string, ca: string | undefined): ConnectionOptions {
  return {
    rejectUnauthorized: false,
    // RFC 6066 §3: no addresses in SNI.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    secureContext: contextOf(ca),
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  };
}

/** A context holds all roots, outside the heap: one for each connection cost more than the handshake. */
const contexts = new Map<string | undefined, SecureContext>();

function contextOf(ca: string | undefined): SecureContext {
  const known = contexts.get(ca);
  if (known !== undefined) return known;
  // A process has one set of roots; tests have a few.
  contexts.clear();
  const context = createSecureContext(ca === undefined ? {} : { ca });
  contexts.set(ca, context);
  return context;
}

export function readVerdict(socket: TLSSocket): TrustVerdict {
  if (socket.authorized) return { authorized: true };
  // Node sets the code as a string, for all that its types say Error.
  const error: unknown = socket.authorizationError;
  const word = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : error;
  return { authorized: false, authorizationError: typeof word === "string" ? word : "UNKNOWN" };
}

/** What a peer presented. */
export interface Peer {
  readonly certificate: PeerCertificate;
  /** DER of every certificate as it was sent, the leaf first. */
  readonly chain: readonly Uint8Array[];
}

/**
 * Returns what the peer presented; undefined where it presented nothing. Only once for a socket: Node's call takes the leaf
 * out of the chain that it reads, and the next certificate for it (seen with 24.21).
 */
export function readPeer(socket: TLSSocket): Peer | undefined {
  const leaf = socket.getPeerX509Certificate();
  if (leaf === undefined) return undefined;
  const chain: Uint8Array[] = [];
  for (let sent: X509Certificate | undefined = leaf; sent !== undefined; sent = sent.issuerCertificate) {
    chain.push(sent.raw);
  }
  return { certificate: describeOnce(leaf), chain };
}

function describeOnce(leaf: X509Certificate): PeerCertificate {
  const { fingerprint256 } = leaf;
  const certificate = described.get(fingerprint256) ?? describeCertificate(leaf);
  // The latest last; the first is the one longest unseen.
  described.delete(fingerprint256);
  described.set(fingerprint256, certificate);
  if (described.size > MOST_DESCRIBED) described.delete(described.keys().next().value ?? "");
  return certificate;
}

/** Certificates by their SHA-256: a server presents one on each connection, and to describe it takes as long as a handshake. */
const described = new Map<string, PeerCertificate>();
const MOST_DESCRIBED = 200;

export function describeCertificate(leaf: X509Certificate): PeerCertificate {
  const spki = leaf.publicKey.export({ format: "der", type: "spki" });
  return {
    spkiSha256: createHash("sha256").update(spki).digest("hex"),
    serial: leaf.serialNumber,
    notBefore: new Date(leaf.validFrom),
    notAfter: new Date(leaf.validTo),
    subjectAltNames: parseSubjectAltNames(leaf.subjectAltName ?? ""),
    fingerprint: leaf.fingerprint256.replaceAll(":", "").toLowerCase(),
  };
}

/** Node's text form, `DNS:a.test, IP Address:192.0.2.1`; other kinds of names are left out. */
function parseSubjectAltNames(text: string): readonly string[] {
  return text.split(", ").flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? []);
}
