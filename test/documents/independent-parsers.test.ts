/** Documents as another implementation reads them: expat and plistlib of python3, a developer's machine and CI have it. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { renderAutoconfigXml } from "../../src/documents/autoconfig-xml.ts";
import { renderAutodiscoverPox } from "../../src/documents/autodiscover-pox.ts";
import { renderMobileconfig } from "../../src/documents/mobileconfig.ts";
import { anyDomain } from "../spec/sample-domain.ts";
import { AUTOCONFIG, POX, violations, type XmlNode } from "./document-schema.ts";
import { serverSettings } from "./server-settings.ts";

const GOLDEN = join(import.meta.dirname, "golden");

const hasPython = spawnSync("python3", ["-c", "import plistlib, xml.etree.ElementTree"]).status === 0;
if (!hasPython) console.warn("python3 is not there: documents are not read by a second implementation");

const READ_PLISTS = `
import json, plistlib, sys
print(json.dumps([plistlib.loads(text.encode()) for text in json.load(sys.stdin)]))
`;
const READ_XML = `
import json, sys
from xml.etree import ElementTree
def node(element):
    return [element.tag, dict(element.attrib), element.text or "", [node(child) for child in element]]
print(json.dumps([node(ElementTree.fromstring(text.encode())) for text in json.load(sys.stdin)]))
`;

function python(program: string, documents: readonly string[]): readonly unknown[] {
  const { status, stdout, stderr } = spawnSync("python3", ["-c", program], {
    input: JSON.stringify(documents),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as unknown[];
}

function goldenFiles(pattern: RegExp): readonly string[] {
  const names = readdirSync(GOLDEN).filter((name) => pattern.test(name));
  expect(names.length).toBeGreaterThan(0);
  return names.map((name) => readFileSync(join(GOLDEN, name), "utf8"));
}

const samples = fc.sample(anyDomain, { numRuns: 200, seed: 6186 }).map(serverSettings);

interface Payload {
  readonly PayloadType: string;
  readonly PayloadVersion: number;
  readonly [key: string]: unknown;
}

/** Keys that a payload must have; every other one is optional (github.com/apple/device-management, verified 2026-11-23). */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  "com.apple.mail.managed": [
    "EmailAccountType",
    "IncomingMailServerAuthentication",
    "IncomingMailServerHostName",
    "OutgoingMailServerAuthentication",
    "OutgoingMailServerHostName",
  ],
  "com.apple.caldav.account": ["CalDAVHostName"],
  "com.apple.carddav.account": ["CardDAVHostName"],
};

function typeOf(value: unknown): string {
  return Number.isInteger(value) ? "integer" : typeof value;
}

function expectedType(key: string): string {
  if (/Port(Number)?$|PayloadVersion/.test(key)) return "integer";
  return /UseSSL$|^OutgoingPasswordSame/.test(key) ? "boolean" : "string";
}

test.skipIf(!hasPython)("plistlib reads every profile, with the keys and types that Apple demands", () => {
  const rendered = samples.map((settings) =>
    renderMobileconfig(settings, { address: "o'neil&<x>@example.com" }),
  );
  const texts = [...goldenFiles(/\.mobileconfig$/), ...rendered.filter((text) => text !== undefined)];
  for (const value of python(READ_PLISTS, texts)) {
    const { PayloadContent, ...outer } = value as Payload;
    expect(outer).toMatchObject({ PayloadType: "Configuration", PayloadVersion: 1 });
    const payloads = PayloadContent as readonly Payload[];
    expect(payloads[0]?.PayloadType).toBe("com.apple.mail.managed");
    for (const payload of payloads) {
      const required = REQUIRED[payload.PayloadType];
      expect(Object.keys(payload)).toEqual(expect.arrayContaining([...(required ?? ["an unknown payload"])]));
      for (const [key, item] of Object.entries(payload)) {
        expect(typeOf(item)).toBe(expectedType(key));
      }
    }
  }
});

test.skipIf(!hasPython)("plistlib gives back what special characters were put in", () => {
  const [profile] = python(READ_PLISTS, goldenFiles(/^profile-special-characters/));
  expect(profile).toMatchObject({ PayloadDisplayName: `Tom & Anna's <"Mail">` });
});

test.skipIf(!hasPython)(
  "expat finds every autoconfig document well-formed, its elements in their places",
  () => {
    const texts = [...goldenFiles(/^autoconfig-/), ...samples.map(renderAutoconfigXml)];
    const found = python(READ_XML, texts).flatMap((root) => violations(root as XmlNode, AUTOCONFIG));
    expect([...new Set(found)]).toEqual([]);
  },
);

test.skipIf(!hasPython)(
  "expat finds every answer of autodiscover well-formed, its elements in their places",
  () => {
    const address = "o'neil&<x>@example.com";
    const texts = [
      ...goldenFiles(/^(autodiscover|mobile-sync)-/),
      ...samples.map((settings) => renderAutodiscoverPox(settings, address)),
    ];
    const found = python(READ_XML, texts).flatMap((root) => violations(root as XmlNode, POX));
    expect([...new Set(found)]).toEqual([]);
  },
);

const leaf = (name: string, text: string): XmlNode => [name, {}, text, []];
const sound = [
  leaf("hostname", "mail.example.com"),
  leaf("port", "465"),
  leaf("socketType", "SSL"),
  leaf("username", "%EMAILADDRESS%"),
  leaf("authentication", "password-cleartext"),
];

test.each<readonly [string, readonly XmlNode[]]>([
  ["one out of its place", sound.toReversed()],
  ["one that is missing", sound.slice(1)],
  ["one twice", [sound[0] ?? leaf("", ""), ...sound]],
  ["one that is unknown", [...sound, leaf("password", "x")]],
  ["a value out of its set", sound.with(2, leaf("socketType", "TLS"))],
  ["white space in a leaf", sound.with(1, leaf("port", " 465 "))],
])("the schema itself finds a wrong element: %s", (_, children) => {
  const server = (found: readonly XmlNode[]): XmlNode => ["outgoingServer", { type: "smtp" }, "\n", found];
  expect(violations(server(sound), AUTOCONFIG)).toEqual([]);
  expect(violations(server(children), AUTOCONFIG)).not.toEqual([]);
});
