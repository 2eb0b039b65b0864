import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { derivePacc } from "../../src/dns/derive-pacc.ts";
import { paccRecord } from "../../src/dns/pacc-record.ts";
import { deriveClientSettings } from "../../src/documents/client-settings.ts";
import { PRESETS } from "../../src/spec/presets/presets.ts";
import { parseMailDomain } from "../../src/spec/parse-mail-domain.ts";
import { anyDomain, sampleDomain } from "../spec/sample-domain.ts";
import { presetFile } from "../spec/presets/preset-file.ts";

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}

test("the record holds the digest of the bytes that are published, and its key is the beginning of it", () => {
  const domain = sampleDomain();
  const digest = digestOf(deriveClientSettings(domain).pacc ?? "");
  expect(derivePacc(domain)).toEqual([
    {
      type: "TXT",
      name: "_ua-auto-config.example.com",
      logicalName: `example.com/TXT/_ua-auto-config.example.com/${digest.toString("hex").slice(0, 8)}`,
      formerLogicalNames: [],
      purpose: "pacc",
      text: `v=UAAC1; a=sha256; d=${digest.toString("base64")}`,
    },
  ]);
});

test("there is a record exactly where there is a document, at a host of the operator's as well", () => {
  let records = 0;
  fc.assert(
    fc.property(anyDomain, (domain) => {
      const { pacc } = deriveClientSettings(domain);
      records += Number(pacc !== undefined);
      expect(derivePacc(domain)).toHaveLength(pacc === undefined ? 0 : 1);
    }),
  );
  expect(records).toBeGreaterThan(0);
});

test("a provider that answers itself gets no digest of ours", () => {
  const base = sampleDomain();
  const discovery = { "ua-auto-config": "config.example.net" };
  expect(derivePacc({ ...base, preset: { ...base.preset, discovery } })).toEqual([]);
});

test.each(PRESETS.map((preset) => [preset.name, preset] as const))(
  "%s has a digest where it has a document",
  (_, preset) => {
    const result = parseMailDomain(presetFile(preset));
    if (!result.ok) throw new Error(JSON.stringify(result.issues));
    const { pacc } = deriveClientSettings(result.domain);
    expect(derivePacc(result.domain).map(({ text }) => text)).toEqual(
      pacc === undefined ? [] : [`v=UAAC1; a=sha256; d=${digestOf(pacc).toString("base64")}`],
    );
  },
);

test.each([
  "",
  "v=UAAC1",
  "v=UAAC1; a=sha256; d=",
  "v=UAAC1; a=sha512; d=x",
  `v=UAAC1; a=sha256; d=${"A".repeat(44)}`,
])("a text without a SHA-256 digest is no record of ours: %j", (text) => {
  expect(paccRecord("example.com", text)).toBeUndefined();
});
