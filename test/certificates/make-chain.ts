import {
  AuthorityInfoAccessExtension,
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { KeyObject, webcrypto } from "node:crypto";

export const DAY_MS: number = 24 * 60 * 60 * 1000;

type KeyPair = webcrypto.CryptoKeyPair;
type Hash = "SHA-1" | "SHA-256";

/** A certificate with its key, as the CA or the buyer holds both. */
export interface Made {
  readonly name: string;
  readonly pem: string;
  readonly keys: KeyPair;
  /** PKCS#8. */
  readonly keyPem: string;
}

export interface Making {
  /** Common name. */
  readonly name: string;
  /** Default: itself. */
  readonly issuer?: Made;
  /** DNS names; none makes it a CA's certificate. */
  readonly dnsNames?: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly keys?: KeyPair;
  readonly hash?: Hash;
  readonly usages?: readonly string[];
  /** False leaves the key identifiers out, as old CAs do: then the names alone say who may be the issuer. */
  readonly hasKeyIds?: boolean;
  /** Where the issuer's certificate can be fetched. */
  readonly issuerUrl?: string;
}

/** RSA where `bits` are given, else P-256. */
export async function makeKeys(bits?: number): Promise<KeyPair> {
  const algorithm =
    bits === undefined
      ? { name: "ECDSA", namedCurve: "P-256" }
      : {
          name: "RSASSA-PKCS1-v1_5",
          hash: "SHA-256",
          modulusLength: bits,
          publicExponent: Uint8Array.of(1, 0, 1),
        };
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

let serial = 0x10;

/** Makes a real certificate, signed by its issuer's key or its own. */
export async function makeCertificate(making: Making): Promise<Made> {
  const keys = making.keys ?? (await makeKeys());
  const signer = making.issuer?.keys ?? keys;
  const extensions: Extension[] = [
    new BasicConstraintsExtension(making.dnsNames === undefined, undefined, true),
  ];
  if (making.hasKeyIds !== false) {
    extensions.push(
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(signer.publicKey),
    );
  }
  if (making.dnsNames !== undefined) {
    const names = making.dnsNames.map((value) => ({ type: "dns" as const, value }));
    extensions.push(
      new SubjectAlternativeNameExtension(names),
      new ExtendedKeyUsageExtension([...(making.usages ?? ["1.3.6.1.5.5.7.3.1"])]),
    );
  }
  if (making.issuerUrl !== undefined) {
    extensions.push(new AuthorityInfoAccessExtension({ caIssuers: [making.issuerUrl] }));
  }
  const certificate = await X509CertificateGenerator.create({
    serialNumber: (serial += 1).toString(16),
    subject: `CN=${making.name}`,
    issuer: `CN=${making.issuer?.name ?? making.name}`,
    notBefore: making.notBefore,
    notAfter: making.notAfter,
    publicKey: keys.publicKey,
    signingKey: signer.privateKey,
    signingAlgorithm: { ...signer.privateKey.algorithm, hash: making.hash ?? "SHA-256" },
    extensions,
  });
  const keyPem = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString();
  return { name: making.name, pem: `${certificate.toString("pem")}\n`, keys, keyPem };
}

/** A root, an intermediate and the function that has the latter issue a server's certificate. */
export interface Authority {
  readonly root: Made;
  readonly intermediate: Made;
  readonly issue: (making?: Partial<Making>) => Promise<Made>;
}

/** Makes a CA of two levels that is valid for years around `now`; what it issues has 80 of 90 days left. */
export async function makeAuthority(now: Date): Promise<Authority> {
  const at = (days: number): Date => new Date(now.getTime() + days * DAY_MS);
  const years = { notBefore: at(-1000), notAfter: at(2000) };
  const root = await makeCertificate({ name: "Example Root", ...years });
  const intermediate = await makeCertificate({ name: "Example Issuing CA", issuer: root, ...years });
  return {
    root,
    intermediate,
    issue: (making = {}) =>
      makeCertificate({
        name: "mail.example.com",
        issuer: intermediate,
        dnsNames: ["mail.example.com", "example.com", "*.example.com"],
        notBefore: at(-10),
        notAfter: at(80),
        ...making,
      }),
  };
}
