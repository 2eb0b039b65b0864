import { beforeEach, describe, expect, test } from "vitest";
import { createCertificateKey, spkiSha256 } from "../../src/certificates/certificate-key.ts";
import { MailAutodiscoverError } from "../../src/errors.ts";
import { acmeError } from "../certificates/fake-acme.ts";
import { certificateWorld, DAY_MS, type CertificateWorld, type Stored } from "./certificate-world.ts";

const otherKeyPem = await createCertificateKey("P-256");
let world: CertificateWorld;
let stored: Stored;

beforeEach(async () => {
  world = await certificateWorld();
  stored = await world.create();
});

function rateLimited(hours: number): Error {
  const retryAt = new Date(world.now().getTime() + (hours * DAY_MS) / 24);
  return new MailAutodiscoverError("acme-rate-limited", "Too many certificates.", {
    remedy: "Wait.",
    retryAt,
  });
}

describe("a failed renewal with life left", () => {
  test("is a warning: the certificate stays, the failure is stored, the next run tries again", async () => {
    world.pass(61);
    world.ca.failing = { order: acmeError("acme-unreachable") };
    const failed = await world.up(stored);
    expect(failed.error).toBeUndefined();
    expect(failed.lines).toHaveLength(2);
    expect(failed.lines[1]).toBe(
      `*.example.com, example.com: warning: no new certificate (renewal due since ${stored.outs.renewAt}): test: acme-unreachable. ` +
        `The present one, valid until ${stored.outs.notAfter}, stays in use; the next run tries again; from ${stored.outs.renewBefore} on this is an error.`,
    );
    const { lastError, ...rest } = failed.stored.outs;
    // The run's diff asked when to renew; what it learned is stored with the failure.
    expect(rest).toEqual({ ...stored.outs, ariRetryAt: expect.any(String) as string });
    expect(lastError).toEqual({
      code: "acme-unreachable",
      message: "test: acme-unreachable",
      at: world.now().toISOString(),
      reason: `renewal due since ${stored.outs.renewAt}`,
      mayResume: false,
    });

    expect(world.ca.orders).toHaveLength(2);
    world.ca.failing = {};
    const { stored: next } = await world.up(failed.stored);
    expect(next.outs).not.toHaveProperty("lastError");
    expect(next.outs.serial).not.toBe(stored.outs.serial);
    expect(world.ca.orders).toHaveLength(3);
  });

  test("is an error where that is asked for, and the state stays as it was", async () => {
    world.pass(61);
    world.ca.failing = { order: acmeError("acme-unreachable") };
    const failed = await world.up(stored, { renewalFailure: "error" });
    expect(failed.error?.message).toBe("test: acme-unreachable\n  None.");
    expect(failed.stored.outs).toEqual(stored.outs);
  });

  test("waits as long as the CA said, says so, and asks for nothing meanwhile", async () => {
    world.pass(61);
    world.ca.failing = { order: rateLimited(34) };
    const failed = await world.up(stored);
    expect(failed.lines[1]).toContain(`next possible at ${failed.stored.outs.lastError?.retryAt}`);
    world.pass(1);
    const waiting = await world.up(failed.stored);
    expect(waiting.changed).toBe(false);
    expect(waiting.lines[0]).toContain(
      `the CA takes no attempt before ${failed.stored.outs.lastError?.retryAt}`,
    );
    expect(world.ca.orders).toHaveLength(2);
    world.ca.failing = {};
    world.pass(1);
    expect((await world.up(failed.stored)).stored.outs.serial).not.toBe(stored.outs.serial);
  });

  test("does not hold another wish up", async () => {
    world.ca.failing = { order: rateLimited(34) };
    const failed = await world.up(stored, { dnsNames: ["example.com"] });
    world.ca.failing = {};
    const { stored: next } = await world.up(failed.stored, { dnsNames: ["mail.example.com"] });
    expect(next.outs.names).toEqual(["mail.example.com"]);
  });

  test("of a wrong program is an error all the same: a pipeline must not stay green over it", async () => {
    const failed = await world.up(stored, { dnsNames: [] });
    expect(failed.error?.message).toContain("A certificate without a name was asked for.");
  });
});

describe("a change that the CA refuses", () => {
  test("is an error whatever life is left: what was asked for is not there", async () => {
    world.ca.failing = { order: acmeError("acme-refused") };
    for (const change of [
      { dnsNames: ["example.com"] },
      { profile: "tlsserver" },
      { privateKeyPem: otherKeyPem },
    ]) {
      const failed = await world.up(stored, change);
      expect(failed.error?.message).toContain("test: acme-refused");
      // Chain and key stay the former ones together.
      expect(failed.stored.outs).toEqual(stored.outs);
    }
  });

  test("is made by the next run, and forgotten where it is not wanted any more", async () => {
    world.ca.failing = { order: acmeError("acme-refused") };
    const failed = await world.up(stored, { privateKeyPem: otherKeyPem });
    expect((await world.up(failed.stored)).changed).toBe(false);
    world.ca.failing = {};
    const { stored: next } = await world.up(failed.stored, { privateKeyPem: otherKeyPem });
    expect(next.outs.privateKeyPem).toBe(otherKeyPem);
    expect(next.outs.spkiSha256).toBe(spkiSha256(otherKeyPem));
  });
});

