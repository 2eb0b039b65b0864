import { LANGUAGES, type Language } from "./languages.ts";
import { specIssue, type Report } from "./spec-issue.ts";

/** Returns the languages of the settings page, English where the file names none; reports one that stands twice. */
export function parseLanguages(languages: readonly string[] = ["en"], report: Report): readonly Language[] {
  for (const [index, language] of languages.entries()) {
    if (languages.indexOf(language) === index) continue;
    report(specIssue(["languages", index], language, "stands in the list twice", "Keep each language once."));
  }
  return LANGUAGES.filter((known) => languages.includes(known)).toSorted(
    (one, other) => languages.indexOf(one) - languages.indexOf(other),
  );
}
