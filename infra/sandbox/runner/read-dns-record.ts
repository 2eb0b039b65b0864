import { type Cloudflare, NotFoundError } from "cloudflare";
import { MailAutodiscoverError } from "../../../src/errors.ts";
import type { ImportedResource } from "./resource-handler.ts";

/** What every type answers; the SDK's union has no common supertype. */
interface RecordBody {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly content?: string;
  readonly ttl: number;
  readonly proxied?: boolean;
  readonly priority?: number;
  readonly data?: Readonly<Record<string, string | number>>;
  readonly comment?: string | null;
}

/**
 * Returns a live record as the inputs that would have made it.
 *
 * @throws MailAutodiscoverError `invalid-config` for an import id of another form, or of a record that is not there.
 */
export async function readDnsRecord(client: Cloudflare, importId: string): Promise<ImportedResource> {
  const [, zoneId, recordId] = /^([0-9a-f]{32})\/([0-9a-f]{32})$/.exec(importId) ?? [];
  if (zoneId === undefined || recordId === undefined) {
    throw new MailAutodiscoverError("invalid-config", `"${importId}" is no import id of a DNS record.`, {
      remedy: "Give <zone id>/<record id>.",
    });
  }
  let body: RecordBody;
  try {
    body = (await client.dns.records.get(recordId, { zone_id: zoneId })) as RecordBody;
  } catch (cause) {
    if (!(cause instanceof NotFoundError)) throw cause;
    throw new MailAutodiscoverError(
      "invalid-config",
      `The DNS record to import does not exist: ${importId}`,
      {
        remedy: "Run again, so that the plan is made from the zone as it is now.",
        cause,
      },
    );
  }
  const { id, type, name, content, ttl, proxied = false, priority, data, comment } = body;
  return {
    id,
    inputs: {
      zoneId,
      type,
      name,
      ttl,
      proxied,
      ...(data === undefined ? { content } : { data }),
      ...(priority === undefined ? {} : { priority }),
      ...(typeof comment === "string" ? { comment } : {}),
    },
  };
}
