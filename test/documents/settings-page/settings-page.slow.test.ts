import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { languages } from "../../../src/documents/settings-page/languages/languages.ts";
import { CHROMIUM, servePage, type PageServer } from "./browser-page.ts";

const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 900 };
/** What WCAG 2.1 §1.4.10 (Reflow) asks for. */
const NARROWEST = { width: 320, height: 640 };

const hasChromium = existsSync(CHROMIUM);
const schemes = ["light", "dark"] as const;
const views = Object.keys(languages).flatMap((language) =>
  schemes.flatMap((scheme) => [
    { language, scheme, device: "phone", viewport: PHONE },
    { language, scheme, device: "desktop", viewport: DESKTOP },
  ]),
);

if (!hasChromium) console.warn(`The settings page is not looked at: ${CHROMIUM} is not installed.`);

describe.skipIf(!hasChromium)("the settings page in Chromium", () => {
  let browser: Browser;
  let server: PageServer;
  /** A folder to keep the screenshots in, for a person to look at. */
  const kept = process.env["SCREENSHOTS"];
  const folder = kept ?? mkdtempSync(join(tmpdir(), "settings-page-"));

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    server = await servePage();
    browser = await chromium.launch({ executablePath: CHROMIUM });
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    if (kept === undefined) rmSync(folder, { recursive: true });
  });

  async function withPage(
    context: Parameters<Browser["newPage"]>[0],
    look: (page: Page) => Promise<void>,
    path = "",
  ): Promise<void> {
    const page = await browser.newPage({ ...context });
    try {
      await page.goto(`${server.url}${path}`);
      await look(page);
    } finally {
      await page.close();
    }
  }

  test.each(views)("$language, $scheme, $device: accessible, nothing cut off, not blank", async (view) => {
    const { language, scheme, device, viewport } = view;
    const context = { viewport, colorScheme: scheme };
    await withPage(
      context,
      async (page) => {
        expect(await page.getAttribute("html", "lang")).toBe(language);
        expect(await violations(page)).toEqual([]);
        await openGuides(page);
        expect(await violations(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
        const path = join(folder, `${language}-${device}-${scheme}.png`);
        const shot = await page.screenshot({ fullPage: true, path });
        // An even area of this size compresses to a few kB.
        expect(shot.length).toBeGreaterThan(50_000);
      },
      `?lang=${language}`,
    );
  });

  test.each(["ltr", "rtl"])("nothing scrolls sideways at 320 px, %s", async (direction) => {
    await withPage({ viewport: NARROWEST }, async (page) => {
      await page.evaluate(`document.documentElement.dir = "${direction}"`);
      await openGuides(page);
      expect(await overflow(page)).toBe(0);
      await page.screenshot({ fullPage: true, path: join(folder, `en-${direction}-320.png`) });
    });
  });

  test("dark is dark and light is light", async () => {
    const ground = async (colorScheme: "light" | "dark"): Promise<number> => {
      let red = Number.NaN;
      await withPage({ colorScheme }, async (page) => {
        const color: string = await page.evaluate("getComputedStyle(document.body).backgroundColor");
        red = Number(/\d+/.exec(color)?.[0]);
      });
      return red;
    };
    expect(await ground("light")).toBeGreaterThan(200);
    expect(await ground("dark")).toBeLessThan(50);
  });

  test("the policy is kept, and the browser asks for nothing but the page", async () => {
    const complaints: string[] = [];
    const before = server.requested.length;
    const page = await browser.newPage();
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(server.url, { waitUntil: "networkidle" });
    await openGuides(page);
    await page.close();
    expect(complaints).toEqual([]);
    expect(server.requested.slice(before)).toEqual(["/"]);
  });

  test("the browser's language is taken, and a link changes it", async () => {
    await withPage({ locale: "de-AT" }, async (page) => {
      expect(await page.getAttribute("html", "lang")).toBe("de");
      await page.getByRole("link", { name: "中文" }).click();
      expect(await page.getAttribute("html", "lang")).toBe("zh");
    });
  });

  test("one click selects a value and nothing around it", async () => {
    await withPage({}, async (page) => {
      const value = page.locator(".value").first();
      await value.click();
      expect(await page.evaluate("getSelection().toString()")).toBe(await value.textContent());
    });
  });

  test("every link and every guide is reached by keyboard, with a visible focus", async () => {
    await withPage({}, async (page) => {
      const count: number = await page.evaluate("document.querySelectorAll('a, summary').length");
      for (let index = 0; index < count; index += 1) {
        await page.keyboard.press("Tab");
        expect(
          await page.evaluate(`(() => {
            const all = [...document.querySelectorAll("a, summary")];
            const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
            return [all.indexOf(document.activeElement), outlineStyle, outlineWidth];
          })()`),
        ).toEqual([index, "solid", "3px"]);
      }
    });
  });

  test("print shows the steps of every app", async () => {
    await withPage({ viewport: DESKTOP }, async (page) => {
      const visible = "[...document.querySelectorAll('ol')].filter((list) => list.checkVisibility()).length";
      const shown = async (): Promise<number> => page.evaluate(visible);
      expect(await shown()).toBe(0);
      await page.emulateMedia({ media: "print" });
      expect(await shown()).toBe(await page.locator("details").count());
    });
  });
});

/** What axe-core finds against WCAG 2.1 A and AA. `evaluate` is the browser's own channel: the policy does not reach it. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const options: axe.RunOptions = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] };
  const results: axe.AxeResults = await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`);
  // A run that looked at nothing would find nothing.
  expect(results.passes.map(({ id }) => id)).toContain("color-contrast");
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

async function openGuides(page: Page): Promise<void> {
  await page.evaluate("document.querySelectorAll('details').forEach((guide) => { guide.open = true; })");
}

/** Pixels by which the page is wider than the window. */
async function overflow(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
