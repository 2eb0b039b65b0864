import { beforeAll, describe, expect, test } from "vitest";
import { parseAcmeProblem } from "../../../src/certificates/acme-problem.ts";
import { createCertificateKey } from "../../../src/certificates/certificate-key.ts";
import type { IssuanceProgress } from "../../../src/certificates/order/issuance-progress.ts";
import {
  issueCertificate,
  type CertificateRequest,
  type IssuancePorts,
} from "../../../src/certificates/order/issue-certificate.ts";
import type {
  AcmeDirectory,
  AcmeService,
  ChallengeStore,
  DnsLookup,
  NewOrder,
} from "../../../src/certificates/ports.ts";
import { acmeError, fakeAcme, pendingOrder } from "../fake-acme.ts";
import { issuingAcme } from "../issuing-acme.ts";
import { memoryChallenges } from "../memory-challenges.ts";

let privateKeyPem: string;

beforeAll(async () => {
  privateKeyPem = await createCertificateKey("P-256");
});

const previous = { certId: "aki.serial", accountUrl: "https://ca.test/account/1", names: ["example.test"] };

interface Played {
  readonly error: unknown;
  readonly calls: readonly string[];
  readonly progress: readonly IssuanceProgress[];
}

/** Plays an order that cannot end well, on a clock that does not wait, and returns how it ended. */
async function play(
  overrides: Partial<AcmeService>,
  request: Partial<CertificateRequest> = {},
  challenges: Partial<ChallengeStore> = {},
  lookup?: DnsLookup,
): Promise<Played> {
  const acme = fakeAcme(overrides);
  const progress: IssuanceProgress[] = [];
  const ports: IssuancePorts = {
    acme,
    challenges: { ...memoryChallenges(new Map()), ...challenges },
    clock: { now: () => new Date(), sleep: () => Promise.resolve() },
    propagation: { observe: () => Promise.resolve([{ server: "ns1", state: "complete" }]) },
    report: (each) => progress.push(each),
    lookup,
  };
  const asked = { names: ["example.test"], privateKeyPem, ...request };
  const error: unknown = await issueCertificate(asked, ports).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, calls: acme.calls, progress };
}

describe("a predecessor", () => {
  const wishes = (orders: NewOrder[], answer: (order: NewOrder) => Error): Partial<AcmeService> => ({
    newOrder: (order) => {
      orders.push(order);
      return Promise.reject(answer(order));
    },
  });

  test.each(["alreadyReplaced", "malformed", "unauthorized", "serverInternal", "conflict"])(
    "that the CA does not take (%s) is left out once",
    async (type) => {
      const orders: NewOrder[] = [];
      const refusal = acmeError(
        "acme-refused",
        parseAcmeProblem({ type: `urn:ietf:params:acme:error:${type}`, detail: "no" }, 409),
      );
      const { error, progress } = await play(
        wishes(orders, () => refusal),
        { previous },
      );
      expect(orders.map((order) => order.replaces)).toEqual(["aki.serial", undefined]);
      expect(error).toBe(refusal);
      expect(progress).toContainEqual({ kind: "replaces-refused", detail: `no (${type})` });
    },
  );

  test("does not make a rate limit be tried twice", async () => {
    const orders: NewOrder[] = [];
    const limited = acmeError("acme-rate-limited", parseAcmeProblem({}, 429));
    const { error } = await play(
      wishes(orders, () => limited),
      { previous },
    );
    expect(orders).toHaveLength(1);
    expect(error).toBe(limited);
  });

  test.each([
    ["of another account", { ...previous, accountUrl: "https://ca.test/account/2" }],
    ["without a common name", { ...previous, names: ["example.org"] }],
    ["without an identifier", { ...previous, certId: undefined }],
  ])("%s is not named", async (_, other) => {
    const orders: NewOrder[] = [];
    await play(
      wishes(orders, () => acmeError("acme-unreachable")),
      { previous: other },
    );
    expect(orders.map((order) => order.replaces)).toEqual([undefined]);
  });
});

