import { NotFoundError, type Cloudflare } from "cloudflare";
import { cloudflareError } from "./cloudflare-errors.ts";

/** Where an entry of Workers KV stands. */
export interface KvPlace {
  readonly accountId: string;
  readonly namespaceId: string;
  readonly keyName: string;
}

/** Writes an entry, over whatever was there. @throws MailAutodiscoverError `cloudflare-token-refused`, `cloudflare-unavailable` */
export async function writeKvEntry(client: Cloudflare, place: KvPlace, value: string): Promise<void> {
  try {
    await client.kv.namespaces.values.update(place.keyName, {
      account_id: place.accountId,
      namespace_id: place.namespaceId,
      value,
    });
  } catch (error) {
    throw cloudflareError(error, `write the KV entry ${place.keyName}`);
  }
}

/** Deletes an entry; one that is gone, with its namespace or without it, is as wished. */
export async function deleteKvEntry(client: Cloudflare, place: KvPlace): Promise<void> {
  try {
    await client.kv.namespaces.values.delete(place.keyName, {
      account_id: place.accountId,
      namespace_id: place.namespaceId,
    });
  } catch (error) {
    if (!(error instanceof NotFoundError))
      throw cloudflareError(error, `delete the KV entry ${place.keyName}`);
  }
}
