import { beforeAll, expect, test } from "vitest";
import { parseAcmeProblem } from "../../../src/certificates/acme-problem.ts";
import { createCertificateKey } from "../../../src/certificates/certificate-key.ts";
import {
  issueCertificate,
  type IssuedCertificate,
} from "../../../src/certificates/order/issue-certificate.ts";
import type { AcmeAuthorization, AcmeOrder, AcmeService, Clock } from "../../../src/certificates/ports.ts";
import { acmeError, fakeAcme, pendingOrder } from "../fake-acme.ts";
import { issuingAcme } from "../issuing-acme.ts";
import { memoryChallenges } from "../memory-challenges.ts";

const names = ["*.example.test", "example.test"];
const authorizationUrls = names.map((name) => `https://ca.test/authz/${name}`);
const accountUrl = "https://ca.test/account/1";
let privateKeyPem: string;

beforeAll(async () => {
  privateKeyPem = await createCertificateKey("P-256");
});

interface Played {
  readonly issued: Promise<IssuedCertificate>;
  readonly acme: ReturnType<typeof fakeAcme>;
  /** Milliseconds of each wait. */
  readonly waits: readonly number[];
}

/** Orders for an apex and its wildcard at a CA that validates at once, over a clock that only notes its waits. */
async function play(overrides: Partial<AcmeService>): Promise<Played> {
  const waits: number[] = [];
  const clock: Clock = {
    now: () => new Date(),
    sleep: (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
  };
  const { service } = await issuingAcme(clock);
  const acme = fakeAcme({
    accountUrl,
    newOrder: () => Promise.resolve({ ...pendingOrder, authorizationUrls }),
    getAuthorization: (url) => Promise.resolve(authorization(url, "pending")),
    finalizeOrder: (order, csrPem, signal) => service.finalizeOrder(order, csrPem, signal),
    downloadCertificate: (url, chain, signal) => service.downloadCertificate(url, chain, signal),
    ...overrides,
  });
  const issued = issueCertificate(
    { names, privateKeyPem },
    {
      acme,
      clock,
      challenges: memoryChallenges(new Map()),
      propagation: { observe: () => Promise.resolve([{ server: "ns1", state: "complete" }]) },
    },
  );
  await issued.catch(() => undefined);
  return { issued, acme, waits };
}

function authorization(
  url: string,
  status: AcmeAuthorization["status"],
  failure?: string,
): AcmeAuthorization {
  const name = url.slice(url.lastIndexOf("/") + 1);
  const challenge = { url: `${url}/1`, type: "dns-01", status: "pending", token: name, failure };
  return {
    url,
    identifier: name.replace("*.", ""),
    isWildcard: name.startsWith("*."),
    status,
    challenges: [challenge],
    retryAfterMs: undefined,
  };
}

function refusal(type: string): Error {
  const problem = parseAcmeProblem({ type: `urn:ietf:params:acme:error:${type}`, detail: "no" }, 400);
  return acmeError("acme-refused", problem);
}

function signedCalls({ acme }: Played): readonly string[] {
  return acme.calls.filter((call) => call !== "directory" && call !== "challengeValue");
}

test("an apex and its wildcard take eight signed requests and one question of the renewal window", async () => {
  const played = await play({});
  await expect(played.issued).resolves.toMatchObject({ names, accountUrl });
  expect(signedCalls(played)).toEqual([
    "newOrder",
    "getAuthorization",
    "getAuthorization",
    "completeChallenge",
    "completeChallenge",
    "getOrder",
    "finalizeOrder",
    "downloadCertificate",
    "renewalInfo",
  ]);
});

test.each(["accountDoesNotExist", "malformed", "unauthorized"])(
  "an account that the CA does not take (%s) is looked up, and the order made once more",
  async (type) => {
    const moved = "https://ca.test/account/2";
    let orders = 0;
    const played = await play({
      findAccount: () => Promise.resolve({ url: moved, status: "valid" }),
      newOrder: () => {
        orders += 1;
        if (orders === 1) return Promise.reject(refusal(type));
        return Promise.resolve({ ...pendingOrder, authorizationUrls });
      },
    });
    await expect(played.issued).resolves.toMatchObject({ accountUrl: moved });
    expect(signedCalls(played).slice(0, 3)).toEqual(["newOrder", "findAccount", "newOrder"]);
  },
);

test("an order that is refused to the right account is not made again", async () => {
  const refused = refusal("malformed");
  const played = await play({ newOrder: () => Promise.reject(refused) });
  await expect(played.issued).rejects.toBe(refused);
  expect(signedCalls(played)).toEqual(["newOrder", "findAccount"]);
});

test("an order that became invalid is told with the reason of each name that failed", async () => {
  let isAnswered = false;
  const played = await play({
    completeChallenge: () => {
      isAnswered = true;
      return Promise.resolve();
    },
    getOrder: () => Promise.resolve({ ...pendingOrder, status: "invalid" }),
    getAuthorization: (url) =>
      Promise.resolve(
        isAnswered && url.includes("*")
          ? authorization(url, "invalid", "NXDOMAIN looking up TXT")
          : authorization(url, isAnswered ? "valid" : "pending"),
      ),
  });
  await expect(played.issued).rejects.toMatchObject({
    code: "acme-challenge-failed",
    message: "The CA could not validate *.example.test: NXDOMAIN looking up TXT.",
  });
});

test("the CA's Retry-After is waited for, up to half a minute, and its answer is the last request of the wait", async () => {
  const states: readonly Partial<AcmeOrder>[] = [
    { status: "pending", retryAfterMs: 7000 },
    { status: "pending", retryAfterMs: 86_400_000 },
    { status: "ready" },
  ];
  let looks = 0;
  const played = await play({
    getOrder: () => {
      const state = states[looks];
      looks += 1;
      return Promise.resolve({ ...pendingOrder, authorizationUrls, ...state });
    },
  });
  await played.issued;
  expect(looks).toBe(3);
  expect(played.waits.slice(1)).toEqual([7000, 30_000]);
  expect(played.waits[0]).toBeLessThan(1000);
});
