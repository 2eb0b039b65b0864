import { expect, test } from "vitest";
import { languages } from "../../src/documents/settings-page/languages/languages.ts";
import { LANGUAGES } from "../../src/spec/languages.ts";

test("the settings page speaks exactly the languages that a domain file may name", () => {
  expect(Object.keys(languages)).toEqual([...LANGUAGES]);
});
