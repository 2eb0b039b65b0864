import { createPrivateKey, createPublicKey } from "node:crypto";
import { Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } from "@peculiar/x509";
import { normaliseKey, readKeyType } from "../certificate-key.ts";

type SigningAlgorithm = EcdsaParams | RsaHashedImportParams;
type EcdsaParams = { name: "ECDSA"; namedCurve: string; hash: "SHA-256" | "SHA-384" };
type RsaHashedImportParams = { name: "RSASSA-PKCS1-v1_5"; hash: "SHA-256" };

/**
 * Returns a PKCS#10 request as PEM with the names as subject alternative names and an empty subject: the profiles of Let's Encrypt
 * either ignore a common name or choose one themselves.
 */
export async function createCertificateRequest(
  names: readonly string[],
  privateKeyPem: string,
): Promise<string> {
  const pem = normaliseKey(privateKeyPem);
  const algorithm = signingAlgorithm(pem);
  const privateKey = createPrivateKey(pem);
  const request = await Pkcs10CertificateRequestGenerator.create({
    signingAlgorithm: algorithm,
    keys: {
      privateKey: privateKey.toCryptoKey(algorithm, false, ["sign"]),
      publicKey: createPublicKey(pem).toCryptoKey(algorithm, true, ["verify"]),
    },
    extensions: [
      new SubjectAlternativeNameExtension(names.map((name) => ({ type: "dns" as const, value: name }))),
    ],
  });
  return request.toString("pem");
}

function signingAlgorithm(pem: string): SigningAlgorithm {
  const keyType = readKeyType(pem);
  if (keyType === "P-256") return { name: "ECDSA", namedCurve: keyType, hash: "SHA-256" };
  if (keyType === "P-384") return { name: "ECDSA", namedCurve: keyType, hash: "SHA-384" };
  return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
}
