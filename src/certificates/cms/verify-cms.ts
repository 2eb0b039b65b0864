import { X509Certificate } from "node:crypto";
import { Certificate, ContentInfo, SignedData } from "pkijs";
import { buildProvidedChain, type ProvidedChain } from "../provided/provided-chain.ts";

const OID_SIGNED_DATA = "1.2.840.113549.1.7.2";

export interface VerifiedCms {
  /** What was signed. */
  readonly content: Uint8Array;
  /** True where the signature is that of `signer` over this content. */
  readonly isSignatureValid: boolean;
  /** The certificate whose key signed; undefined where the message does not hold it. */
  readonly signer: X509Certificate | undefined;
  /** How the signer's chain ends; undefined without a signer. */
  readonly chainEnd: ProvidedChain["end"] | undefined;
}

export interface VerifyCmsOptions {
  /** Trusted roots. */
  readonly roots: readonly X509Certificate[];
  /** When the chain has to be valid. */
  readonly now: Date;
}

/**
 * Reads a CMS SignedData (RFC 5652 §5) in DER with its content attached, as signed configuration profiles are, and verifies its first
 * signature. Undefined where the bytes are none.
 */
export async function verifyCms(
  bytes: Uint8Array,
  { roots, now }: VerifyCmsOptions,
): Promise<VerifiedCms | undefined> {
  const signed = parse(bytes);
  const octets = signed?.encapContentInfo.eContent?.getValue();
  if (signed === undefined || octets === undefined) return undefined;
  const verdict = await signed
    .verify({ signer: 0, checkChain: false, extendedMode: true })
    .catch(() => undefined);
  const certificates = (signed.certificates ?? []).flatMap((each) =>
    each instanceof Certificate ? [new X509Certificate(Buffer.from(each.toSchema().toBER()))] : [],
  );
  const found = verdict?.signerCertificate;
  const serial =
    found instanceof Certificate ? new X509Certificate(Buffer.from(found.toSchema().toBER())) : undefined;
  const signer = certificates.find(({ fingerprint256 }) => fingerprint256 === serial?.fingerprint256);
  return {
    content: new Uint8Array(octets),
    isSignatureValid: verdict?.signatureVerified === true,
    signer,
    chainEnd:
      signer === undefined ? undefined : buildProvidedChain({ leaf: signer, certificates, roots, now }).end,
  };
}

function parse(bytes: Uint8Array): SignedData | undefined {
  try {
    const info = ContentInfo.fromBER(bytes);
    return info.contentType === OID_SIGNED_DATA
      ? new SignedData({ schema: info.content as unknown })
      : undefined;
  } catch {
    return undefined;
  }
}
