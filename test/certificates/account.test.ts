import { describe, expect, test } from "vitest";
import {
  changeContacts,
  deactivateAccount,
  ensureAccount,
  rollOverAccountKey,
} from "../../src/certificates/account.ts";
import { parseAcmeProblem } from "../../src/certificates/acme-problem.ts";
import { revokeCertificate } from "../../src/certificates/revoke-certificate.ts";
import type { AcmeAccountState, AcmeService } from "../../src/certificates/ports.ts";
import { acmeError, fakeAcme } from "./fake-acme.ts";

const never = new AbortController().signal;
const account: AcmeAccountState = { url: "https://ca.test/account/1", status: "valid" };

function refused(type: string): Error {
  const problem = { type: `urn:ietf:params:acme:error:${type}`, detail: "no" };
  return acmeError("acme-refused", parseAcmeProblem(problem, 403));
}

test("a known account is not registered again, which would rewrite its contacts", async () => {
  const acme = fakeAcme({});
  expect(await ensureAccount(acme, { contact: ["a@example.com"] }, never)).toEqual({
    accountUrl: account.url,
    isNew: false,
  });
  expect(acme.calls).toEqual(["findAccount"]);
});

describe("the roll-over of an account's key", () => {
  /** A CA that knows one key; `apply` decides what an asked change does. */
  function rolling(
    knows: "old" | "new" | "none",
    change: (apply: () => void) => Promise<void>,
  ): { acme: AcmeService; registered: (readonly string[])[] } {
    let known = knows;
    const registered: (readonly string[])[] = [];
    const next = fakeAcme({
      findAccount: () => Promise.resolve(known === "new" ? account : undefined),
      createAccount: (contact) => {
        known = "new";
        registered.push(contact);
        return Promise.resolve({ url: "https://ca.test/account/2", status: "valid" });
      },
    });
    const acme = fakeAcme({
      findAccount: () => Promise.resolve(known === "old" ? account : undefined),
      changeAccountKey: () =>
        change(() => {
          known = "new";
        }),
      withAccountKey: () => next,
    });
    return { acme, registered };
  }
  const applied = (apply: () => void): Promise<void> => {
    apply();
    return Promise.resolve();
  };

  test("keeps the account", async () => {
    const { acme, registered } = rolling("old", applied);
    expect((await rollOverAccountKey(acme, "new key", never)).accountUrl).toBe(account.url);
    expect(registered).toEqual([]);
  });

  test("whose answer was lost is settled by looking", async () => {
    const lost = rolling("old", (apply) => {
      apply();
      return Promise.reject(acmeError("acme-unreachable"));
    });
    expect((await rollOverAccountKey(lost.acme, "new key", never)).accountUrl).toBe(account.url);
    const unsent = rolling("old", () => Promise.reject(acmeError("acme-unreachable")));
    await expect(rollOverAccountKey(unsent.acme, "new key", never)).rejects.toMatchObject({
      code: "acme-unreachable",
    });
    expect(unsent.registered).toEqual([]);
  });

  test("after a kill between it and the state registers the next key: the CA knows neither", async () => {
    const { acme, registered } = rolling("none", applied);
    const rolled = await rollOverAccountKey(acme, "new key", never, { contact: ["a@example.com"] });
    expect(rolled.accountUrl).toBe("https://ca.test/account/2");
    expect(registered).toEqual([["a@example.com"]]);
  });
});

test.each([
  ["keeps contacts", { ...account, contact: ["mailto:a@example.com"] }, true],
  ["keeps none", account, false],
])("contacts are written where the CA %s", async (_what, found, written) => {
  const acme = fakeAcme({ findAccount: () => Promise.resolve(found) });
  expect(await changeContacts(acme, ["b@example.com"], never)).toBe(written);
  expect(acme.calls.includes("updateContacts")).toBe(written);
});

describe("a deactivation", () => {
  test.each([
    ["is asked for once", {}, true],
    [
      "of a deactivated account is done",
      { findAccount: () => Promise.resolve({ ...account, status: "deactivated" }) },
      false,
    ],
    [
      "of an account that the CA hides is done",
      { findAccount: () => Promise.reject(refused("unauthorized")) },
      false,
    ],
    ["of an account that is gone is done", { findAccount: () => Promise.resolve(undefined) }, false],
    ["that came twice is done", { deactivateAccount: () => Promise.reject(refused("unauthorized")) }, true],
  ])("%s", async (_what, overrides: Partial<AcmeService>, asked) => {
    const acme = fakeAcme(overrides);
    await deactivateAccount(acme, never);
    expect(acme.calls.includes("deactivateAccount")).toBe(asked);
  });

  test("that the CA does not answer fails", async () => {
    const acme = fakeAcme({ deactivateAccount: () => Promise.reject(acmeError("acme-unreachable")) });
    await expect(deactivateAccount(acme, never)).rejects.toMatchObject({ code: "acme-unreachable" });
  });
});

describe("a revocation", () => {
  const certificate = {
    certificatePem: "pem",
    serial: "0a",
    notAfter: "2026-12-01T00:00:00.000Z",
    names: ["example.com"],
  };
  const revoke = (overrides: Partial<AcmeService>, now = "2026-11-23T00:00:00.000Z"): Promise<string> =>
    revokeCertificate(
      certificate,
      { acme: fakeAcme(overrides), clock: { now: () => new Date(now), sleep: () => Promise.resolve() } },
      never,
    );

  test("says that the use has ended (reason 5)", async () => {
    const reasons: number[] = [];
    const outcome = await revoke({
      revokeCertificate: (_pem, reason) => {
        reasons.push(reason);
        return Promise.resolve();
      },
    });
    expect([outcome, ...reasons]).toEqual(["revoked", 5]);
  });

  test.each([
    ["already-revoked", { revokeCertificate: () => Promise.reject(refused("alreadyRevoked")) }],
    ["account-gone", { findAccount: () => Promise.resolve(undefined) }],
    ["account-gone", { findAccount: () => Promise.reject(refused("unauthorized")) }],
  ])("is done where it is %s", async (outcome, overrides: Partial<AcmeService>) => {
    expect(await revoke(overrides)).toBe(outcome);
  });

  test("of an expired certificate asks nobody", async () => {
    const acme = { findAccount: () => Promise.reject(new Error("asked")) };
    expect(await revoke(acme, certificate.notAfter)).toBe("expired");
  });

  test("that fails names the certificate and the way out", async () => {
    const failing = { revokeCertificate: () => Promise.reject(acmeError("acme-unreachable")) };
    await expect(revoke(failing)).rejects.toMatchObject({
      code: "acme-unreachable",
      message: "The certificate 0a (example.com) could not be revoked: test: acme-unreachable",
      remedy: expect.stringContaining("revokeOnDelete") as string,
    });
  });
});
