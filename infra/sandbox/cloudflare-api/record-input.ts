import { bodyFault, recordFault } from "./api-refusal.ts";
import { CONTENT_TYPES, normaliseContent, PROXIABLE_TYPES } from "./record-content.ts";
import { hasData, readData } from "./record-data.ts";
import { normaliseRecordName } from "./record-name.ts";
import { isJsonObject, refuseUnknownFields, type JsonObject } from "./request-body.ts";
import type { RecordData, StoredRecord } from "./stored-state.ts";

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
}

export interface ZoneNames {
  readonly zoneName: string;
  /** The account's other zones: their names are never meant as relative. */
  readonly otherZones: readonly string[];
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
/** Free zones. */
const MAXIMUM_COMMENT_LENGTH = 100;
const AUTOMATIC_TTL = 1;
/** Seconds, for every plan below Enterprise. */
const TTL_RANGE = { minimum: 60, maximum: 86_400 };

/**
 * Returns the record that a POST or PUT body describes.
 *
 * @throws ApiRefusal the first fault found, in the service's own codes.
 */
export function readRecord(body: JsonObject, names: ZoneNames): WantedRecord {
  refuseUnknownFields(body, FIELDS);
  const type = readType(body["type"]);
  if (typeof body["name"] !== "string" || body["name"] === "")
    throw recordFault(9000, "DNS name is invalid.");
  const name = normaliseRecordName(body["name"], names.zoneName, names.otherZones);
  const value = readValue(type, name, body);
  const proxied = readBoolean(body, "proxied");
  if (proxied && !PROXIABLE_TYPES.includes(type)) {
    throw recordFault(9041, "Invalid proxied mode. Record cannot be proxied");
  }
  refuseTags(body["tags"]);
  if (readBoolean(body, "private_routing")) throw recordFault(9041, "Private routing is not available.");
  const ttl = readTtl(body["ttl"]);
  return {
    type,
    name,
    ...value,
    // Answers of the proxy have a TTL of their own: whatever was asked for becomes automatic.
    ttl: proxied ? AUTOMATIC_TTL : ttl,
    proxied,
    settings: readSettings(type, body["settings"]),
    comment: readComment(body["comment"]),
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

function readTtl(value: unknown): number {
  if (value === undefined) return AUTOMATIC_TTL;
  const inRange =
    typeof value === "number" &&
    Number.isInteger(value) &&
    (value === AUTOMATIC_TTL || (value >= TTL_RANGE.minimum && value <= TTL_RANGE.maximum));
  if (!inRange) throw recordFault(9021, "TTL must be between 60 and 86400 seconds, or 1 for Automatic.");
  return value;
}

function readBoolean(body: JsonObject, key: string): boolean {
  const value = body[key] ?? false;
  if (typeof value !== "boolean") throw bodyFault(`Request body is invalid: "${key}" must be a boolean.`);
  return value;
}

/** Codes seen in terraform-provider-cloudflare#3217 (9300) and STRRL/cloudflare-tunnel-ingress-controller#168 (9313). */
function refuseTags(value: unknown): void {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value)) throw bodyFault('Request body is invalid: "tags" must be a list.');
  if (value.length > 0) {
    throw recordFault(9300, `DNS record has ${String(value.length)} tags, exceeding the quota of 0.`);
  }
}

function readComment(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value !== "string") throw bodyFault('Request body is invalid: "comment" must be a string.');
  if (value.length > MAXIMUM_COMMENT_LENGTH) {
    throw recordFault(9313, "DNS record comment exceeds the maximum length of 100 characters.");
  }
  if (/[\r\n]/.test(value)) throw recordFault(9314, "DNS record comment contains invalid characters.");
  return value;
}

/** A CNAME always answers its flattening setting; turning it on is for paid plans. */
function readSettings(type: string, value: unknown): Readonly<Record<string, boolean>> {
  const settings: Record<string, boolean> = type === "CNAME" ? { flatten_cname: false } : {};
  if (value === undefined || value === null) return settings;
  if (!isJsonObject(value)) throw bodyFault('Request body is invalid: "settings" must be an object.');
  refuseUnknownFields(value, SETTINGS);
  for (const key of Object.keys(value)) {
    const wanted = readBoolean(value, key);
    if (key === "flatten_cname" && wanted) {
      throw recordFault(9310, "CNAME flattening settings are not available on this plan.");
    }
    if (value[key] !== null) settings[key] = wanted;
  }
  return settings;
}
