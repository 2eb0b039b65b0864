import { expect, test } from "vitest";
import { renderAutoconfigXml } from "../../src/documents/autoconfig-xml.ts";
import {
  POX_ERROR,
  renderAutodiscoverPox,
  renderAutodiscoverPoxError,
} from "../../src/documents/autodiscover-pox.ts";
import { serverSettings } from "./server-settings.ts";
import { renderSettingsText } from "../../src/documents/settings-text.ts";
import { DOMAINS as domains } from "./sample-documents.ts";
import { expectGolden } from "../dns/golden-file.ts";
import { sampleDomain } from "../spec/sample-domain.ts";

function expectDocument(file: string, actual: string): void {
  expectGolden(new URL(`golden/${file}`, import.meta.url), actual);
}

test.each(Object.keys(domains))("autoconfig: %s", (name) => {
  const domain = domains[name] ?? sampleDomain();
  expectDocument(`autoconfig-${name}.xml`, renderAutoconfigXml(serverSettings(domain)));
});

test.each(Object.keys(domains))("autodiscover with an address: %s", (name) => {
  const settings = serverSettings(domains[name] ?? sampleDomain());
  expectDocument(`autodiscover-${name}.xml`, renderAutodiscoverPox(settings, "alice@example.com"));
});

test("autodiscover without an address leaves out User and LoginName, and nothing else", () => {
  const settings = serverSettings(sampleDomain());
  const without = renderAutodiscoverPox(settings, undefined);
  expectDocument("autodiscover-without-address.xml", without);
  const withAddress = renderAutodiscoverPox(settings, "alice@example.com");
  const rest = withAddress.replace(/ *<User>[^]*<\/User>\n/, "").replaceAll(/ *<LoginName>.*\n/g, "");
  expect(without).toBe(rest);
});

test("autodiscover escapes an address with & and '", () => {
  const settings = serverSettings(sampleDomain());
  expectDocument("autodiscover-odd-address.xml", renderAutodiscoverPox(settings, "o'neil&sons@example.com"));
});

test.each(Object.entries(POX_ERROR))("autodiscover error: %s", (name, error) => {
  const now = new Date("2026-11-23T10:20:30.123Z");
  expectDocument(`autodiscover-error-${name}.xml`, renderAutodiscoverPoxError(error, now));
});

test.each(["pop3", "everything", "panel"])("manual settings that a person can follow: %s", (name) => {
  const settings = serverSettings(domains[name] ?? sampleDomain());
  expectDocument(`settings-${name}.txt`, renderSettingsText(settings));
});
