import { bodyFault, recordFault } from "./api-refusal.ts";
import { CONTENT_TYPES, normaliseContent, PROXIABLE_TYPES } from "./record-content.ts";
import { hasData, readData } from "./record-data.ts";
import { normaliseRecordName } from "./record-name.ts";
import { isJsonObject, refuseUnknownFields, type JsonObject } from "./request-body.ts";
import type { RecordData, StoredRecord } from "./stored-state.ts";
import type { PlanLimits } from "./zone-plan.ts";

/** A record as a request describes it, checked and in the form that is stored. */
export interface WantedRecord {
  readonly type: string;
  readonly name: string;
  readonly content: string;
  readonly ttl: number;
  readonly proxied: boolean;
  readonly priority?: number;
  readonly data?: RecordData;
  readonly settings: Readonly<Record<string, boolean>>;
  readonly comment: string | null;
  readonly tags?: readonly string[];
}

/** What the zone says about its records. */
export interface ZoneRules {
  readonly zoneName: string;
  /** The account's other zones: their names are never meant as relative. */
  readonly otherZones: readonly string[];
  readonly limits: PlanLimits;
}

const FIELDS: readonly string[] = [
  "name",
  "type",
  "content",
  "data",
  "ttl",
  "priority",
  "proxied",
  "comment",
  "tags",
  "settings",
  "private_routing",
];
const SETTINGS: readonly string[] = ["flatten_cname", "ipv4_only", "ipv6_only"];
const AUTOMATIC_TTL = 1;
const MAXIMUM_TTL_SECONDS = 86_400;
/** `name` or `name:value` (developers.cloudflare.com/dns/manage-dns-records/reference/record-attributes, verified 2026-11-23). */
const TAG = /^[A-Za-z0-9_-]{1,32}(?::.{0,100})?$/;

/**
 * Returns the record that a POST or PUT body describes.
 *
 * @throws ApiRefusal the first fault found, in the service's own codes.
 */
export function readRecord(body: JsonObject, rules: ZoneRules): WantedRecord {
  const { limits } = rules;
  refuseUnknownFields(body, FIELDS);
  const type = readType(body["type"]);
  if (typeof body["name"] !== "string" || body["name"] === "")
    throw recordFault(9000, "DNS name is invalid.");
  const name = normaliseRecordName(body["name"], rules.zoneName, rules.otherZones);
  const value = readValue(type, name, body);
  const proxied = readBoolean(body, "proxied");
  if (proxied && !PROXIABLE_TYPES.includes(type)) {
    throw recordFault(9041, "Invalid proxied mode. Record cannot be proxied");
  }
  const tags = readTags(body["tags"], limits.tags);
  if (readBoolean(body, "private_routing")) throw recordFault(9041, "Private routing is not available.");
  const ttl = readTtl(body["ttl"], limits.minimumTtlSeconds);
  return {
    type,
    name,
    ...value,
    // Answers of the proxy have a TTL of their own: whatever was asked for becomes automatic.
    ttl: proxied ? AUTOMATIC_TTL : ttl,
    proxied,
    settings: readSettings(type, body["settings"], limits.hasFlattening),
    comment: readComment(body["comment"], limits.commentCharacters),
    ...(tags.length === 0 ? {} : { tags }),
  };
}

/** Returns the body that, as a PUT, has the effect of `patch` on `record`. */
export function mergePatch(record: StoredRecord, patch: JsonObject): JsonObject {
  return {
    name: record.name,
    type: record.type,
    ttl: record.ttl,
    proxied: record.proxied,
    comment: record.comment,
    settings: record.settings,
    ...(record.tags === undefined ? {} : { tags: record.tags }),
    // The data of a type that has none, or the content of one that has, would be refused or ignored.
    ...(record.data === undefined ? { content: record.content } : { data: record.data }),
    ...(record.priority === undefined ? {} : { priority: record.priority }),
    ...patch,
  };
}

