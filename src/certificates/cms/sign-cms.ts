import { createHash, createPrivateKey, webcrypto } from "node:crypto";
import * as asn1 from "asn1js";
import {
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from "pkijs";
import { MailAutodiscoverError } from "../../errors.ts";

/** Object identifiers of RFC 5652 §4, §5 and §11. */
const OID = {
  data: "1.2.840.113549.1.7.1",
  signedData: "1.2.840.113549.1.7.2",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
} as const;

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----([\s\S]+?)-----END CERTIFICATE-----/gu;

export interface SignCmsOptions {
  /** PEM, leaf first; all of it goes into the signature, so that a device needs nothing else to check it. */
  readonly fullChainPem: string;
  /** PEM of the leaf's key. It is used here and nowhere stored. */
  readonly privateKeyPem: string;
  readonly signedAt: Date;
}

/**
 * Returns a CMS SignedData (RFC 5652) in DER with the content attached and the whole chain, as Apple's devices want a
 * signed configuration profile.
 *
 * @throws MailAutodiscoverError `certificate-mismatch` where the chain holds no certificate
 */
export async function signCms(content: Uint8Array, options: SignCmsOptions): Promise<Uint8Array> {
  const certificates = [...options.fullChainPem.matchAll(PEM_CERTIFICATE)].map(([, body = ""]) =>
    Certificate.fromBER(Buffer.from(body, "base64")),
  );
  const [leaf] = certificates;
  if (leaf === undefined) {
    throw new MailAutodiscoverError("certificate-mismatch", "There is no certificate to sign with.", {
      remedy: "Run the update again: it orders the certificate first.",
    });
  }
  const digest = createHash("sha256").update(content).digest();
  const signed = new SignedData({
    version: 1,
    certificates,
    encapContentInfo: new EncapsulatedContentInfo({
      eContentType: OID.data,
      eContent: new asn1.OctetString({ valueHex: bytes(content) }),
    }),
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({ issuer: leaf.issuer, serialNumber: leaf.serialNumber }),
        signedAttrs: new SignedAndUnsignedAttributes({
          type: 0,
          attributes: [
            attribute(OID.contentType, new asn1.ObjectIdentifier({ value: OID.data })),
            attribute(OID.signingTime, new asn1.UTCTime({ valueDate: options.signedAt })),
            attribute(OID.messageDigest, new asn1.OctetString({ valueHex: bytes(digest) })),
          ],
        }),
      }),
    ],
  });
  await signed.sign(await importKey(options.privateKeyPem), 0, "SHA-256");
  const info = new ContentInfo({ contentType: OID.signedData, content: signed.toSchema(true) });
  return new Uint8Array(info.toSchema().toBER());
}

function attribute(type: string, value: asn1.BaseBlock): Attribute {
  return new Attribute({ type, values: [value] });
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const key = createPrivateKey(pem);
  const curve = key.asymmetricKeyDetails?.namedCurve;
  const algorithm =
    key.asymmetricKeyType === "ec"
      ? { name: "ECDSA", namedCurve: curve === "secp384r1" ? "P-384" : "P-256" }
      : { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const der = key.export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
}

function bytes(data: Uint8Array): ArrayBuffer {
  return Uint8Array.from(data).buffer;
}
