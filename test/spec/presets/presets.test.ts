import { expect, test } from "vitest";
import { DISCOVERY_LABELS } from "../../../src/spec/discovery-labels.ts";
import { parseHostName } from "../../../src/spec/host-name.ts";
import { applyPreset } from "../../../src/spec/presets/apply-preset.ts";
import { PRESETS } from "../../../src/spec/presets/presets.ts";
import { expectGolden } from "../../dns/golden-file.ts";
import { presetFile } from "./preset-file.ts";

test("the presets are sorted, and each name stands once", () => {
  const names = PRESETS.map((preset) => preset.name);
  const byCodePoint = (a: string, b: string): number => (a < b ? -1 : 1);
  expect(names).toEqual([...new Set(names)].toSorted(byCodePoint));
  expect(names).not.toContain("none");
});

test.each(PRESETS.map((preset) => [preset.name, preset] as const))(
  "%s has https sources, each once, and the day on which they were read",
  (_name, preset) => {
    expect(preset.sources.length).toBeGreaterThan(0);
    expect(new Set(preset.sources).size).toBe(preset.sources.length);
    for (const source of preset.sources) expect(new URL(source).protocol).toBe("https:");
    expect(new Date(`${preset.verified}T00:00:00Z`).toISOString().slice(0, 10)).toBe(preset.verified);
  },
);

test.each(PRESETS.map((preset) => [preset.name, preset] as const))(
  "%s applied to example.com gives the golden file",
  (name, preset) => {
    const { file, facts, hasClientSettings, issues } = applyPreset(presetFile(preset));
    expect(issues).toEqual([]);
    expectGolden(
      new URL(`golden/${name}.json`, import.meta.url),
      `${JSON.stringify({ file, facts, hasClientSettings }, undefined, 2)}\n`,
    );
  },
);

test.each(PRESETS.map((preset) => [preset.name, preset] as const))(
  "%s names only hosts in the form that records need",
  (_name, preset) => {
    const { file, facts } = applyPreset(presetFile(preset));
    const services = [file.mailServer?.imap, file.mailServer?.pop3, file.mailServer?.submission].flat();
    const hosts = [
      file.mailServer?.host,
      ...services.map((service) => (typeof service === "object" ? service.host : undefined)),
      ...(file.mx === undefined || file.mx === false ? [] : file.mx.map(({ host }) => host)),
      ...(file.dkim ?? []).map(({ cname }) => cname?.replace("._domainkey.", ".")),
      ...Object.values(facts.discovery),
      facts.autodiscoverSrv,
    ].filter((host) => host !== undefined);
    expect(hosts.length).toBeGreaterThan(0);
    for (const host of hosts) expect(parseHostName(host)).toEqual({ ok: true, value: host });
    const urls = [file.webmail, file.calDav, file.cardDav, file.jmap].filter((url) => url !== undefined);
    expect(urls.map((url) => new URL(url).href)).toEqual(urls);
  },
);

test.each(
  PRESETS.filter((preset) => preset.kind === "panel").map((preset) => [preset.name, preset] as const),
)(
  "the panel %s leaves the server's host and the delivery to the file, and says how its own answers end",
  (_name, preset) => {
    const { file, facts } = applyPreset({ domain: "example.com", preset: preset.name });
    expect(file.mailServer?.host).toBeUndefined();
    expect([file.mx, file.spf, file.dkim]).toEqual([undefined, undefined, undefined]);
    expect(facts.answers.length).toBeGreaterThan(0);
    expect(DISCOVERY_LABELS).toEqual(expect.arrayContaining([...facts.answers]));
    expect(facts.answersRemedy).toMatch(/^[A-Z][^.]*(\.[a-z][^.]*)*\.$/);
  },
);

test.each(
  PRESETS.filter((preset) => preset.kind === "hosted").map((preset) => [preset.name, preset] as const),
)(
  "the provider %s gives exchangers and SPF, makes no names for guessing and invents no DMARC policy",
  (_name, preset) => {
    const { file } = applyPreset(presetFile(preset));
    expect(file.mx).not.toEqual([]);
    expect(file.mx).toBeInstanceOf(Array);
    expect(file.spf).toMatch(/^v=spf1 include:\S+ [-~?]all$/);
    expect(file.guessNames).toEqual([]);
    expect(file.dmarc).toBeUndefined();
  },
);
