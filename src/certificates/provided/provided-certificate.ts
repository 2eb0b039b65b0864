import type { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { MailAutodiscoverError } from "../../errors.ts";
import { readCertificate, type CertificateDetails } from "../order/issued-certificate.ts";
import { parseCertificates, parseProvidedBundle, type ProvidedProblem } from "./provided-bundle.ts";
import { buildProvidedChain } from "./provided-chain.ts";
import { chooseLeaf } from "./provided-leaf.ts";
import { providedRenewBefore } from "./provided-lifetime.ts";
import { findProvidedProblems } from "./provided-problems.ts";

/** A certificate that was bought elsewhere, in the form in which an ordered one is deployed. */
export interface ProvidedCertificate extends Pick<
  CertificateDetails,
  "fullChainPem" | "certificatePem" | "notBefore" | "notAfter" | "serial" | "issuer" | "spkiSha256" | "names"
> {
  /** PKCS#8. */
  readonly privateKeyPem: string;
  /** ISO 8601; its successor should be in place by then. */
  readonly renewBefore: string;
}

export interface ProvidedCertificateOptions {
  /** Names that must be covered, A-labels. */
  readonly hosts: readonly string[];
  readonly now: Date;
  /** PEM texts of one or more trusted roots each. Default: those of Mozilla, as Node brings them. */
  readonly roots?: readonly string[] | undefined;
}

/**
 * Reads a bought certificate: one text with a private key (PKCS#8, PKCS#1 or SEC1) and certificates in any order, with or without the
 * root. The same parts in another order or spelling give the same bytes, so that nothing is deployed anew for them. Certificates that
 * do not belong to the chain are left out.
 *
 * @throws MailAutodiscoverError `certificate-mismatch` with everything that is wrong, never with key material
 */
export function parseProvidedCertificate(
  pemText: string,
  { hosts, now, roots }: ProvidedCertificateOptions,
): ProvidedCertificate {
  const { certificates, key, problems } = parseProvidedBundle(pemText);
  const leaf = chooseLeaf(certificates, { key, hosts });
  if (leaf === undefined) throw refused(hosts, problems);

  const trusted = (roots ?? rootCertificates).flatMap(parseCertificates);
  const chain = buildProvidedChain({ leaf, certificates, roots: trusted, now });
  const all = [...problems, ...findProvidedProblems({ chain, key, hosts, now })];
  if (key === undefined || all.length > 0) throw refused(hosts, all);

  const { certId: _certId, chainPem: _chainPem, ...details } = readCertificate(toPem(chain.certificates));
  return {
    ...details,
    privateKeyPem: key.export({ type: "pkcs8", format: "pem" }).toString(),
    renewBefore: providedRenewBefore(details),
  };
}

function toPem(certificates: readonly X509Certificate[]): string {
  return certificates.map((each) => each.toString()).join("");
}

function refused(hosts: readonly string[], problems: readonly ProvidedProblem[]): MailAutodiscoverError {
  const what =
    hosts.length === 0 ? "The provided certificate" : `The provided certificate for ${hosts.join(", ")}`;
  const lines = problems.map(({ reason, remedy }) => `\n  - ${reason}. ${remedy}`);
  return new MailAutodiscoverError("certificate-mismatch", `${what} cannot be used:${lines.join("")}`, {
    remedy:
      "Set the secret anew with the certificate, those of its issuers and the private key, in any order.",
  });
}
