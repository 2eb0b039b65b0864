import { escapeXml } from "./xml.ts";

/** What a property list can hold here. Numbers are integers: Apple refuses a port that is a `<real>`. */
export type PlistValue =
  | string
  | number
  | boolean
  | readonly PlistValue[]
  | { readonly [key: string]: PlistValue | undefined };

const HEAD = [
  `<?xml version="1.0" encoding="UTF-8"?>`,
  `<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">`,
  `<plist version="1.0">`,
];

/** Renders an XML property list (developer.apple.com, PropertyList-1.0.dtd): the same bytes for the same value. */
export function renderPlist(value: PlistValue): string {
  return [...HEAD, ...element(value, ""), `</plist>`, ``].join("\n");
}

/** A key whose value is undefined is left out. */
function element(value: PlistValue, indent: string): readonly string[] {
  if (typeof value === "string") return [`${indent}<string>${escapeXml(value)}</string>`];
  if (typeof value === "number") return [`${indent}<integer>${value}</integer>`];
  if (typeof value === "boolean") return [`${indent}<${value}/>`];
  const inner = `${indent}  `;
  if (isList(value)) {
    return [`${indent}<array>`, ...value.flatMap((item) => element(item, inner)), `${indent}</array>`];
  }
  const entries = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [`${inner}<key>${escapeXml(key)}</key>`, ...element(item, inner)],
  );
  return [`${indent}<dict>`, ...entries, `${indent}</dict>`];
}

/** `Array.isArray` does not narrow a readonly array. */
function isList(value: object): value is readonly PlistValue[] {
  return Array.isArray(value);
}