test("below a sixth of the life a failed renewal is an error, and the CA's time does not silence it", async () => {
  world.pass(61);
  world.ca.failing = { order: rateLimited(24 * 20) };
  const failed = await world.up(stored);
  expect(failed.error).toBeUndefined();
  world.pass(13);
  expect((await world.up(failed.stored)).changed).toBe(false);
  world.pass(2);
  const late = await world.up(failed.stored);
  expect(late.error?.message).toContain("Too many certificates.");
  expect(late.stored.outs).toEqual(failed.stored.outs);
});

describe("a certificate that was issued and could not be fetched", () => {
  test("at its creation leaves a resource with the order, whose next update fetches it", async () => {
    world.ca.failing = { download: acmeError("acme-unreachable") };
    const thrown: unknown = await world.create().catch((reason: unknown) => reason);
    expect(thrown).toMatchObject({
      id: "https://ca.test/order/2",
      reasons: ["test: acme-unreachable\n  None."],
      properties: { ...world.wish, orderUrl: "https://ca.test/order/2", lastError: { mayResume: true } },
    });
    const { id, properties } = thrown as { id: string; properties: Stored["outs"] };
    expect(properties).not.toHaveProperty("certificatePem");

    const partial = { id, outs: properties };
    const still = await world.up(partial);
    expect(still.error).toMatchObject({ id });
    expect(still.stored.outs.issuedAt).toEqual(properties.issuedAt);
    world.ca.failing = {};
    const { stored: next, lines } = await world.up(still.stored);
    expect(lines[0]).toContain("the order https://ca.test/order/2 is to be brought to its end");
    expect(next.outs).toMatchObject({ orderUrl: "https://ca.test/order/2", issuedAt: properties.issuedAt });
    expect(next.outs).not.toHaveProperty("lastError");
    // The one of beforeEach, and this one.
    expect(world.ca.orders).toHaveLength(2);
  });

  test("at a renewal is fetched by the next run without another order", async () => {
    world.pass(61);
    world.ca.failing = { download: acmeError("acme-unreachable") };
    const failed = await world.up(stored);
    expect(failed.error).toBeUndefined();
    expect(failed.stored.outs).toMatchObject({
      serial: stored.outs.serial,
      orderUrl: "https://ca.test/order/2",
      lastError: { mayResume: true },
    });
    world.ca.failing = {};
    const { stored: next } = await world.up(failed.stored);
    expect(next.outs.serial).not.toBe(stored.outs.serial);
    expect(next.outs).not.toHaveProperty("lastError");
    expect(world.ca.orders).toHaveLength(2);
  });

  test("at a renewal that must not fail keeps the former one in the partial state", async () => {
    world.pass(61);
    world.ca.failing = { download: acmeError("acme-unreachable") };
    const failed = await world.up(stored, { renewalFailure: "error" });
    expect(failed.error).toMatchObject({ id: stored.id });
    expect(failed.stored.outs).toMatchObject({
      certificatePem: stored.outs.certificatePem,
      privateKeyPem: stored.outs.privateKeyPem,
      orderUrl: "https://ca.test/order/2",
    });
    world.ca.failing = {};
    const { stored: next } = await world.up(failed.stored, { renewalFailure: "error" });
    expect(next.outs.serial).not.toBe(stored.outs.serial);
    expect(world.ca.orders).toHaveLength(2);
  });

  test("keeps the text of its provider in the partial state, without which the engine could not go on", async () => {
    world.ca.failing = { download: acmeError("acme-unreachable") };
    const inputs = { ...world.wish, __provider: "text" };
    await expect(world.run().provider.create(inputs)).rejects.toMatchObject({
      properties: { __provider: "text" },
    });
  });
});

test("a failed creation before the CA can have issued leaves nothing", async () => {
  world.ca.failing = { order: acmeError("acme-refused") };
  const thrown: unknown = await world.create().catch((reason: unknown) => reason);
  expect(thrown).toBeInstanceOf(Error);
  expect(thrown).not.toHaveProperty("id");
  expect((thrown as Error).stack).not.toMatch(/^\s+at /m);
});

test("no line and no error bears a key", async () => {
  world.pass(61);
  world.ca.failing = { download: acmeError("acme-unreachable") };
  const failed = await world.up(stored, { renewalFailure: "error", privateKeyPem: otherKeyPem });
  const said = [...failed.lines, failed.error?.message, failed.error?.stack].join("\n");
  expect(said).not.toContain("PRIVATE KEY");
  expect(said).not.toContain("account key");
});
