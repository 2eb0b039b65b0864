import { de } from "./de.ts";
import { en } from "./en.ts";
import type { PageLanguage } from "./page-language.ts";
import { zh } from "./zh.ts";

/** The languages of the settings page by their tag. A further one is a file like `en.ts` and a word here. */
export const languages: Readonly<Record<string, PageLanguage>> = { en, de, zh };

/** The language of a tag; English where there is no file for it. */
export function languageOf(tag: string): PageLanguage {
  return Object.hasOwn(languages, tag) ? (languages[tag] ?? en) : en;
}
