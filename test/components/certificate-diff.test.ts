import { beforeEach, describe, expect, test } from "vitest";
import { createCertificateKey } from "../../src/certificates/certificate-key.ts";
import { hasUnknown } from "../../src/components/providers/dynamic-provider.ts";
import { certificateWorld, type CertificateWorld, type Stored } from "./certificate-world.ts";

const otherKeyPem = await createCertificateKey("P-256");
let world: CertificateWorld;
let stored: Stored;

beforeEach(async () => {
  world = await certificateWorld();
  stored = await world.create();
});

describe("a certificate is issued anew, in place,", () => {
  test("not while it is young and asked for in the same way", async () => {
    expect(await world.up(stored)).toMatchObject({ changed: false, lines: [] });
    expect(world.ca.orders).toHaveLength(1);
  });

  test("not for names in another order or spelling", async () => {
    const dnsNames = ["Example.com.", "*.example.com"];
    expect((await world.up(stored, { dnsNames })).changed).toBe(false);
  });

  test.each([
    ["other names", { dnsNames: ["example.com"] }, "other names (example.com)"],
    ["another CA", { directoryUrl: "https://other.test/dir" }, "another CA (https://other.test/dir)"],
    ["another profile", { profile: "tlsserver" }, "another profile (tlsserver)"],
    ["another chain", { preferredChain: "Root X2" }, "another chain (Root X2)"],
    ["another key", { privateKeyPem: otherKeyPem }, "another key"],
  ])("for %s, and one line says so", async (_what, changed, reason) => {
    const { stored: next, lines, error } = await world.up(stored, changed);
    expect(error).toBeUndefined();
    expect(lines.filter((line) => line.includes("new certificate"))).toEqual([
      expect.stringContaining(`: new certificate: ${reason}`),
    ]);
    expect(next.outs.serial).not.toBe(stored.outs.serial);
    expect(world.ca.orders).toHaveLength(2);
    expect((await world.up(next, changed)).changed).toBe(false);
  });

  test("once its renewal is due, with the time in the reason", async () => {
    world.pass(61);
    const { stored: next, lines } = await world.up(stored);
    expect(lines[0]).toContain(`renewal due since ${stored.outs.renewAt}`);
    expect(next.outs.serial).not.toBe(stored.outs.serial);
  });

  test("once less than a twentieth of its life is left, whatever was planned", async () => {
    world.pass(86);
    const late = { ...stored, outs: { ...stored.outs, renewAt: stored.outs.notAfter } };
    expect((await world.up(late)).lines[0]).toMatch(/1\/20/);
  });

  test("naming its predecessor at the same CA alone", async () => {
    await world.up(stored, { dnsNames: ["example.com"] });
    await world.up(stored, { directoryUrl: "https://other.test/dir" });
    expect(world.ca.orders.map(({ replaces }) => replaces)).toEqual([
      undefined,
      stored.outs.certId,
      undefined,
    ]);
  });
});

test.each([
  ["the token's zones", { zones: [{ id: "other", name: "example.com" }] }],
  ["the account's key", { accountKeyPem: "rolled" }],
  ["revocation at the end", { revokeOnDelete: true }],
  ["what a failed renewal is", { renewalFailure: "error" as const }],
  ["the schedule", { scheduleHours: 24 }],
])("another setting (%s) is stored and orders nothing", async (_what, changed) => {
  const { stored: next, changed: asked } = await world.up(stored, changed);
  expect(asked).toBe(true);
  expect(next.outs).toEqual({ ...stored.outs, ...changed });
  expect(world.ca.orders).toHaveLength(1);
  expect((await world.up(next, changed)).changed).toBe(false);
});

test("another address of the account, as after it was registered anew, changes nothing", async () => {
  expect((await world.up(stored, { accountUrl: "https://ca.test/account/2" })).changed).toBe(false);
  expect((await world.up(stored, { accountUrl: "" })).changed).toBe(false);
});

test("a preview that does not know an input says a change and asks nobody", async () => {
  const { provider } = world.run();
  const unknown = { ...world.wish, accountKeyPem: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
  const before = world.ca.calls.length;
  expect(hasUnknown(unknown)).toBe(true);
  expect(await provider.diff("id", {}, unknown)).toEqual({ changes: true });
  expect(world.ca.calls).toHaveLength(before);
});

test("the outputs are the inputs and what the contract names, and nothing undefined", () => {
  const made =
    "ariRetryAt certId certUrl certificatePem chainPem fullChainPem issuedAt issuer names notAfter notBefore orderUrl renewAt renewBefore serial spkiSha256";
  const keys = [...Object.keys(world.wish), ...made.split(" ")];
  expect(Object.keys(stored.outs).toSorted()).toEqual(keys.toSorted());
  expect(stored.id).toBe(stored.outs.certUrl);
});
