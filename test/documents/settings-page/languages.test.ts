import { describe, expect, test } from "vitest";
import { languages } from "../../../src/documents/settings-page/languages/languages.ts";

/** What is the same in every language: names of products and of protocols. */
const PRODUCT_NAMES =
  /Thunderbird|K-9 Mail|FairEmail|Outlook|Apple Mail|iPhone|iPad|Mac|Windows|Linux|SSL\/TLS|STARTTLS|ltr/g;

function texts(value: unknown, path = ""): readonly (readonly [path: string, text: string])[] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => texts(item, `${path}.${key}`));
}

function marks(text: string): readonly string[] {
  return (text.match(/\{[^}]*\}/g) ?? []).sort();
}

const english = new Map(texts(languages["en"]));
const translations = Object.entries(languages).filter(([tag]) => tag !== "en");

test("English, German and Chinese are built in", () => {
  expect(Object.keys(languages)).toEqual(expect.arrayContaining(["en", "de", "zh"]));
});

test.each(Object.entries(languages))("%s stands under its own tag", (tag, language) => {
  expect(language.tag).toBe(tag);
  expect(() => new Intl.Locale(tag)).not.toThrow();
});

test.each(Object.entries(languages))(
  "%s has no empty text, no unpaired mark and no markup",
  (_, language) => {
    const isUnpaired = (text: string): boolean => (text.match(/\*/g) ?? []).length % 2 === 1;
    const isSound = (text: string): boolean =>
      text !== "" && text.trim() === text && !isUnpaired(text) && !/[<>]|&\w+;/.test(text);
    expect(texts(language).filter(([, text]) => !isSound(text))).toEqual([]);
  },
);

describe.each(translations)("%s", (_, language) => {
  const own = new Map(texts(language));

  test("has the texts of English, neither more nor fewer", () => {
    expect([...own.keys()].sort()).toEqual([...english.keys()].sort());
  });

  test("names the same values of the domain in each text", () => {
    const namesOf = (all: ReadonlyMap<string, string>): unknown =>
      Object.fromEntries([...all].map(([path, text]) => [path, marks(text)]));
    expect(namesOf(own)).toEqual(namesOf(english));
  });

  test("leaves no text in English", () => {
    const left = [...own]
      .filter(([path, text]) => text === english.get(path))
      .filter(([, text]) => /\p{Letter}/u.test(text.replaceAll(PRODUCT_NAMES, "")));
    expect(left).toEqual([]);
  });
});
