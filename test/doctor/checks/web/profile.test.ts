import { expect, test } from "vitest";
import { signCms } from "../../../../src/certificates/cms/sign-cms.ts";
import { memoWorld } from "../../../../src/clients/world/memo-world.ts";
import type { WorldResponse } from "../../../../src/clients/world/world.ts";
import { checkProfile } from "../../../../src/doctor/checks/web/profile.ts";
import { renderMobileconfig } from "../../../../src/documents/mobileconfig.ts";
import { makeAuthority } from "../../../certificates/make-chain.ts";
import { serverSettings } from "../../../documents/server-settings.ts";
import { sampleDomain } from "../../../spec/sample-domain.ts";
import { answered } from "../../planned-world.ts";
import { foreignSubject, HTML, NOW, plannedSubject, troublesOf } from "../check-subject.ts";

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

test("identifiers are each payload's own, and those of the spec", async () => {
  const [first = "", second = ""] = [...text.matchAll(/<key>PayloadUUID<\/key>\s*<string>([^<]*)</g)].map(
    ([, uuid]) => uuid,
  );
  expect([first, second].every((uuid) => uuid !== "")).toBe(true);
  expect(await profile(await sign(text.replaceAll(second, first)))).toEqual([
    "fail: one PayloadUUID in several payloads: devices refuse the profile",
  ]);
  const random = text.replaceAll(first, "0F0E0D0C-0B0A-4908-8706-050403020100");
  expect(await profile(await sign(random))).toEqual([
    "fail: other identifiers than those of the spec: devices would set the account up once more",
  ]);
});

test("without a spec identifiers have to be those of the download before", async () => {
  const download = async (uuidOf: (nth: number) => string): Promise<readonly string[]> => {
    let downloads = 0;
    const subject = foreignSubject({
      zones: { "example.com": ["autoconfig.example.com A 203.0.113.80"] },
      servers: {
        "203.0.113.80": {
          https: (_, path) => {
            if (!path.endsWith(".mobileconfig")) return undefined;
            downloads += 1;
            const uuid = `${uuidOf(downloads)}-0B0A-4908-8706-050403020100`;
            const body = text.replace(/(<key>PayloadUUID<\/key>\s*<string>)[^<]*/, `$1${uuid}`);
            return { status: 200, type: TYPE["content-type"], body };
          },
        },
      },
    });
    const troubles = await troublesOf(checkProfile, { ...subject, world: memoWorld(subject.world) });
    return troubles.filter((line) => line.startsWith("fail"));
  };
  expect(await download(() => "0F0E0D0C")).toEqual([]);
  expect(await download((nth) => `0000000${nth}`)).toEqual([
    expect.stringContaining("other identifiers at each download") as unknown,
  ]);
});

test("a page in its place is a failure by its content type", async () => {
  const request = ({ url }: { url: string }): WorldResponse | undefined =>
    url.endsWith(".mobileconfig") ? answered(200, HTML, "<html/>") : undefined;
  expect(await troublesOf(checkProfile, plannedSubject(spec, { request }))).toEqual([
    "fail profile GET https://autoconfig.example.com/example.com.mobileconfig: HTTP 200, content type text/html",
  ]);
});
