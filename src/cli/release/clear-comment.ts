import type { Cloudflare } from "cloudflare";
import { cloudflareError } from "../../adapters/cloudflare/cloudflare-errors.ts";
import type { Zone } from "../../adapters/cloudflare/cloudflare-api.ts";
import { recordEntry } from "../../dns/plan/show-record.ts";
import type { ObservedRecord } from "../../dns/observed-zone.ts";
import { MailAutodiscoverError } from "../../errors.ts";

/**
 * Clears a record's comment and changes nothing else. PATCH keeps what it is not given; name, type and TTL are given as
 * they were read, since the API's schema requires them. The empty text clears the comment, as cloudflare-go has it for the
 * same request ("nil will keep the current comment", UpdateDNSRecordParams in dns.go of its versions before 2).
 *
 * @throws MailAutodiscoverError as {@link cloudflareError}; `cloudflare-refused` where the comment is still there
 */
export async function clearComment(client: Cloudflare, zone: Zone, record: ObservedRecord): Promise<void> {
  let answer: Cloudflare.DNS.RecordResponse;
  try {
    answer = await client.dns.records.edit(record.id, {
      zone_id: zone.id,
      name: record.name,
      // The SDK has a type of its own for each record type, all alike in these fields.
      type: record.type as "A",
      ttl: record.ttl,
      comment: "",
    });
  } catch (error) {
    throw cloudflareError(error, `clear the comment of ${recordEntry(record)} (${record.id})`);
  }
  if ((answer.comment ?? "") === "") return;
  throw new MailAutodiscoverError(
    "cloudflare-refused",
    `Cloudflare kept the comment of ${recordEntry(record)} (${record.id}): "${answer.comment ?? ""}".`,
    { remedy: "Clear the comment in the dashboard." },
  );
}
