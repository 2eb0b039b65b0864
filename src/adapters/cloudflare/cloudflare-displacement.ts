import type { Cloudflare } from "cloudflare";
import type { ObservedRecord } from "../../dns/observed-zone.ts";
import { parseOwnership } from "../../dns/ownership.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import { cloudflareError } from "./cloudflare-errors.ts";

/** A record as it stood, with all that is needed to make it again. */
export type KeptRecord = ObservedRecord;

/**
 * Deletes records by id, all or none (one batch is one transaction). One that is gone already is as wished; one that
 * says something else than when the plan was made is somebody's newer wish, and stops it.
 *
 * @throws MailAutodiscoverError `record-changed`, `cloudflare-token-refused`, `cloudflare-unavailable`
 */
export async function displaceRecords(
  client: Cloudflare,
  zoneId: string,
  records: readonly KeptRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const [first] = records as readonly [KeptRecord];
  try {
    const standing = await recordsAt(client, zoneId, first.name);
    const deletes = records.flatMap((record) => {
      const now = standing.find(({ id }) => id === record.id);
      if (now === undefined) return [];
      if (now.type !== record.type || now.content !== record.content) {
        throw new MailAutodiscoverError(
          "record-changed",
          `${record.name}/${record.type} was changed since the plan was made: ${now.type} ${now.content ?? ""} stands where ${record.type} ${record.content} stood.`,
          { remedy: "Run preview again and look at what is there now; nothing was deleted." },
        );
      }
      return [{ id: record.id }];
    });
    if (deletes.length > 0) await client.dns.records.batch({ zone_id: zoneId, deletes });
  } catch (error) {
    throw cloudflareError(error, `delete what stands at ${first.name}`);
  }
}

/**
 * Makes displaced records again, all or none; returns false, with nothing changed, where a record of this module stands
 * at the name, or one that cannot stand beside them.
 *
 * @throws MailAutodiscoverError `cloudflare-token-refused`, `cloudflare-unavailable`
 */
export async function restoreRecords(
  client: Cloudflare,
  zoneId: string,
  records: readonly KeptRecord[],
): Promise<boolean> {
  const [first] = records;
  if (first === undefined) return true;
  try {
    const standing = await recordsAt(client, zoneId, first.name);
    const missing = records.filter((kept) => !standing.some((record) => isSame(kept, record)));
    const isTaken = standing.some(
      (record) =>
        parseOwnership(record.comment ?? undefined) !== undefined ||
        missing.some((kept) => (kept.type === "CNAME") !== (record.type === "CNAME")),
    );
    if (isTaken) return false;
    const posts = missing.map(newRecord);
    if (posts.length > 0) await client.dns.records.batch({ zone_id: zoneId, posts });
    return true;
  } catch (error) {
    throw cloudflareError(error, `bring back what stood at ${first.name}`);
  }
}

/** What was kept may hold more than a request may say. */
function newRecord({ type, name, content, ttl, proxied, priority, data, comment }: KeptRecord): NewRecord {
  const value = data === undefined ? { content } : { data };
  const rest = {
    ...(priority === undefined ? {} : { priority }),
    ...(comment === undefined ? {} : { comment }),
  };
  return { type, name, ttl, proxied, ...value, ...rest } as unknown as NewRecord;
}

type NewRecord = NonNullable<Cloudflare.DNS.RecordBatchParams["posts"]>[number];

async function recordsAt(
  client: Cloudflare,
  zoneId: string,
  name: string,
): Promise<readonly Cloudflare.DNS.RecordResponse[]> {
  const page = await client.dns.records.list({ zone_id: zoneId, name: { exact: name }, per_page: 100 });
  return page.result;
}

function isSame(kept: KeptRecord, record: Cloudflare.DNS.RecordResponse): boolean {
  return kept.type === record.type && kept.content === record.content;
}
