import { deriveClientSettings } from "../documents/client-settings.ts";
import { paccTxt } from "../documents/pacc-txt.ts";
import type { MailDomain } from "../spec/mail-domain.ts";
import { paccRecord } from "./pacc-record.ts";
import type { TxtRecord } from "./wanted-record.ts";

/**
 * Returns the record that vouches for the domain's PACC document, made of the very text that the Worker publishes, and
 * `serve` at a host of the operator's. None where somebody else answers at `ua-auto-config`: a digest of other bytes would
 * have readers refuse theirs.
 */
export function derivePacc(domain: MailDomain): readonly TxtRecord[] {
  if (domain.preset.discovery["ua-auto-config"] !== undefined) return [];
  const { pacc } = deriveClientSettings(domain);
  const record = pacc === undefined ? undefined : paccRecord(domain.domain, paccTxt(pacc));
  return record === undefined ? [] : [record];
}
