import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { DomainFile } from "../../../src/spec/domain-file.ts";
import { applyPreset } from "../../../src/spec/presets/apply-preset.ts";
import { PRESETS } from "../../../src/spec/presets/presets.ts";
import { presetFile } from "./preset-file.ts";

const mxHost = "example-com.mail.protection.outlook.com";
const apply = (file: Partial<DomainFile>): ReturnType<typeof applyPreset> =>
  applyPreset({ domain: "example.com", ...file });
const pathsOf = (preset: DomainFile["preset"]): string[] => apply({ preset }).issues.map(({ path }) => path);

test.each([undefined, "none", { name: "none" }])("the preset %j leaves the file as it is", (preset) => {
  const file: DomainFile = { domain: "example.com", preset, mailServer: { host: "mail.example.com" } };
  const applied = applyPreset(file);
  expect(applied.file).toBe(file);
  expect(applied).toMatchObject({ hasClientSettings: true, issues: [] });
  expect(applied.facts).toEqual({
    name: "none",
    title: "",
    discovery: {},
    autodiscoverSrv: undefined,
    answers: [],
    answersRemedy: undefined,
    spamTraining: undefined,
  });
});

test("an unknown preset is named with the nearest one and the whole list", () => {
  const applied = apply({ preset: "microsoft356" });
  expect(applied.file).toEqual({ domain: "example.com", preset: "microsoft356" });
  expect(applied.facts.name).toBe("none");
  expect(applied.issues).toMatchObject([{ path: "preset", value: '"microsoft356"' }]);
  expect(applied.issues[0]?.message).toContain('"microsoft365"');
  for (const { name } of PRESETS) expect(applied.issues[0]?.remedy).toContain(name);
  expect(pathsOf({ name: "pleks" })).toEqual(["preset.name"]);
});

test("a missing value is an issue at its path that says what it is and shows an example", () => {
  const { issues } = apply({ preset: "microsoft365" });
  expect(issues).toMatchObject([{ path: "preset.mxHost", value: undefined }]);
  expect(issues[0]?.message).toContain("is missing");
  expect(issues[0]?.remedy).toContain(`admin center`);
  expect(issues[0]?.remedy).toContain(`mxHost: ${mxHost}`);
});

test("a missing value does not hide what else the file says or lacks", () => {
  expect(apply({ preset: "microsoft365" }).file.mailServer?.host).toBe("outlook.office365.com");
});

test("missing, malformed and unknown values come all at once", () => {
  expect(
    pathsOf({ name: "microsoft365", dkimTarget1: "example.com", dkimTarget3: "x", mxhost: mxHost }),
  ).toEqual(["preset.mxHost", "preset.dkimTarget1", "preset.dkimTarget3", "preset.mxhost"]);
});

test("an unknown value is named with the nearest one, where the preset takes any", () => {
  const known = apply({ preset: { name: "zoho", region: "eu", regoin: "eu" } }).issues;
  expect(known).toMatchObject([{ path: "preset.regoin" }]);
  expect(known[0]?.message).toContain('"region"');
  const none = apply({ preset: { name: "fastmail", region: "eu" } }).issues;
  expect(none).toMatchObject([{ path: "preset.region", remedy: "Remove it." }]);
  expect(pathsOf({ name: "none", region: "eu" })).toEqual(["preset.region"]);
});

test.each([
  ["microsoft365", "mxHost", "mail.example.com"],
  ["microsoft365", "mxHost", "mail.protection.outlook.com"],
  ["microsoft365", "mxHost", `${mxHost}.example.net`],
  ["zoho", "region", "uk"],
  ["proton", "dkimId", "protonmail.domainkey.dexample.domains.proton.ch"],
])("%s refuses as %s the text %s", (name, key, text) => {
  expect(apply({ preset: { name, [key]: text } }).issues).toMatchObject([
    { path: `preset.${key}`, value: `"${text}"` },
  ]);
});

test.each([
  mxHost,
  "Example-Com.Mail.Protection.Outlook.com.",
  ` ${mxHost} `,
  "example-com.a-v1.mx.microsoft",
])("Microsoft 365 takes the exchanger %j, lower case and without the final dot", (text) => {
  const applied = apply({ preset: { name: "microsoft365", mxHost: text } });
  expect(applied.issues).toEqual([]);
  expect(applied.file.mx).toEqual([{ host: text.trim().toLowerCase().replace(/\.$/, ""), priority: 0 }]);
});