function readType(value: unknown): string {
  // Lower case is accepted and answered in upper case.
  const type = typeof value === "string" ? value.toUpperCase() : "";
  if (!CONTENT_TYPES.includes(type) && !hasData(type)) throw recordFault(9020, "Invalid DNS record type.");
  return type;
}

function readValue(
  type: string,
  owner: string,
  body: JsonObject,
): Pick<WantedRecord, "content" | "data" | "priority"> {
  if (hasData(type)) {
    const { data, content } = readData(type, body["data"]);
    if (type === "URI") return { data, content, priority: readPriority(body["priority"]) };
    return type === "SRV" ? { data, content, priority: Number(data["priority"]) } : { data, content };
  }
  if (type !== "MX") return { content: normaliseContent(type, owner, body["content"]) };
  // The component form of MX is accepted, but answered in the older one, without data.
  const data = isJsonObject(body["data"]) ? body["data"] : undefined;
  return {
    content: normaliseContent(type, owner, data?.["target"] ?? body["content"]),
    priority: readPriority(data?.["priority"] ?? body["priority"]),
  };
}

function readPriority(value: unknown): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > 65_535) {
    throw recordFault(9102, "priority is a required field.");
  }
  return value;
}

function readTtl(value: unknown, minimumSeconds: number): number {
  if (value === undefined) return AUTOMATIC_TTL;
  const inRange =
    typeof value === "number" &&
    Number.isInteger(value) &&
    (value === AUTOMATIC_TTL || (value >= minimumSeconds && value <= MAXIMUM_TTL_SECONDS));
  if (!inRange) {
    const range = `${String(minimumSeconds)} and ${String(MAXIMUM_TTL_SECONDS)}`;
    throw recordFault(9021, `TTL must be between ${range} seconds, or 1 for Automatic.`);
  }
  return value;
}

function readBoolean(body: JsonObject, key: string): boolean {
  const value = body[key] ?? false;
  if (typeof value !== "boolean") throw bodyFault(`Request body is invalid: "${key}" must be a boolean.`);
  return value;
}

/** 9300 was seen in kubernetes-sigs/external-dns#3706; that malformed tags have a code of their own was not (not verified). */
function readTags(value: unknown, quota: number): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw bodyFault('Request body is invalid: "tags" must be a list.');
  if (value.length > quota) {
    throw recordFault(
      9300,
      `DNS record has ${String(value.length)} tags, exceeding the quota of ${String(quota)}.`,
    );
  }
  return value.map((tag: unknown) => {
    if (typeof tag !== "string" || !TAG.test(tag)) throw recordFault(9301, "DNS record has an invalid tag.");
    return tag;
  });
}

/** 9313 was seen in STRRL/cloudflare-tunnel-ingress-controller#168, with this text. */
function readComment(value: unknown, maximum: number): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value !== "string") throw bodyFault('Request body is invalid: "comment" must be a string.');
  if (value.length > maximum) {
    throw recordFault(
      9313,
      `DNS record comment exceeds the maximum length of ${String(maximum)} characters.`,
    );
  }
  if (/[\r\n]/.test(value)) throw recordFault(9314, "DNS record comment contains invalid characters.");
  return value;
}

/** A CNAME always answers its flattening setting; turning it on is for paid plans. */
function readSettings(
  type: string,
  value: unknown,
  hasFlattening: boolean,
): Readonly<Record<string, boolean>> {
  const settings: Record<string, boolean> = type === "CNAME" ? { flatten_cname: false } : {};
  if (value === undefined || value === null) return settings;
  if (!isJsonObject(value)) throw bodyFault('Request body is invalid: "settings" must be an object.');
  refuseUnknownFields(value, SETTINGS);
  for (const key of Object.keys(value)) {
    const wanted = readBoolean(value, key);
    if (key === "flatten_cname" && wanted && !hasFlattening) {
      throw recordFault(9310, "CNAME flattening settings are not available on this plan.");
    }
    if (value[key] !== null) settings[key] = wanted;
  }
  return settings;
}
