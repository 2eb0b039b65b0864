import { specIssue, type Report } from "./spec-issue.ts";

const POLICY = /^(none|quarantine|reject)$/i;
const ALIGNMENT = /^[rs]$/i;
const POLICY_REMEDY = "Write one of: none, quarantine, reject.";
const REPORT_REMEDY = "Write URIs such as mailto:dmarc@example.com, with a comma between them.";

/** The tags of RFC 9989 §4.7 with what they take. */
const TAGS: Readonly<
  Record<string, { readonly isValid: (value: string) => boolean; readonly remedy: string }>
> = {
  p: { isValid: (value) => POLICY.test(value), remedy: POLICY_REMEDY },
  sp: { isValid: (value) => POLICY.test(value), remedy: POLICY_REMEDY },
  np: { isValid: (value) => POLICY.test(value), remedy: POLICY_REMEDY },
  t: { isValid: (value) => /^[yn]$/i.test(value), remedy: "Write one of: y, n." },
  psd: { isValid: (value) => /^[ynu]$/i.test(value), remedy: "Write one of: y, n, u." },
  adkim: { isValid: (value) => ALIGNMENT.test(value), remedy: "Write one of: r, s." },
  aspf: { isValid: (value) => ALIGNMENT.test(value), remedy: "Write one of: r, s." },
  fo: {
    isValid: (value) => /^[01ds](\s*:\s*[01ds])*$/i.test(value),
    remedy: "Write 0, 1, d or s, with a colon between them.",
  },
  rua: { isValid: isMailtoList, remedy: REPORT_REMEDY },
  ruf: { isValid: isMailtoList, remedy: REPORT_REMEDY },
};

/** Gone with RFC 9989, which receivers of today do not read; `t=y` takes the place of `pct=0`. */
const REMOVED = new Set(["pct", "rf", "ri"]);

/** Returns a DMARC record in its usual form, `v` and `p` first; reports what RFC 9989 does not know. */
export function parseDmarc(text: string, report: Report): string {
  const problem = (value: string, message: string, remedy: string): void =>
    report(specIssue("dmarc", value, message, remedy));
  const [first = "", ...parts] = text
    .trim()
    .replace(/;\s*$/, "")
    .split(";")
    .map((part) => part.trim());
  if (!/^v\s*=\s*DMARC1$/.test(first)) {
    problem(text, "does not begin with v=DMARC1", 'Write a policy such as "v=DMARC1; p=quarantine".');
  }
  const values = new Map<string, string>();
  for (const part of parts) {
    const [, written = "", value = ""] = /^([a-z]+)\s*=\s*([\u0021-\u007E ]*?)\s*$/i.exec(part) ?? [];
    const name = written.toLowerCase();
    const tag = Object.hasOwn(TAGS, name) ? TAGS[name] : undefined;
    if (REMOVED.has(name)) {
      const instead = name === "pct" ? `Remove ${name}; t=y asks for a test.` : `Remove ${name}.`;
      problem(part, `is the tag ${name}, which RFC 9989 removed`, instead);
    } else if (tag === undefined) {
      problem(part, "is not a tag of DMARC", `Write one of: ${Object.keys(TAGS).join(", ")}.`);
    } else if (values.has(name)) {
      problem(part, `is a second ${name}`, `Keep one ${name}.`);
    } else if (!tag.isValid(value)) {
      problem(part, `has a wrong value for ${name}`, tag.remedy);
    }
    values.set(name, value);
  }
  if (!values.has("p")) problem(text, "has no p, the policy", POLICY_REMEDY);
  // Readers of RFC 7489 expect `p` right behind the version.
  const ordered = [...values].toSorted(([a], [b]) => Number(b === "p") - Number(a === "p"));
  return ["v=DMARC1", ...ordered.map(([name, value]) => `${name}=${value}`)].join("; ");
}

function isMailtoList(value: string): boolean {
  return value.split(",").every((uri) => /^mailto:[^\s@,;!]+@[^\s@,;!]+\.[^\s@,;!]+$/i.test(uri.trim()));
}
