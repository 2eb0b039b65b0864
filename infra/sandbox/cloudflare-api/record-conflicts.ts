import { ApiRefusal } from "./api-refusal.ts";
import type { WantedRecord } from "./record-input.ts";
import type { StoredRecord } from "./stored-state.ts";

/** All records of one name and type together (cloudflare/cloudflare-docs#29286). */
const MAXIMUM_COMBINED_CONTENT = 8_192;

const ADDRESS_TYPES: readonly string[] = ["A", "AAAA"];
/** What a name may have only as an alias, as addresses, or as a delegation. */
const EXCLUSIVE_TYPES: readonly string[] = [...ADDRESS_TYPES, "CNAME"];

/**
 * Refuses what cannot stand beside the zone's other records.
 *
 * A CNAME beside TXT, MX or SRV passes, against RFC 1034 §3.6.2: the service lets it (cloudflare/cloudflare-docs#30376 for
 * TXT; is-cool-me/dnscontrol-action#16 for MX), and answers such a name inconsistently. So do two SPF records, and every
 * other set of which a standard allows one.
 *
 * 81053, 81054: developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name; 81056:
 * .../existing-ns-record and acme-dns/acme-dns#258; 81062: jezweb/vite-flare-starter#54; 81055, its mirror image, from a
 * public log of a zone's import. Verified 2026-11-23.
 */
export function refuseConflicts(
  wanted: WantedRecord,
  others: readonly StoredRecord[],
  zoneName: string,
): void {
  const sameName = others.filter(({ name }) => name === wanted.name);
  if (sameName.some((other) => isIdentical(wanted, other))) {
    throw new ApiRefusal(400, 81058, "An identical record already exists.");
  }
  const beside = (types: readonly string[]): boolean => sameName.some(({ type }) => types.includes(type));
  if (EXCLUSIVE_TYPES.includes(wanted.type)) {
    if (sameName.some(({ workerService }) => workerService !== undefined)) {
      throw new ApiRefusal(400, 81062, "A DNS record managed by Workers already exists on that host.");
    }
    // NS records at the apex are stored and ignored (octodns/octodns-cloudflare#11).
    if (beside(["NS"]) && wanted.name !== zoneName) {
      throw new ApiRefusal(400, 81056, "NS records with that host already exist.");
    }
  }
  if (wanted.type === "NS" && beside(EXCLUSIVE_TYPES) && wanted.name !== zoneName) {
    throw new ApiRefusal(400, 81055, "Non-NS records with that host already exist.");
  }
  if (wanted.type === "CNAME" && beside(EXCLUSIVE_TYPES)) {
    throw new ApiRefusal(400, 81053, "An A, AAAA, or CNAME record with that host already exists.");
  }
  if (ADDRESS_TYPES.includes(wanted.type) && beside(["CNAME"])) {
    throw new ApiRefusal(400, 81054, "A CNAME record with that host already exists.");
  }
  const combined = sameName
    .filter(({ type }) => type === wanted.type)
    .reduce((total, { content }) => total + content.length, wanted.content.length);
  if (combined > MAXIMUM_COMBINED_CONTENT) {
    throw new ApiRefusal(400, 81059, "The combined content of records with this name and type is too long.");
  }
}

/** The text is that of js-org/js.org#2873. */
export function refuseOverQuota(records: readonly StoredRecord[], quota: number): void {
  if (records.length >= quota) {
    throw new ApiRefusal(400, 81045, "The record quota has been exceeded.");
  }
}

/** TTL, proxy and comment are no part of a record's identity; the priority, which is not in the content, is. */
function isIdentical(wanted: WantedRecord, other: StoredRecord): boolean {
  return wanted.type === other.type && wanted.content === other.content && wanted.priority === other.priority;
}
