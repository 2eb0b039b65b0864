import * as fc from "fast-check";
import { expect, test } from "vitest";
import { chooseLanguage } from "../../../src/documents/settings-page/choose-language.ts";

const offered = ["en", "de", "zh"];

test.each<[accept: string | null, query: string | null, expected: string, why: string]>([
  [null, null, "en", "without a wish the first that is offered"],
  ["", "", "en", "an empty wish is none"],
  ["de", null, "de", "what the browser asks for"],
  ["de-AT,de;q=0.9,en;q=0.8", null, "de", "a region falls back to its language"],
  ["zh-Hans-CN", null, "zh", "script and region fall back as well"],
  ["fr,nl;q=0.9,zh;q=0.5", null, "zh", "languages that are not offered are passed over"],
  ["en;q=0.5, de;q=0.8", null, "de", "the weight counts, not the place"],
  ["de;q=0, zh;q=0.1", null, "zh", "weight 0 means: not this one"],
  ["DE", null, "de", "case does not matter"],
  ["fr, *", null, "en", "a star is the first that is offered"],
  ["de;q=high, zh;q=0.1", null, "zh", "a malformed weight does not count"],
  ["en", "zh", "zh", "the query goes before the browser"],
  ["de", "tlh", "de", "a query that is not offered is passed over"],
  ["de", "ZH-tw", "zh", "the query is looked up like a range"],
])("%j with ?lang=%j gives %s: %s", (accept, query, expected) => {
  expect(chooseLanguage(accept, query, offered)).toBe(expected);
});

test("where nothing is offered it is English", () => {
  expect(chooseLanguage("de", "zh", [])).toBe("en");
});

test("the answer is one of the offered, whatever is asked", () => {
  const wish = fc.oneof(
    fc.string(),
    fc.constant(null),
    fc
      .array(fc.tuple(fc.constantFrom("de", "zh-TW", "en-GB", "x", "*", ""), fc.float()))
      .map((items) => items.map(([tag, weight]) => `${tag};q=${weight}`).join(",")),
  );
  fc.assert(
    fc.property(wish, wish, (accept, query) => {
      expect(offered).toContain(chooseLanguage(accept, query, offered));
    }),
  );
});
