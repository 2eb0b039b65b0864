import { expect, test } from "vitest";
import { deriveRecords } from "../../src/dns/derive-records.ts";
import { parseMailDomain } from "../../src/spec/parse-mail-domain.ts";
import { PRESETS } from "../../src/spec/presets/presets.ts";
import { renderSpecIssues } from "../../src/spec/spec-issue.ts";

const zone = "example.com";

test.each(PRESETS.map((preset) => [preset.name, preset] as const))(
  "the records of the preset %s stand beside each other",
  (name, preset) => {
    const values = Object.fromEntries(preset.values.map(({ key, example }) => [key, example]));
    const parsed = parseMailDomain({
      domain: zone,
      preset: { name, ...values },
      ...(preset.kind === "panel" ? { mailServer: { host: "mail.example.com" } } : {}),
    });
    if (!parsed.ok) throw new Error(renderSpecIssues(parsed.issues));
    const records = deriveRecords(parsed.domain, { zone });
    const names = records.map(({ logicalName }) => logicalName);
    expect(new Set(names).size).toBe(names.length);
    const aliases = records.filter(({ type }) => type === "CNAME").map((record) => record.name);
    const beside = aliases.filter((alias) => records.filter((record) => record.name === alias).length > 1);
    expect(beside).toEqual([]);
  },
);
