import { DISCOVERY_LABELS, type DiscoveryLabel } from "../../spec/discovery-labels.ts";
import { isWithin } from "../../spec/host-name.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import { logicalName, type TxtRecord, type WantedRecord } from "../wanted-record.ts";
import { answerProbe } from "./answer-probe.ts";
import { indexZoneNames } from "./zone-names.ts";
import { customDomainRecords, zoneRecordOf, type ZoneRecord } from "./zone-record.ts";

/**
 * Returns the TXT records that take discovery names which the domain does not serve away from a wildcard: a name that
 * exists with any type is never synthesised (RFC 4592 §2.2.1), so clients get NODATA, which costs them nothing, instead of
 * a host that may ask for a password.
 *
 * Only under the policy `shadow`, and only at discovery names: nothing but mail discovery ever bears them, while a
 * tombstone at `imap` or `mail` could switch off a server that works behind the wildcard. The wildcard stays as it is.
 *
 * @param zone The zone that holds the domain.
 * @param before The zone's records, without those of ours that the same change takes away.
 * @param wanted The domain's own records.
 */
export function deriveTombstones(
  domain: MailDomain,
  zone: string,
  before: readonly ZoneRecord[],
  wanted: readonly WantedRecord[],
): readonly TxtRecord[] {
  if (domain.wildcard.policy !== "shadow") return [];
  const after = indexZoneNames(zone, [
    // Tombstones of an earlier change are looked away from: else each run would undo the former one's.
    ...before.filter((record) => !isTombstone(record)),
    ...wanted.map(zoneRecordOf),
    ...customDomainRecords(domain, zone),
  ]);
  return DISCOVERY_LABELS.map((label) => ({ label, name: `${label}.${domain.domain}` }))
    .filter(({ name }) => isWithin(name, zone))
    .filter(({ name }) => ["A", "AAAA"].some((type) => answerProbe(after, name, type).kind === "wildcard"))
    .map(({ label, name }) => tombstone(domain.domain, label, name));
}

/** True for the record that {@link deriveTombstones} puts at a name, with or without the quotes of the API's text form. */
export function isTombstone({ name, type, content }: ZoneRecord): boolean {
  const label = DISCOVERY_LABELS.find((candidate) => name.startsWith(`${candidate}.`));
  return type === "TXT" && label !== undefined && content.replace(/^"(.*)"$/, "$1") === textOf(label);
}

function tombstone(domain: string, label: DiscoveryLabel, name: string): TxtRecord {
  return {
    type: "TXT",
    name,
    logicalName: logicalName(domain, "TXT", name, "tombstone"),
    // A name that was served until now: its host record is replaced, so the tombstone never stands beside a CNAME.
    formerLogicalNames: [logicalName(domain, "CNAME", name), logicalName(domain, "AAAA", name)],
    purpose: "tombstone",
    isOptional: true,
    text: textOf(label),
  };
}

function textOf(label: DiscoveryLabel): string {
  return `no ${label} service`;
}
