import type { HelpFile } from "./domain-file.ts";
import type { HelpPage } from "./mail-domain.ts";
import { parseHttpsUrl } from "./parse-https-url.ts";
import { specIssue, type Report } from "./spec-issue.ts";

/** Checks the `help` block: the page's URL, and the language of each text. */
export function parseHelp(file: HelpFile | undefined, report: Report): HelpPage | undefined {
  if (file === undefined) return undefined;
  const texts: Record<string, string> = {};
  for (const [tag, text] of Object.entries(file.texts ?? {})) {
    const language = canonicalTag(tag);
    const path = ["help", "texts", tag];
    if (language === undefined) {
      const remedy = "Write a tag such as en, de or zh-Hant.";
      report(specIssue(path, tag, "is not a language tag (BCP 47)", remedy));
    } else if (language in texts) {
      report(
        specIssue(path, tag, `names the language ${language} again`, "Keep one text for each language."),
      );
    } else texts[language] = text;
  }
  const url = parseHttpsUrl("help.url", file.url, report, "link");
  return url === undefined ? undefined : { url: url.href, texts };
}

/** BCP 47 tags mean the same in any case; the canonical form is the one that documents show. */
function canonicalTag(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}
