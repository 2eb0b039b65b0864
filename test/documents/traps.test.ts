/** Trap 13 of other implementations: a promise that new Outlook or Apple Mail would read any of the published settings. */
import { readFile } from "node:fs/promises";
import { parse, defaultTreeAdapter as tree, type DefaultTreeAdapterTypes } from "parse5";
import { describe, expect, test } from "vitest";
import { renderMobileconfig } from "../../src/documents/mobileconfig.ts";
import { languageOf, languages } from "../../src/documents/settings-page/languages/languages.ts";
import { renderSettingsPage } from "../../src/documents/settings-page/render-settings-page.ts";
import { LANGUAGES } from "../../src/spec/languages.ts";
import { fullOptions, fullSettings } from "./settings-page/sample-settings.ts";

type Node = DefaultTreeAdapterTypes.Node;

interface Guide {
  readonly title: string;
  /** The class that says how much the app does by itself. */
  readonly effort: string;
  readonly text: string;
}

/** The text of a node, or of those below it that are elements of a name. */
function textOf(node: Node): string {
  if (tree.isTextNode(node)) return node.value;
  return "childNodes" in node ? node.childNodes.map(textOf).join("") : "";
}

function elements(node: Node, name: string): readonly DefaultTreeAdapterTypes.Element[] {
  const below = "childNodes" in node ? node.childNodes.flatMap((child) => elements(child, name)) : [];
  return tree.isElementNode(node) && node.tagName === name ? [node, ...below] : below;
}

function guidesOf(html: string): readonly Guide[] {
  return elements(parse(html), "details").map((details) => {
    const classes = elements(details, "span").map(
      ({ attrs }) => attrs.find(({ name }) => name === "class")?.value ?? "",
    );
    return {
      title: elements(details, "b").map(textOf)[0] ?? "",
      effort: classes.find((value) => value.startsWith("effort "))?.slice("effort ".length) ?? "",
      text: textOf(details),
    };
  });
}

describe.each([...LANGUAGES])(
  "trap 13: the page in %s promises nothing of apps that read none of it",
  (tag) => {
    const { newOutlook, appleWithProfile, appleByHand } = languageOf(tag).apps.guides;
    const withProfile = renderSettingsPage(fullSettings, fullOptions(tag));
    const { profilePath: _, ...byHand } = fullOptions(tag);
    const pages = [withProfile, renderSettingsPage(fullSettings, byHand)];

    test("new Outlook is by hand, and the page says that it asks Microsoft", () => {
      for (const page of pages) {
        const guide = guidesOf(page).find(({ title }) => title === newOutlook.title);
        expect(guide?.effort).toBe("manual");
        expect(newOutlook.about).toMatch(/Microsoft|微软/);
        expect(guide?.text).toContain(newOutlook.about);
      }
    });

    test("Apple Mail is by the profile where there is one, else by hand, and the page says that it looks for nothing", () => {
      const [profile, hand] = pages.map((page) =>
        guidesOf(page).find(({ title }) => title === appleWithProfile.title),
      );
      expect(profile?.effort).toBe("profile");
      expect(hand?.effort).toBe("manual");
      for (const { about } of [appleWithProfile, appleByHand]) expect(about).toMatch(/Apple|苹果/);
      expect(profile?.text).toContain(appleWithProfile.about);
      expect(hand?.text).toContain(appleByHand.about);
    });

    test("only what reads autoconfig is called automatic", () => {
      const automatic = guidesOf(withProfile).filter(({ effort }) => effort === "automatic");
      for (const { title } of automatic) expect(title).toMatch(/Thunderbird/);
      expect(automatic).toHaveLength(2);
    });

    test("the manual values stand there whole, and the profile beside them", () => {
      const { imap, submission } = fullSettings;
      for (const page of pages) {
        const values = elements(parse(page), "bdi").map(textOf);
        for (const endpoint of [imap, submission]) {
          expect(values).toContain(endpoint?.host);
          expect(values).toContain(String(endpoint?.port));
        }
      }
      const links = elements(parse(withProfile), "a").map(
        ({ attrs }) => attrs.find(({ name }) => name === "href")?.value,
      );
      expect(links).toContain("/example.com.mobileconfig");
      expect(renderMobileconfig(fullSettings)).toContain(`<string>${imap?.host}</string>`);
    });
  },
);

test("trap 13: every language of the spec has its page, and the README says the same among its limits", async () => {
  expect(Object.keys(languages).toSorted()).toEqual([...LANGUAGES].toSorted());
  const readme = (await readFile(new URL("../../README.md", import.meta.url), "utf8")).replaceAll(
    /\s+/g,
    " ",
  );
  expect(readme).toMatch(/New Outlook and Apple Mail read none of this/);
});
