import { expect, test } from "vitest";
import { signCms } from "../../../src/certificates/sign-cms.ts";
import type { WorldResponse } from "../../../src/clients/world.ts";
import { checkProfile } from "../../../src/doctor/checks/profile.ts";
import { renderMobileconfig } from "../../../src/documents/mobileconfig.ts";
import { makeAuthority } from "../../certificates/make-chain.ts";
import { serverSettings } from "../../documents/server-settings.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";
import { answered } from "../planned-world.ts";
import { HTML, NOW, plannedSubject, troublesOf } from "./check-subject.ts";

const spec = sampleDomain();
const authority = await makeAuthority(NOW);
const leaf = await authority.issue({ dnsNames: ["example.com"] });
const text = renderMobileconfig(serverSettings(spec)) ?? "";
const TYPE = { "content-type": "application/x-apple-aspen-config" };

async function sign(
  profile: string,
  fullChainPem = `${leaf.pem}${authority.intermediate.pem}`,
): Promise<Uint8Array> {
  return signCms(new TextEncoder().encode(profile), {
    fullChainPem,
    privateKeyPem: leaf.keyPem,
    signedAt: NOW,
  });
}

/** What is wrong with a profile of these bytes. */
async function profile(
  bytes: Uint8Array,
  ca: string = authority.root.pem,
  now: Date = NOW,
): Promise<readonly string[]> {
  const response = { ...answered(200, TYPE, new TextDecoder().decode(bytes)), bytes } as WorldResponse;
  const request = ({ url }: { url: string }): WorldResponse | undefined =>
    url.endsWith(".mobileconfig") ? response : undefined;
  const troubles = await troublesOf(
    checkProfile,
    plannedSubject(spec, { request }, { options: { ca }, now }),
  );
  return troubles.map((line) =>
    line.replace(" profile GET https://autoconfig.example.com/example.com.mobileconfig", ""),
  );
}

test("a profile that is signed with a trusted chain is right", async () => {
  expect(await profile(await sign(text))).toEqual([]);
});

test("an unsigned one is a warning, one signed by an unknown root or without the chain a failure", async () => {
  expect(await profile(new TextEncoder().encode(text))).toEqual([
    "warn: not signed: devices show it as not verified",
  ]);
  const other = await makeAuthority(NOW);
  expect(await profile(await sign(text), other.root.pem)).toEqual([
    "fail: signed by mail.example.com, chain incomplete",
  ]);
  expect(await profile(await sign(text, leaf.pem))).toEqual([
    "fail: signed by mail.example.com, chain incomplete",
  ]);
});

test("one with a changed octet does not hold, and one whose certificate has run out fails", async () => {
  const changed = Buffer.from(await sign(text));
  changed[changed.indexOf("993")] = 0x38;
  expect(await profile(changed)).toContain("fail: the signature does not hold");
  const later = new Date(NOW.getTime() + 100 * 86_400_000);
  expect((await profile(await sign(text), authority.root.pem, later))[0]).toMatch(
    /^fail: signed by mail\.example\.com, expired on/,
  );
});

test("the servers are those of the spec, and every payload has its identifiers", async () => {
  expect((await profile(await sign(text.replace("<integer>993<", "<integer>143<"))))[0]).toMatch(
    /^fail: incoming mail\.example\.com:143 implicit, .*not incoming mail\.example\.com:993/,
  );
  const unnamed = text.replace(/<key>PayloadUUID<\/key>\s*<string>[^<]*<\/string>/, "");
  expect(await profile(await sign(unnamed))).toEqual([
    "fail: 1 payloads without PayloadUUID or PayloadIdentifier",
  ]);
  expect(await profile(await sign("<plist><dict/></plist>"))).toEqual(["fail: no configuration profile"]);
});

test("a page in its place is a failure by its content type", async () => {
  const request = ({ url }: { url: string }): WorldResponse | undefined =>
    url.endsWith(".mobileconfig") ? answered(200, HTML, "<html/>") : undefined;
  expect(await troublesOf(checkProfile, plannedSubject(spec, { request }))).toEqual([
    "fail profile GET https://autoconfig.example.com/example.com.mobileconfig: HTTP 200, content type text/html",
  ]);
});
