import type { Context } from "hono";
import { ApiRefusal } from "./api-refusal.ts";
import { success, type Envelope } from "./envelope.ts";
import { readForm } from "./read-form.ts";
import type { StoredKvEntry, StoredNamespace } from "./stored-state.ts";

/** Octets of UTF-8 (cloudflare-docs, KV limits). */
const MAXIMUM_KEY_BYTES = 512;
const MAXIMUM_KEYS = 1_000;

export interface KeyList extends Envelope<readonly { readonly name: string; readonly metadata?: unknown }[]> {
  readonly result_info: { readonly count: number; readonly cursor: string };
}

/** Returns the entry that a PUT describes: a form with the part `value`, as the provider and the SDK send it, or raw bytes. */
export async function readKvValue(context: Context, key: string): Promise<StoredKvEntry> {
  if (key === "." || key === ".." || Buffer.byteLength(key) > MAXIMUM_KEY_BYTES) {
    throw new ApiRefusal(400, 10033, "key is invalid");
  }
  if (!(context.req.header("content-type") ?? "").startsWith("multipart/form-data")) {
    return encodeEntry(key, Buffer.from(await context.req.arrayBuffer()));
  }
  const parts = new Map(await readForm(context));
  const value = parts.get("value");
  if (value === undefined) throw new ApiRefusal(400, 10021, "value is missing");
  const bytes = typeof value === "string" ? Buffer.from(value) : Buffer.from(await value.arrayBuffer());
  const metadata = parts.get("metadata");
  if (metadata === undefined) return encodeEntry(key, bytes);
  try {
    const text = typeof metadata === "string" ? metadata : await metadata.text();
    return { ...encodeEntry(key, bytes), metadata: JSON.parse(text) as unknown };
  } catch {
    throw new ApiRefusal(400, 10012, "metadata is not valid JSON");
  }
}

export function findEntry(namespace: StoredNamespace, key: string): StoredKvEntry {
  const entry = namespace.entries.find((candidate) => candidate.key === key);
  if (entry === undefined) throw new ApiRefusal(404, 10009, "get: 'key not found'");
  return entry;
}

export function withEntry(namespace: StoredNamespace, entry: StoredKvEntry): StoredNamespace {
  const others = namespace.entries.filter(({ key }) => key !== entry.key);
  const entries = [...others, entry].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return { ...namespace, entries };
}

export function withoutEntry(namespace: StoredNamespace, key: string): StoredNamespace {
  return { ...namespace, entries: namespace.entries.filter((entry) => entry.key !== key) };
}

/** Returns one page of keys; the cursor is empty on the last one. */
export function listKeys(namespace: StoredNamespace, query: Readonly<Record<string, string>>): KeyList {
  const limit = Number(query["limit"] ?? MAXIMUM_KEYS);
  if (!Number.isInteger(limit) || limit < 10 || limit > MAXIMUM_KEYS) {
    throw new ApiRefusal(400, 10022, "limit must be between 10 and 1000");
  }
  const after = Buffer.from(query["cursor"] ?? "", "base64url").toString("utf8");
  const found = namespace.entries.filter(
    ({ key }) => key.startsWith(query["prefix"] ?? "") && (after === "" || key > after),
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const cursor =
    found.length > limit && last !== undefined ? Buffer.from(last.key).toString("base64url") : "";
  return {
    ...success(
      page.map(({ key, metadata }) => ({ name: key, ...(metadata === undefined ? {} : { metadata }) })),
    ),
    result_info: { count: page.length, cursor },
  };
}

/** Text stays readable in the state file; other bytes become base64. */
function encodeEntry(key: string, bytes: Buffer): StoredKvEntry {
  const text = bytes.toString("utf8");
  return Buffer.from(text).equals(bytes)
    ? { key, encoding: "utf8", value: text }
    : { key, encoding: "base64", value: bytes.toString("base64") };
}
