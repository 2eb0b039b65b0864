/** The certificate of a mail server that has none yet: it lets the ports open before the first deployment. */
import { createPrivateKey, type webcrypto } from "node:crypto";
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Returns a certificate for `not-deployed.invalid`, a name that no check can take for its own. */
export async function makeSelfSigned(): Promise<{ certPem: string; keyPem: string }> {
  const keys: webcrypto.CryptoKeyPair = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const now = Date.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "CN=not-deployed.invalid",
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + 365 * DAY_MS),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: "not-deployed.invalid" }])],
  });
  const der = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  const key = createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
  return {
    certPem: certificate.toString("pem"),
    keyPem: key.export({ format: "pem", type: "pkcs8" }).toString(),
  };
}