describe("the clean-up", () => {
  test("does not hide why it was needed", async () => {
    const failing = { remove: () => Promise.reject(new Error("zone locked")) };
    const refused = acmeError("acme-refused");
    const { error, progress } = await play({ completeChallenge: () => Promise.reject(refused) }, {}, failing);
    expect(error).toBe(refused);
    expect(progress).toContainEqual({
      kind: "warning",
      message: "Could not remove the challenge records: zone locked",
    });
  });

  test("uses a signal of its own after an abort", async () => {
    const abort = new AbortController();
    const seen: boolean[] = [];
    const { error, calls } = await play(
      {
        completeChallenge: () => {
          abort.abort();
          return Promise.reject(new Error("aborted"));
        },
      },
      { signal: abort.signal },
      {
        remove: (_, signal) => {
          seen.push(signal.aborted);
          return Promise.resolve();
        },
      },
    );
    expect(error).toMatchObject({ code: "interrupted" });
    expect(seen).toEqual([false]);
    expect(calls).toContain("deactivateAuthorization");
  });

  test("leaves valid authorizations as they are for the next order", async () => {
    const { calls } = await play({ finalizeOrder: () => Promise.reject(acmeError("acme-refused")) });
    expect(calls).not.toContain("deactivateAuthorization");
  });

  test("goes without a sweep that fails", async () => {
    const { progress } = await play({}, {}, { sweep: () => Promise.reject(new Error("busy")) });
    expect(progress).toContainEqual({
      kind: "warning",
      message: expect.stringMatching(/^Could not remove stale challenge records.*: busy$/u) as string,
    });
    expect(progress.map((each) => each.kind)).toContain("finalizing");
  });
});

test("a lost answer to finalize is settled by the order itself", async () => {
  let finalized = false;
  const { calls } = await play({
    finalizeOrder: () => {
      finalized = true;
      return Promise.reject(acmeError("acme-unreachable"));
    },
    getOrder: () =>
      Promise.resolve(
        finalized
          ? { ...pendingOrder, status: "valid", certificateUrl: "https://ca.test/cert/1" }
          : { ...pendingOrder, status: "ready" },
      ),
  });
  expect(calls.filter((each) => each === "finalizeOrder")).toHaveLength(1);
  expect(calls.at(-1)).toBe("downloadCertificate");
});

test("an order that becomes invalid tells the CA's reason", async () => {
  const { error } = await play({
    getOrder: () => Promise.resolve({ ...pendingOrder, status: "invalid", failure: "CAA forbids (caa)" }),
  });
  expect(error).toMatchObject({
    code: "acme-refused",
    message: expect.stringContaining("CAA forbids (caa)") as string,
  });
});

test("no name at all is refused before anybody is asked", async () => {
  const { error, calls } = await play({}, { names: [] });
  expect(error).toMatchObject({ code: "invalid-spec" });
  expect(calls).toEqual([]);
});

test("a deactivated account is not used", async () => {
  const { error } = await play({
    findAccount: () => Promise.resolve({ url: "https://ca.test/account/1", status: "deactivated" }),
  });
  expect(error).toMatchObject({
    code: "acme-refused",
    message: "The ACME account https://ca.test/account/1 is deactivated.",
  });
});

test("a certificate for another key is not kept", async () => {
  const { error } = await play({
    newOrder: () => Promise.resolve({ ...pendingOrder, status: "ready" }),
    finalizeOrder: () =>
      Promise.resolve({ ...pendingOrder, status: "valid", certificateUrl: "https://ca.test/cert/1" }),
    downloadCertificate: () => Promise.resolve("no certificate"),
  });
  expect(error).toMatchObject({ code: "certificate-mismatch" });
});

