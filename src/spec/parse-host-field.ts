import { parseHostName } from "./host-name.ts";
import { specIssue, type Report } from "./spec-issue.ts";

/** Returns a host name in its one form; reports what is none, and returns the text. */
export function parseHostField(path: readonly PropertyKey[], text: string, report: Report): string {
  const result = parseHostName(text);
  if (result.ok) return result.value;
  report(
    specIssue(path, text, `is not a host name: ${result.reason}`, "Write a name such as mail.example.com."),
  );
  return text;
}
