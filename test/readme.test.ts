import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { TOKEN_SCOPES } from "../src/adapters/cloudflare/cloudflare-errors.ts";
import { deriveRecords } from "../src/dns/derive-records.ts";
import { renderRecord } from "../src/dns/record-arguments.ts";
import { parseMailDomain } from "../src/spec/parse-mail-domain.ts";
import { KNOWN_KEYS } from "../src/spec/schema.ts";

const ROOT = join(import.meta.dirname, "..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const PACKAGE = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

function blocks(language: string): readonly string[] {
  return [...README.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
    .filter(([, name]) => name === language)
    .map(([, , text]) => text ?? "");
}

describe("the README", () => {
  test.each(blocks("yaml"))("shows a domain file that is accepted: %s", (text) => {
    expect(parseMailDomain(parse(text))).toMatchObject({ ok: true });
  });

  test("names only npm scripts that there are", () => {
    const names = [...README.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? "");
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(PACKAGE.scripts).toHaveProperty([name]);
  });

  test("names every scope that a refused token's message asks for", () => {
    const flat = README.replaceAll(/\s+/g, " ");
    for (const scope of TOKEN_SCOPES.split(", ")) expect(flat).toContain(scope);
  });

  test("tells every key of a domain file", () => {
    for (const key of Object.values(KNOWN_KEYS).flat()) expect(README).toContain(key);
  });

  test("shows a library example whose calls work as shown", () => {
    const result = parseMailDomain({ domain: "example.com", mailServer: { host: "mail.example.com" } });
    if (!result.ok) throw new Error("refused");
    expect(deriveRecords(result.domain, { zone: "example.com" }).map(renderRecord)).toContain(
      "_imaps._tcp.example.com. SRV 0 1 993 mail.example.com.",
    );
  });
});
