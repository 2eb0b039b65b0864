import { parseDnsName } from "./dns-name.ts";
import type { RecordName } from "./mail-domain.ts";
import { specIssue, type Report } from "./spec-issue.ts";

const TYPES = ["A", "AAAA", "CNAME", "SRV", "MX", "TXT", "CAA"];

/** Parses the entries of `adopt` and `replace`, and reports what stands in both: one record has one fate. */
export function parseRecordNames(
  adopt: readonly string[],
  replace: readonly string[],
  domain: string,
  report: Report,
): { readonly adopt: readonly RecordName[]; readonly replace: readonly RecordName[] } {
  const lists = { adopt: parseList("adopt", adopt, report), replace: parseList("replace", replace, report) };
  const adopted = new Set(lists.adopt.map((entry) => identity(entry, domain)));
  for (const [index, entry] of lists.replace.entries()) {
    if (!adopted.has(identity(entry, domain))) continue;
    const remedy = "Keep it in adopt where it says the same already, else in replace.";
    const shown = `${entry.name}/${entry.type}`;
    report(specIssue(["replace", index], shown, "stands in adopt, too", remedy));
  }
  return lists;
}

function parseList(
  key: "adopt" | "replace",
  entries: readonly string[],
  report: Report,
): readonly RecordName[] {
  return entries.map((text, index) => {
    const parsed = parseRecordName(text);
    if ("name" in parsed) return parsed;
    const remedy = "Write NAME/TYPE, for example autodiscover/CNAME, @/MX or _dmarc.example.com/TXT.";
    report(specIssue([key, index], text, `is not a record: ${parsed.reason}`, remedy));
    return { name: text, type: "" };
  });
}

function parseRecordName(text: string): RecordName | { readonly reason: string } {
  const slash = text.lastIndexOf("/");
  if (slash < 0) return { reason: "it has no type" };
  const type = text
    .slice(slash + 1)
    .trim()
    .toUpperCase();
  if (!TYPES.includes(type)) return { reason: `its type is none of ${TYPES.join(", ")}` };
  const name = text.slice(0, slash).trim();
  if (name === "@") return { name, type };
  const parsed = parseDnsName(name);
  return parsed.ok ? { name: parsed.value, type } : { reason: parsed.reason };
}

/** `@`, a relative name and an FQDN may all mean the same record. */
function identity({ name, type }: RecordName, domain: string): string {
  if (name === "@" || name === domain) return `${domain}/${type}`;
  return name.endsWith(`.${domain}`) ? `${name}/${type}` : `${name}.${domain}/${type}`;
}
