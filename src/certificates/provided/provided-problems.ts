import { X509Certificate as ParsedCertificate } from "@peculiar/x509";
import type { KeyObject, X509Certificate } from "node:crypto";
import { readCertificate } from "../order/issued-certificate.ts";
import type { ProvidedProblem } from "./provided-bundle.ts";
import type { ProvidedChain } from "./provided-chain.ts";
import { uncoveredHosts } from "./provided-leaf.ts";

export interface ProvidedCheck {
  readonly chain: ProvidedChain;
  /** Undefined where its absence has been reported already. */
  readonly key: KeyObject | undefined;
  readonly hosts: readonly string[];
  readonly now: Date;
}

/** Bits; CA/Browser Forum Baseline Requirements §6.1.5. */
const SHORTEST_RSA_KEY = 2048;

/** Baseline Requirements §7.1.3.2; clients refuse the rest, SHA-1 since 2017. */
const STRONG_HASHES = ["SHA-256", "SHA-384", "SHA-512"];

/** RFC 5280 §4.2.1.12: id-kp-serverAuth, anyExtendedKeyUsage. */
const SERVER_USAGES = ["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"];

const REPLACE_IT = "Have the issuer make a new certificate and put that into the secret.";

/** Returns everything for which a mail program, or the server itself, would refuse the chain. */
export function findProvidedProblems(check: ProvidedCheck): readonly ProvidedProblem[] {
  const { chain, key, hosts, now } = check;
  const [leaf] = chain.certificates;
  return [
    ...keyProblems(leaf, key),
    ...endProblems(chain),
    ...chain.certificates.flatMap((each) => [...timeProblems(each, now), ...strengthProblems(each)]),
    ...usageProblems(leaf),
    ...hostProblems(leaf, hosts),
  ];
}

function keyProblems(leaf: X509Certificate, key: KeyObject | undefined): readonly ProvidedProblem[] {
  if (key === undefined || leaf.checkPrivateKey(key)) return [];
  return [
    {
      reason: `its private key is not that of ${label(leaf)} but of another certificate`,
      remedy: "Put the key into the secret that the certificate's request was made with.",
    },
  ];
}

function endProblems({ certificates, end }: ProvidedChain): readonly ProvidedProblem[] {
  const last = certificates.at(-1) ?? certificates[0];
  const issuer = commonName(last.issuer);
  switch (end) {
    case "trusted":
      return [];
    case "self-signed":
      return [
        {
          reason: "it is self-signed: mail programs refuse it, or teach people to accept any certificate",
          remedy:
            "Leave `certificate.provided` out to have one issued for free, or buy one from a public CA.",
        },
      ];
    case "untrusted-root":
      return [
        {
          reason: `its chain ends at the root "${issuer}", which is not trusted here`,
          remedy: "Use a certificate of a public CA, or name the root in `caFile` in a closed network.",
        },
      ];
    case "incomplete": {
      const url = issuerUrl(last);
      const add =
        url === undefined
          ? `Add the certificate of "${issuer}", which the seller offers as chain or CA bundle, as a PEM block`
          : `Fetch the certificate of "${issuer}" from ${url} and add it as a PEM block`;
      return [
        {
          reason: `its chain is incomplete: ${label(last)} was issued by "${issuer}", whose certificate is missing`,
          // What issued a CA's certificate may be the root itself, which is trusted by name and not by being sent.
          remedy: last.ca ? `${add}, or name the root of a closed network in \`caFile\`.` : `${add}.`,
        },
      ];
    }
  }
}

function timeProblems(certificate: X509Certificate, now: Date): readonly ProvidedProblem[] {
  if (now >= certificate.validToDate) {
    return [
      {
        reason: `${label(certificate)} expired on ${certificate.validToDate.toISOString()}`,
        remedy: certificate.ca ? "Replace the chain by the issuer's present one." : REPLACE_IT,
      },
    ];
  }
  if (now < certificate.validFromDate) {
    return [
      {
        reason: `${label(certificate)} is not valid before ${certificate.validFromDate.toISOString()}`,
        remedy: "Wait until then, or set this machine's clock right.",
      },
    ];
  }
  return [];
}

function strengthProblems(certificate: X509Certificate): readonly ProvidedProblem[] {
  const problems: ProvidedProblem[] = [];
  const { signatureAlgorithm } = new ParsedCertificate(certificate.raw);
  // The declared type knows neither algorithms without a hash (Ed25519) nor those that the library names by their OID only.
  const { name, hash } = signatureAlgorithm as { readonly name?: string; readonly hash?: { name: string } };
  if (!STRONG_HASHES.includes(hash?.name ?? "")) {
    problems.push({
      reason: `${label(certificate)} is signed with ${hash?.name ?? name ?? "an unknown algorithm"}, which mail programs refuse`,
      remedy: REPLACE_IT,
    });
  }
  const bits = certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? SHORTEST_RSA_KEY;
  if (bits < SHORTEST_RSA_KEY) {
    problems.push({
      reason: `${label(certificate)} has an RSA key of ${bits} bits, ${SHORTEST_RSA_KEY} are the least`,
      remedy: "Make a new key of type P-256 or RSA 2048 and have a certificate issued for it.",
    });
  }
  return problems;
}

function usageProblems(leaf: X509Certificate): readonly ProvidedProblem[] {
  // Node names the extended key usages so; without the extension any use is allowed.
  const usages: readonly string[] | undefined = leaf.keyUsage;
  if (usages === undefined || usages.some((each) => SERVER_USAGES.includes(each))) return [];
  return [
    {
      reason: `${label(leaf)} is not meant for servers (its extended key usage lacks serverAuth)`,
      remedy: "Use a TLS server certificate; one for signing mail (S/MIME) or code is another thing.",
    },
  ];
}

function hostProblems(leaf: X509Certificate, hosts: readonly string[]): readonly ProvidedProblem[] {
  const missing = uncoveredHosts(leaf, hosts);
  if (missing.length === 0) return [];
  const { names } = readCertificate(leaf.toString());
  return [
    {
      reason: `it does not cover ${missing.join(", ")} but ${names.join(", ") || "no DNS name at all"}`,
      remedy: "Have it issued for these hosts too, or change the hosts of the mail server.",
    },
  ];
}

/** How a person knows a certificate; those of today's CAs often have no subject. */
function label(certificate: X509Certificate): string {
  const named = certificate.subject === "" ? certificate.subjectAltName : commonName(certificate.subject);
  return `"${named ?? certificate.serialNumber}"`;
}

/** Node writes a distinguished name as one line an attribute. */
function commonName(distinguishedName: string): string {
  return /^CN=(.+)$/mu.exec(distinguishedName)?.[1] ?? distinguishedName.replaceAll("\n", ", ");
}

/** RFC 5280 §4.2.2.1, caIssuers. */
function issuerUrl(certificate: X509Certificate): string | undefined {
  return /^CA Issuers - URI:(https?:\S+)$/mu.exec(certificate.infoAccess ?? "")?.[1];
}
