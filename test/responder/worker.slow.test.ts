import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderClientSettings } from "../../src/documents/client-settings.ts";
import { serverSettings } from "../documents/server-settings.ts";
import { renderAutoconfigXml } from "../../src/documents/autoconfig-xml.ts";
import { renderAutodiscoverPox } from "../../src/documents/autodiscover-pox.ts";
import { parseMailDomain } from "../../src/spec/parse-mail-domain.ts";

const parsed = parseMailDomain({ domain: "example.com", mailServer: { host: "mail.example.com" } });
if (!parsed.ok) throw new Error("refused");
const settings = serverSettings(parsed.domain);

const POX_REQUEST = `<?xml version="1.0"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>alice@example.com</EMailAddress></Request></Autodiscover>`;

/** The bundle that is uploaded, in the runtime that Cloudflare runs. */
describe("the built Worker in workerd", () => {
  let miniflare: Miniflare;

  beforeAll(async () => {
    const bundle = fileURLToPath(import.meta.resolve("pulumi-mail-autodiscover/worker"));
    miniflare = new Miniflare({
      modules: true,
      script: readFileSync(bundle, "utf8"),
      compatibilityDate: "2026-04-01",
      kvNamespaces: ["MAIL_DOMAINS"],
    });
    const namespace = (await miniflare.getKVNamespace("MAIL_DOMAINS")) as unknown as {
      put(key: string, value: string): Promise<void>;
    };
    await namespace.put("example.com", renderClientSettings(settings));
    await namespace.put("broken.example", "{}");
  });

  afterAll(() => miniflare.dispose());

  const ask = (
    url: string,
    init: { method?: string; body?: string } = {},
  ): ReturnType<Miniflare["dispatchFetch"]> => miniflare.dispatchFetch(url, { ...init, redirect: "manual" });

  test("serves the same autoconfig bytes as the function", async () => {
    const response = await ask(
      "https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=a%40example.com",
    );
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/xml; charset=utf-8");
    expect(await response.text()).toBe(renderAutoconfigXml(settings));
  });

  test.each([
    "/autodiscover/autodiscover.xml",
    "/Autodiscover/Autodiscover.xml",
    "/AutoDiscover/AutoDiscover.xml",
  ])("answers POX at %s", async (path) => {
    const response = await ask(`https://autodiscover.example.com${path}`, {
      method: "POST",
      body: POX_REQUEST,
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(renderAutodiscoverPox(settings, "alice@example.com"));
  });

  test.each(["text/xml; charset=utf-8", "text/xml"])("reads UTF-8 and UTF-16 labelled %s", async (type) => {
    const bodies = [Buffer.from(POX_REQUEST), Buffer.from(`\uFEFF${POX_REQUEST}`)];
    const utf16 = Buffer.from(`\uFEFF${POX_REQUEST}`, "utf16le");
    bodies.push(Buffer.from(utf16), utf16.swap16());
    for (const body of bodies) {
      const response = await miniflare.dispatchFetch(
        "https://autodiscover.example.com/autodiscover/autodiscover.xml",
        { method: "POST", body, headers: { "content-type": type } },
      );
      expect(await response.text()).toBe(renderAutodiscoverPox(settings, "alice@example.com"));
    }
  });

  test("redirects Outlook's plain-HTTP step", async () => {
    const response = await ask("http://autodiscover.example.com/autodiscover/autodiscover.xml");
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe(
      "https://autodiscover.example.com/autodiscover/autodiscover.xml",
    );
  });

  test.each([
    "https://autoconfig.unknown.example/mail/config-v1.1.xml",
    "https://autoconfig.example.com/other",
  ])("answers 404 as text at %s", async (url) => {
    const response = await ask(url);
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
  });

  test.each([
    "https://autoconfig./mail/config-v1.1.xml",
    `https://${"a.".repeat(300)}example/mail/config-v1.1.xml`,
  ])("answers 404 for a host that is no domain: %s", async (url) => {
    expect((await ask(url)).status).toBe(404);
  });

  test("treats a KV entry that it cannot read as an unknown domain", async () => {
    expect((await ask("https://autoconfig.broken.example/mail/config-v1.1.xml")).status).toBe(404);
  });
});
