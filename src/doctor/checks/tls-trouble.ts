/** What is wrong with a certificate, for a person. */
export interface TlsTrouble {
  readonly words: string;
  readonly remedy: string;
}

/** Returns the words for OpenSSL's and Node's code of an untrusted certificate (nodejs.org/api/tls.html, "X509 certificate error codes"). */
export function tlsTrouble(code: string, host: string): TlsTrouble {
  switch (code) {
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
      return {
        words: `self-signed certificate (${code})`,
        remedy: `Give ${host} a certificate of a public CA.`,
      };
    case "SELF_SIGNED_CERT_IN_CHAIN":
      return {
        words: `certificate of an unknown root (${code})`,
        remedy: `Give ${host} a certificate of a public CA.`,
      };
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
      return {
        words: `incomplete chain (${code})`,
        remedy: `Present the intermediate certificates at ${host}, too: use the full chain.`,
      };
    case "CERT_HAS_EXPIRED":
      return { words: `expired certificate (${code})`, remedy: `Renew the certificate of ${host}.` };
    case "CERT_NOT_YET_VALID":
      return { words: `certificate not yet valid (${code})`, remedy: `Check the clock of ${host} and here.` };
    case "ERR_TLS_CERT_ALTNAME_INVALID":
    case "HOSTNAME_MISMATCH":
      return {
        words: `certificate of another name (${code})`,
        remedy: `Present a certificate that names ${host}.`,
      };
    default:
      return { words: `certificate not trusted: ${code}`, remedy: `Check the certificate chain of ${host}.` };
  }
}

/** True for a version that RFC 8996 left in use. */
export function isCurrentTls(version: string): boolean {
  return /^TLSv1\.[23]$/.test(version);
}

/** Returns what to say of a key that is not the issued one: hexadecimal, SHA-256 of it. */
export function otherKeyTrouble(spkiSha256: string): TlsTrouble {
  return {
    words: `another key (${spkiSha256.slice(0, 16)}...)`,
    remedy: "Reload the mail server: it presents an older certificate.",
  };
}

/**
 * Returns the words for a server that speaks nothing newer than a version that RFC 8996 retired; undefined where none is known.
 *
 * Thunderbird 78 (`security.tls.version.min` 3), Apple's App Transport Security, and Outlook with Microsoft 365 ended them in 2020.
 */
export function oldTlsTrouble(
  version: string | undefined,
  place: string,
): (TlsTrouble & { readonly version: string }) | undefined {
  if (version === undefined) return undefined;
  const name = version === "TLSv1" ? "TLS 1.0" : version.replace("TLSv", "TLS ");
  return {
    version: name,
    words: `${name} only; Thunderbird, Outlook and Apple refuse it`,
    remedy: `Offer TLS 1.2 and 1.3 on ${place}.`,
  };
}
