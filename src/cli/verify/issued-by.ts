import { X509Certificate } from "node:crypto";
import { spkiSha256 } from "../../certificates/certificate-key.ts";
import { mailHostOwner } from "../../dns/mail-host-owner.ts";
import type { CheckOptions } from "../../doctor/checks/check.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import type { StackExport } from "../state/stack-export.ts";

/**
 * Returns what is to be seen at a domain whose certificates this stack issued: the account that CAA records may be bound to, and
 * the key of each mail host. Of a host that none of its certificates names any trusted key is right.
 *
 * @param specs Every domain that is looked at: of a shared mail host the certificate is its owner's.
 */
export function issuedBy(
  { accountUrls, certificates }: StackExport,
  spec: MailDomain,
  specs: readonly MailDomain[],
): Pick<CheckOptions, "accountUrl" | "expectedKey"> {
  const [accountUrl, ...others] = accountUrls;
  return {
    accountUrl: others.length === 0 ? accountUrl : undefined,
    expectedKey: (host) => {
      const owner = mailHostOwner(host, specs) ?? spec;
      const own = certificates.filter(({ domain }) => domain === owner.domain);
      const presented = own.find(({ isForMail }) => isForMail) ?? own[0];
      if (presented === undefined) return undefined;
      const isNamed = new X509Certificate(presented.fullChainPem).checkHost(host) !== undefined;
      return isNamed ? spkiSha256(presented.fullChainPem) : undefined;
    },
  };
}
