import { recordFault } from "./api-refusal.ts";
import { isJsonObject } from "./request-body.ts";
import type { RecordData } from "./stored-state.ts";
import { normaliseHost } from "./record-name.ts";

type FieldKind = "u8" | "u16" | "host" | "text" | "hex" | "base64";

interface DataType {
  readonly fields: Readonly<Record<string, FieldKind>>;
  /** The text form that the API answers beside `data`. */
  readonly render: (data: RecordData) => string;
}

const inOrder =
  (...keys: readonly string[]) =>
  (data: RecordData): string =>
    keys.map((key) => String(data[key])).join(" ");

const TLSA: DataType = {
  fields: { usage: "u8", selector: "u8", matching_type: "u8", certificate: "hex" },
  render: inOrder("usage", "selector", "matching_type", "certificate"),
};
const SVCB: DataType = {
  fields: { priority: "u16", target: "host", value: "text" },
  render: inOrder("priority", "target", "value"),
};

/** The types whose content is made of components. LOC is left out: the sandbox has no use for it. */
const DATA_TYPES: Readonly<Record<string, DataType>> = {
  // The priority stands in a field of its own and not in the content.
  SRV: {
    fields: { priority: "u16", weight: "u16", port: "u16", target: "host" },
    render: inOrder("weight", "port", "target"),
  },
  CAA: {
    fields: { flags: "u8", tag: "text", value: "text" },
    render: (data) => `${String(data["flags"])} ${String(data["tag"])} "${String(data["value"])}"`,
  },
  TLSA,
  SMIMEA: TLSA,
  HTTPS: SVCB,
  SVCB,
  SSHFP: {
    fields: { algorithm: "u8", type: "u8", fingerprint: "hex" },
    render: inOrder("algorithm", "type", "fingerprint"),
  },
  DS: {
    fields: { key_tag: "u16", algorithm: "u8", digest_type: "u8", digest: "hex" },
    render: inOrder("key_tag", "algorithm", "digest_type", "digest"),
  },
  DNSKEY: {
    fields: { flags: "u16", protocol: "u8", algorithm: "u8", public_key: "base64" },
    render: inOrder("flags", "protocol", "algorithm", "public_key"),
  },
  CERT: {
    fields: { type: "u16", key_tag: "u16", algorithm: "u8", certificate: "base64" },
    render: inOrder("type", "key_tag", "algorithm", "certificate"),
  },
  NAPTR: {
    fields: {
      order: "u16",
      preference: "u16",
      flags: "text",
      service: "text",
      regex: "text",
      replacement: "host",
    },
    render: inOrder("order", "preference", "flags", "service", "regex", "replacement"),
  },
  URI: {
    fields: { weight: "u16", target: "text" },
    render: (data) => `${String(data["weight"])} "${String(data["target"])}"`,
  },
};

export function hasData(type: string): boolean {
  return type in DATA_TYPES;
}

export interface DataContent {
  readonly data: RecordData;
  readonly content: string;
}

/**
 * Returns the checked components and their text form. Content sent beside them is not looked at: on an update the provider
 * sends the old content next to the new data.
 *
 * @throws ApiRefusal 1004/9036 for missing or malformed components.
 */
export function readData(type: string, value: unknown): DataContent {
  const shape = DATA_TYPES[type];
  if (shape === undefined || !isJsonObject(value)) {
    throw recordFault(9036, `Data for ${type} record is missing.`);
  }
  const unknown = Object.keys(value).filter((key) => !(key in shape.fields));
  if (unknown.length > 0) {
    throw recordFault(9036, `Data for ${type} record is invalid: unknown field "${unknown.join('", "')}".`);
  }
  const data: Record<string, string | number> = {};
  for (const [key, kind] of Object.entries(shape.fields)) {
    const field = readField(kind, value[key], type === "HTTPS" || type === "SVCB");
    if (field === undefined) throw recordFault(9036, `Data for ${type} record is invalid: "${key}".`);
    data[key] = field;
  }
  return { data, content: shape.render(data) };
}

function readField(kind: FieldKind, value: unknown, emptyAllowed: boolean): string | number | undefined {
  if (kind === "u8" || kind === "u16") {
    // The provider sends CAA flags as a number or as "0"; both are accepted.
    const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    const maximum = kind === "u8" ? 255 : 65_535;
    return typeof number === "number" && Number.isInteger(number) && number >= 0 && number <= maximum
      ? number
      : undefined;
  }
  if (typeof value !== "string") return undefined;
  // "." says that the service is not offered (RFC 2782), or, in HTTPS, the owner itself.
  if (kind === "host") return value === "." ? value : normaliseHost(value);
  if (kind === "hex") {
    return value.length % 2 === 0 && /^[0-9a-f]+$/i.test(value) ? value.toLowerCase() : undefined;
  }
  if (kind === "base64") return /^[A-Za-z0-9+/]+={0,2}$/.test(value) ? value : undefined;
  return value === "" && !emptyAllowed ? undefined : value;
}