test("a provider's DKIM targets carry the domain in A-labels", () => {
  const { file } = applyPreset({ domain: "Bücher.example.", preset: "fastmail" });
  expect(file.dkim?.[0]).toEqual({ selector: "fm1", cname: "fm1.xn--bcher-kva.example.dkim.fmhosted.com" });
});

test("DKIM keys whose optional targets are not given are left out", () => {
  const preset = { name: "microsoft365", mxHost };
  expect(apply({ preset }).file.dkim).toBeUndefined();
  const dkimTarget2 = "selector2-example-com._domainkey.example.onmicrosoft.com";
  expect(apply({ preset: { ...preset, dkimTarget2 } }).file.dkim).toEqual([
    { selector: "selector2", cname: dkimTarget2 },
  ]);
});

test("the file's values win over the preset's, those of mailServer key by key", () => {
  const { file } = apply({
    preset: "fastmail",
    mailServer: { imap: { port: 1993 }, pop3: false, submission: undefined },
    mx: false,
    spf: "v=spf1 -all",
    webmail: "https://webmail.example.com/",
    guessNames: ["mail"],
    dkim: undefined,
  });
  expect(file).toMatchObject({
    mailServer: {
      host: "imap.fastmail.com",
      imap: { port: 1993 },
      pop3: false,
      submission: { host: "smtp.fastmail.com", tls: "implicit", port: 465 },
    },
    mx: false,
    spf: "v=spf1 -all",
    webmail: "https://webmail.example.com/",
    guessNames: ["mail"],
  });
  expect(file.dkim).toHaveLength(3);
});

test("a panel's addresses follow the host that the file names", () => {
  const { file } = apply({ preset: "mailcow", mailServer: { host: "MX.example.net." } });
  expect([file.webmail, file.calDav]).toEqual([
    "https://mx.example.net/SOGo/",
    "https://mx.example.net/SOGo/dav/",
  ]);
  expect(apply({ preset: "mailcow" }).file.webmail).toBeUndefined();
});

test.each(["proton", "icloud"])(
  "%s without servers of the file announces every service as not offered",
  (preset) => {
    const applied = apply({ preset });
    expect(applied.hasClientSettings).toBe(false);
    expect(applied.file.mailServer).toMatchObject({ imap: false, pop3: false, submission: false });
    expect(applied.issues).toEqual([]);
  },
);

test.each(["proton", "icloud"])("%s with a mail server of the file announces that one alone", (preset) => {
  const mailServer = { host: "bridge.example.com", submission: { port: 1025 } };
  const applied = apply({ preset, mailServer });
  expect(applied.hasClientSettings).toBe(true);
  expect(applied.file.mailServer).toEqual(mailServer);
});

const host = fc.constantFrom("mail.example.com", "mail.example.net");
const given = fc.record(
  {
    mailServer: fc.record(
      { host, imap: fc.constantFrom(false, { port: 1993 }), pop3: fc.constant(false), sieve: fc.boolean() },
      { requiredKeys: [] },
    ),
    username: fc.constantFrom("address", "localPart"),
    webmail: fc.constant("https://webmail.example.com/"),
    mx: fc.constantFrom(false, [{ host: "mx.example.net" }]),
    spf: fc.constantFrom("v=spf1 -all", undefined),
    dmarc: fc.constant("v=DMARC1; p=none"),
  },
  { requiredKeys: [] },
);

test("a preset applied twice gives what it gave the first time", () => {
  fc.assert(
    fc.property(fc.constantFrom(...PRESETS), given, (preset, own) => {
      const once = applyPreset({ ...presetFile(preset), ...own } as DomainFile);
      expect(once.issues).toEqual([]);
      expect(applyPreset(once.file)).toEqual(once);
    }),
  );
});

test("what a file says survives every preset", () => {
  fc.assert(
    fc.property(fc.constantFrom(...PRESETS), given, (preset, own) => {
      const { file } = applyPreset({ ...presetFile(preset), ...own } as DomainFile);
      const said = Object.entries(own).filter(([key, value]) => value !== undefined && key !== "mailServer");
      expect(file).toMatchObject(Object.fromEntries(said));
      expect(file.mailServer ?? {}).toMatchObject(own.mailServer ?? {});
    }),
  );
});