test("a clock that is more than five minutes from the CA's is told about", async () => {
  const skews: unknown[] = [];
  for (const clockSkewMs of [-301_000, 299_000, 3_600_000, undefined]) {
    const ca = await issuingAcme({ now: () => new Date(), sleep: () => Promise.resolve() });
    await issueCertificate(
      { names: ["example.test"], privateKeyPem },
      {
        acme: { ...ca.service, clockSkewMs },
        challenges: memoryChallenges(new Map()),
        clock: { now: () => new Date(), sleep: () => Promise.resolve() },
        propagation: { observe: () => Promise.resolve([]) },
        report: (each) => each.kind === "clock-skew" && skews.push(each.skewMs),
      },
    );
  }
  expect(skews).toEqual([-301_000, 3_600_000]);
});

describe("a look before the order", () => {
  const caa = (value: string): DnsLookup => ({
    caa: (name) =>
      Promise.resolve(
        name === "example.test"
          ? { state: "found", records: [{ flags: 0, tag: "issue", value }] }
          : { state: "absent" },
      ),
    cname: () => Promise.resolve(undefined),
    dnssec: () => Promise.resolve("insecure"),
  });
  const directory = (): Promise<AcmeDirectory> =>
    Promise.resolve({
      profiles: [],
      termsOfService: undefined,
      externalAccountRequired: false,
      caaIdentities: ["ca.test"],
    });

  test("that finds what the CA would refuse orders nothing, and says all of it", async () => {
    const { error, calls } = await play({ directory }, {}, {}, caa("other.test"));
    expect(calls).not.toContain("newOrder");
    expect(error).toMatchObject({
      code: "preflight-failed",
      message: expect.stringContaining("The CAA records at example.test forbid") as string,
    });
  });

  test("binds to the account that orders", async () => {
    const bound = (account: string): DnsLookup =>
      caa(`ca.test; accounturi=https://ca.test/account/${account}`);
    expect((await play({ directory }, {}, {}, bound("1"))).calls).toContain("newOrder");
    expect((await play({ directory }, {}, {}, bound("2"))).calls).not.toContain("newOrder");
  });
});

describe("a former run's order", () => {
  const orderUrl = "https://ca.test/order/7";
  const valid = {
    ...pendingOrder,
    url: orderUrl,
    status: "valid" as const,
    certificateUrl: "https://ca.test/cert/7",
  };

  test("whose certificate cannot be fetched just now is not replaced by another order", async () => {
    const unreachable = acmeError("acme-unreachable");
    const { error, calls, progress } = await play(
      { getOrder: () => Promise.resolve(valid), downloadCertificate: () => Promise.reject(unreachable) },
      { resumeOrderUrl: orderUrl },
    );
    expect(error).toBe(unreachable);
    expect(calls).not.toContain("newOrder");
    expect(progress).toContainEqual({ kind: "finalizing", orderUrl });
  });

  test.each([
    ["failed", { ...valid, status: "invalid" as const, failure: "CAA forbids (caa)" }, "CAA forbids (caa)"],
    ["gave what does not fit", valid, "What came holds no PEM certificate."],
  ])("that %s is left for one new order", async (_what, former, detail) => {
    const { calls, progress } = await play(
      {
        getOrder: (url) =>
          Promise.resolve(url === orderUrl ? former : { ...pendingOrder, status: "invalid" }),
        downloadCertificate: () => Promise.resolve("nothing"),
      },
      { resumeOrderUrl: orderUrl },
    );
    expect(calls.filter((each) => each === "newOrder")).toHaveLength(1);
    expect(progress).toContainEqual({ kind: "resume-refused", detail });
  });

  test("of an account that the CA forgot is not asked for", async () => {
    const { calls } = await play(
      {
        findAccount: () => Promise.resolve(undefined),
        newOrder: () => Promise.reject(acmeError("acme-refused")),
      },
      { resumeOrderUrl: orderUrl },
    );
    expect(calls).toContain("createAccount");
    expect(calls).not.toContain("getOrder");
  });
});
