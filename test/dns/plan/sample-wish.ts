import type { ObservedRecord, ObservedZone } from "../../../src/dns/observed-zone.ts";
import { planRecords, type RecordPlan } from "../../../src/dns/plan/plan-records.ts";
import { deriveRecords } from "../../../src/dns/derive-records.ts";
import type { WantedRecord } from "../../../src/dns/wanted-record.ts";
import type { MailDomain } from "../../../src/spec/mail-domain.ts";
import { parseMailDomain } from "../../../src/spec/parse-mail-domain.ts";
import { observedZone } from "../observed-zone.ts";

export const identity = { project: "mail", stack: "prod" };

/** A domain from the data of its file. */
export function mailDomain(file: Record<string, unknown> = {}): MailDomain {
  const result = parseMailDomain({
    domain: "example.com",
    mailServer: { host: "mail.example.com", addresses: ["203.0.113.25"] },
    ...file,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.domain;
}

/** Plans one domain against a zone that holds some records. */
export function planAgainst(
  records: readonly ObservedRecord[],
  file: Record<string, unknown> = {},
  zone: Partial<ObservedZone> = {},
): RecordPlan {
  const domain = mailDomain(file);
  return planRecords({ domain, wanted: wantedOf(domain), zones: [observedZone(records, zone)], identity });
}

export function wantedOf(domain: MailDomain, zone = "example.com"): readonly WantedRecord[] {
  return deriveRecords(domain, { zone, zones: [zone], workersDevHost: "mail.sandbox.workers.dev" });
}
