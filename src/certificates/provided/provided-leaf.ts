import type { KeyObject, X509Certificate } from "node:crypto";
import { coversHost } from "../certificate-names.ts";
import { readCertificate } from "../order/issued-certificate.ts";
import { isSelfSigned } from "./provided-chain.ts";

export interface LeafWish {
  readonly key: KeyObject | undefined;
  readonly hosts: readonly string[];
}

/**
 * Returns which of the certificates is the server's own: the one of the private key. Without such a one, the one that is no CA's, so that
 * the other defects of a bundle can be named in the same run. A bundle may hold a former certificate of the same key; the one that fits
 * the hosts and lasts longest is meant.
 */
export function chooseLeaf(
  certificates: readonly X509Certificate[],
  { key, hosts }: LeafWish,
): X509Certificate | undefined {
  const matching = certificates.filter((each) => key !== undefined && each.checkPrivateKey(key));
  const own = certificates.filter((each) => !each.ca);
  const candidates = [matching, own, certificates].find((each) => each.length > 0) ?? [];
  return candidates.toSorted(
    (a, b) =>
      Number(isSelfSigned(a)) - Number(isSelfSigned(b)) ||
      uncoveredHosts(a, hosts).length - uncoveredHosts(b, hosts).length ||
      b.validToDate.getTime() - a.validToDate.getTime() ||
      (a.fingerprint256 < b.fingerprint256 ? -1 : 1),
  )[0];
}

/** Returns the hosts that a client would refuse to find behind this certificate. */
export function uncoveredHosts(certificate: X509Certificate, hosts: readonly string[]): readonly string[] {
  const { names } = readCertificate(certificate.toString());
  return hosts.filter((host) => !coversHost(names, host));
}
