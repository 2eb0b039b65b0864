import { webcrypto } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const P256 = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };

const DAY_MS = 24 * 60 * 60 * 1000;
const LIFETIME_MS = 365 * DAY_MS;

/** Made anew where less is left, so that no long-running sandbox outlives its certificate. */
const SHORTEST_REST_MS = 30 * DAY_MS;

/** The files of the CA that signs the ACME server's own TLS certificate. It is not the CA that Pebble issues from. */
export interface ApiCertificate {
  /** Trust this for requests to the ACME server. */
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** Returns a TLS certificate for loopback and further names, and an own CA under it, from the folder where they are good still. Keys have mode 0600. */
export async function ensureApiCertificate(
  directory: string,
  host: string,
  names: readonly string[] = [],
): Promise<ApiCertificate> {
  const files = {
    caFile: join(directory, "api-ca.pem"),
    certificateFile: join(directory, "api-cert.pem"),
    keyFile: join(directory, "api-key.pem"),
  };
  if (await isGood(files, [host, ...names])) return files;

  await mkdir(directory, { recursive: true, mode: 0o700 });
  const ca = await generateKeys();
  const server = await generateKeys();
  const notBefore = new Date(Date.now() - DAY_MS);
  const notAfter = new Date(Date.now() + LIFETIME_MS);
  const caCertificate = await X509CertificateGenerator.createSelfSigned({
    name: "CN=mail-autodiscover sandbox API CA",
    keys: ca,
    notBefore,
    notAfter,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const certificate = await X509CertificateGenerator.create({
    subject: "CN=localhost",
    issuer: caCertificate.subject,
    publicKey: server.publicKey,
    signingKey: ca.privateKey,
    notBefore,
    notAfter,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        ...["localhost", ...names].map((value) => ({ type: "dns" as const, value })),
        ...[...new Set(["127.0.0.1", "::1", host])].map((value) => ({ type: "ip" as const, value })),
      ]),
    ],
  });
  await writeKey(join(directory, "api-ca-key.pem"), ca.privateKey);
  await writeKey(files.keyFile, server.privateKey);
  await writeFile(files.certificateFile, `${certificate.toString("pem")}\n`);
  await writeFile(files.caFile, `${caCertificate.toString("pem")}\n`);
  return files;
}

async function isGood(files: ApiCertificate, wanted: readonly string[]): Promise<boolean> {
  try {
    const certificate = new X509Certificate(await readFile(files.certificateFile, "utf8"));
    const ca = new X509Certificate(await readFile(files.caFile, "utf8"));
    await readFile(files.keyFile);
    const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
    return (
      certificate.notAfter.getTime() - Date.now() > SHORTEST_REST_MS &&
      wanted.every((value) => names.some((name) => name.value === value)) &&
      (await certificate.verify({ publicKey: ca.publicKey, signatureOnly: true }))
    );
  } catch {
    return false;
  }
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(P256, true, ["sign", "verify"]);
}

async function writeKey(path: string, key: webcrypto.CryptoKey): Promise<void> {
  const pem = PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
  await writeFile(path, `${pem}\n`, { mode: 0o600 });
  // The mode of writeFile is for new files alone.
  await chmod(path, 0o600);
}
