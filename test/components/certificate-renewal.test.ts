import { beforeEach, describe, expect, test } from "vitest";
import type { RenewalInfo } from "../../src/certificates/ports.ts";
import { certificateWorld, DAY_MS, type CertificateWorld, type Stored } from "./certificate-world.ts";

let world: CertificateWorld;
let stored: Stored;

beforeEach(async () => {
  world = await certificateWorld();
  world.ca.renewal = windowOf(59, 61);
  stored = await world.create();
});

/** A window that many days from now. */
function windowOf(from: number, to: number, explanationUrl?: string): RenewalInfo {
  const at = (days: number): string => new Date(world.now().getTime() + days * DAY_MS).toISOString();
  return { window: { start: at(from), end: at(to) }, explanationUrl, retryAfterMs: DAY_MS / 4 };
}

const questions = (): number => world.ca.calls.filter((each) => each === "renewalInfo").length;

describe("the CA's renewal window", () => {
  test("is asked for by a run only once its answer is old enough", async () => {
    const before = questions();
    await world.up(stored);
    expect(questions()).toBe(before);
    world.pass(0.3);
    await world.up(stored);
    expect(questions()).toBe(before + 1);
  });

  test("that moved to the past renews at the next run, with the CA's page in the line", async () => {
    world.pass(3);
    world.ca.renewal = windowOf(-2, -1, "https://ca.test/incident");
    const asked = questions();
    const { stored: next, lines } = await world.up(stored);
    expect(lines[0]).toMatch(
      /^\*\.example\.com, example\.com: new certificate: the CA asks for a renewal now.*see https:\/\/ca\.test\/incident\)$/u,
    );
    expect(next.outs.serial).not.toBe(stored.outs.serial);
    expect(world.ca.orders.at(-1)?.replaces).toBe(stored.outs.certId);
    // One question of the diff, one of the new certificate; none of the update about the former one.
    expect(questions()).toBe(asked + 2);
  });

  test("that moved, but not to the past, is no change of its own, and each run draws the same moment", async () => {
    world.pass(3);
    world.ca.renewal = windowOf(20, 30);
    const first = await world.up(stored);
    expect(first).toMatchObject({ changed: false });
    const written = await world.up(stored, { scheduleHours: 24 });
    const again = await world.up(stored, { scheduleHours: 24 });
    const { renewAt, ariWindow } = written.stored.outs;
    expect(ariWindow).toEqual(world.ca.renewal.window);
    expect(renewAt >= (ariWindow?.start ?? "") && renewAt <= (ariWindow?.end ?? "")).toBe(true);
    expect(again.stored.outs.renewAt).toBe(renewAt);
    expect(world.ca.orders).toHaveLength(1);
  });

  test("that moved on puts a renewal off that would be due by the stored one", async () => {
    world.pass(62);
    expect((await world.up(stored)).changed).toBe(true);
    world.ca.renewal = windowOf(1, 2);
    expect((await world.up(stored)).changed).toBe(false);
  });

  test("without an answer, or with a malformed one, leaves plan and preview as they are", async () => {
    world.pass(1);
    for (const answer of [new Error("500"), undefined, { ...windowOf(2, 1) }]) {
      world.ca.renewal = answer;
      expect(await world.up(stored)).toMatchObject({ changed: false, lines: [] });
    }
    world.pass(60);
    expect((await world.up(stored)).lines[0]).toMatch(/renewal/u);
  });
});

