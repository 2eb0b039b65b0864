import { MailAutodiscoverError } from "../../../src/errors.ts";
import { ApiRefusal } from "./api-refusal.ts";
import { createRecord } from "./change-records.ts";
import type { CloudflareStore } from "./cloudflare-store.ts";
import { deriveId, timestamp } from "./identifiers.ts";
import { normaliseHost } from "./record-name.ts";
import type { StoredRecord, StoredZone } from "./stored-state.ts";

/** A record that somebody else made before; the fields are the API's own. */
export interface PreloadRecord {
  readonly type: string;
  /** FQDN, or relative to the zone; `@` is the apex. */
  readonly name: string;
  readonly content?: string;
  /** Seconds. Default 1, automatic. */
  readonly ttl?: number;
  readonly proxied?: boolean;
  readonly priority?: number;
  readonly data?: Readonly<Record<string, string | number>>;
  readonly comment?: string;
}

export interface PreloadZone {
  readonly zone: string;
  readonly records: readonly PreloadRecord[];
}

/**
 * Adds the zones that the account lacks. Records to preload belong to a zone's first creation: in a later run the zone is
 * what the former runs made of it.
 *
 * @throws MailAutodiscoverError `invalid-config` for a zone name or record that the service would refuse.
 */
export function createZones(
  store: CloudflareStore,
  names: readonly string[],
  preload: readonly PreloadZone[],
): void {
  const wanted = new Set([...names, ...preload.map(({ zone }) => zone)].map(readZoneName));
  const known = new Set(store.state.zones.map(({ name }) => name));
  const missing = [...wanted].filter((name) => !known.has(name));
  if (missing.length === 0) return;
  const allNames = [...known, ...missing];
  const created = missing.map((name): StoredZone => {
    const now = timestamp();
    const otherZones = allNames.filter((other) => other !== name);
    const records = preload
      .filter(({ zone }) => readZoneName(zone) === name)
      .reduce<readonly StoredRecord[]>((loaded, zone) => addAll(loaded, zone, name, otherZones), []);
    const id = deriveId("zone", store.accountId, name);
    return { id, name, createdOn: now, modifiedOn: now, settings: {}, records, routes: [] };
  });
  const zones = [...store.state.zones, ...created].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  store.commit({ ...store.state, zones });
}

function addAll(
  before: readonly StoredRecord[],
  preload: PreloadZone,
  zoneName: string,
  otherZones: readonly string[],
): readonly StoredRecord[] {
  let records = before;
  for (const record of preload.records) {
    try {
      records = createRecord(records, { ...record }, { zoneName, otherZones }).records;
    } catch (cause) {
      if (!(cause instanceof ApiRefusal)) throw cause;
      const { message } = cause.entry.error_chain?.[0] ?? cause.entry;
      throw new MailAutodiscoverError(
        "invalid-config",
        `Cannot preload ${record.name}/${record.type} into zone ${zoneName}: ${message}`,
        { remedy: "Correct that record in the file given to --preload.", cause },
      );
    }
  }
  return records;
}

function readZoneName(name: string): string {
  const host = normaliseHost(name);
  if (host === undefined || host.startsWith("*.")) {
    throw new MailAutodiscoverError("invalid-config", `"${name}" is no zone name.`, {
      remedy: "Name zones by their apex, for example example.test.",
    });
  }
  return host;
}
