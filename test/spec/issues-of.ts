import { parseMailDomain } from "../../src/spec/parse-mail-domain.ts";
import type { SpecIssue } from "../../src/spec/spec-issue.ts";

/** Returns the problems of the minimal file of `example.com` with further keys. */
export function issuesOf(input: object): readonly SpecIssue[] {
  const result = parseMailDomain({
    domain: "example.com",
    mailServer: { host: "mail.example.com" },
    ...input,
  });
  return result.ok ? [] : result.issues;
}