describe("a refresh", () => {
  const refresh = async (): Promise<{ outs: Stored["outs"]; lines: readonly string[] }> => {
    const { provider, lines } = world.run();
    const { props } = await provider.read(stored.id, stored.outs);
    return { outs: props as Stored["outs"], lines };
  };

  test("stores a new window, and the moment where it is still inside", async () => {
    world.pass(1);
    world.ca.renewal = windowOf(50, 65);
    const { outs } = await refresh();
    expect(outs).toMatchObject({ renewAt: stored.outs.renewAt, ariWindow: world.ca.renewal.window });
    expect(outs.ariRetryAt).not.toBe(stored.outs.ariRetryAt);
    expect((await world.up({ ...stored, outs })).changed).toBe(false);
  });

  test("changes nothing before the CA may be asked again", async () => {
    expect((await refresh()).outs).toEqual(stored.outs);
  });

  test("warns of a CA that fails and keeps the state", async () => {
    world.pass(1);
    world.ca.renewal = new Error("HTTP status 500");
    const { outs, lines } = await refresh();
    expect(outs).toEqual(stored.outs);
    expect(lines).toEqual([
      "*.example.com, example.com: warning: the CA did not say when to renew: HTTP status 500",
    ]);
  });

  test("does not take an expired certificate for gone", async () => {
    world.pass(100);
    expect((await refresh()).outs.serial).toBe(stored.outs.serial);
  });
});

describe("the schedule", () => {
  test("that can miss the time for a renewal is warned of at each run, with the hours that would do", async () => {
    const week = { scheduleHours: 24 * 7 };
    const month = { scheduleHours: 24 * 30 };
    expect((await world.up(stored, week)).lines).toEqual([]);
    const late = await world.up(stored, month);
    expect(late.lines).toEqual([
      expect.stringMatching(/a pipeline that runs every 720 h may come too late/u),
    ]);
    expect((await world.up(late.stored, month)).lines).toEqual(late.lines);
    const hours = Number(/at least every (\d+) h/u.exec(late.lines[0] ?? "")?.[1]);
    expect((await world.up(stored, { scheduleHours: hours })).lines).toEqual([]);
    expect((await world.up(stored, { scheduleHours: hours + 1 })).lines).toHaveLength(1);
  });

  test("does not matter to a run that leaves more than a third of the life", async () => {
    world.ca.renewal = windowOf(80, 82);
    world.pass(58);
    expect((await world.up(stored)).lines).toEqual([]);
    world.pass(5);
    expect((await world.up(stored)).lines).toEqual([
      expect.stringMatching(/warning: less than a third of the lifetime is left/u),
    ]);
  });

  test("has its latest time in the state, a sixth of the lifetime before its end", () => {
    const { notBefore, notAfter, renewBefore } = stored.outs;
    const left =
      (Date.parse(notAfter) - Date.parse(renewBefore)) / (Date.parse(notAfter) - Date.parse(notBefore));
    expect(left).toBeCloseTo(1 / 6);
  });
});

describe("what was issued", () => {
  test("is counted for a week, newest first, as long as the names stay", async () => {
    const first = stored.outs.issuedAt?.[0];
    world.pass(2);
    const second = await world.up(stored, { profile: "tlsserver" });
    expect(second.stored.outs.issuedAt).toEqual([world.now().toISOString(), first]);
    world.pass(6);
    const third = await world.up(second.stored, { profile: "tlsserver" });
    expect(third.changed).toBe(false);
    const fourth = await world.up(second.stored, { profile: "classic" });
    expect(fourth.stored.outs.issuedAt).toHaveLength(2);
    const other = await world.up(fourth.stored, { profile: "classic", dnsNames: ["example.com"] });
    expect(other.stored.outs.issuedAt).toEqual([world.now().toISOString()]);
  });
});

describe("the end of a certificate", () => {
  const remove = async (outs: Stored["outs"]): Promise<void> => {
    await world.run().provider.delete(stored.id, outs);
  };

  test("is only forgotten", async () => {
    await remove(stored.outs);
    expect(world.ca.revocations).toEqual([]);
  });

  test("is its revocation where that is asked for, and never that of one that was replaced", async () => {
    const other = await world.up(stored, { revokeOnDelete: true, dnsNames: ["example.com"] });
    expect(world.ca.revocations).toEqual([]);
    await remove(other.stored.outs);
    expect(world.ca.revocations).toEqual([{ pem: other.stored.outs.certificatePem, reason: 5 }]);
  });

  test("that the CA refuses is an error", async () => {
    world.ca.failing = { revoke: new Error("HTTP status 500") };
    await expect(remove({ ...stored.outs, revokeOnDelete: true })).rejects.toThrow(
      /could not be revoked: HTTP status 500\n.*revokeOnDelete/u,
    );
  });
});
