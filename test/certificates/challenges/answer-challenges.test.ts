import { describe, expect, test } from "vitest";
import {
  answerChallenges,
  sweepChallenges,
  type ChallengePorts,
} from "../../../src/certificates/challenges/answer-challenges.ts";
import type { ZonedChallengeStore } from "../../../src/certificates/challenges/challenge-delegation.ts";
import type { IssuanceProgress } from "../../../src/certificates/order/issuance-progress.ts";
import type { AcmeAuthorization, AcmeOrder } from "../../../src/certificates/ports.ts";
import { fakeAcme, pendingOrder } from "../fake-acme.ts";
import { memoryChallenges, type MemoryChallenges } from "../memory-challenges.ts";
import type { TinyZone } from "../tiny-dns.ts";

const never = new AbortController().signal;
const now = new Date("2026-11-23T12:00:00.000Z");

interface Names {
  /** Status by name as it stands on the certificate. */
  readonly authorizations: Readonly<Record<string, AcmeAuthorization["status"]>>;
  readonly types?: readonly string[];
  readonly cname?: Readonly<Record<string, string>>;
  readonly sweepFails?: string;
}

interface World {
  readonly order: AcmeOrder;
  readonly ports: ChallengePorts;
  readonly store: MemoryChallenges;
  readonly swept: readonly string[];
  readonly observed: ReadonlyMap<string, readonly string[]>;
  readonly progress: readonly IssuanceProgress[];
}

/** A CA that holds each name valid once its challenge was answered, with the digest `digest of <token>`. */
function world({ authorizations, types = ["dns-01"], cname = {}, sweepFails }: Names): World {
  const statuses = new Map(Object.entries(authorizations));
  const urlOf = (name: string): string => `https://ca.test/authz/${name}`;
  const nameOf = (url: string): string => url.slice(url.lastIndexOf("/") + 1);
  const acme = fakeAcme({
    getAuthorization: (url) => {
      const name = nameOf(url);
      const challenges = types.map((type) => {
        const status = "pending";
        return {
          url: `https://ca.test/${type}/${name}`,
          type,
          status,
          token: `${type} ${name}`,
          failure: undefined,
        };
      });
      return Promise.resolve({
        url,
        identifier: name.replace("*.", ""),
        isWildcard: name.startsWith("*."),
        status: statuses.get(name) ?? "invalid",
        challenges,
        retryAfterMs: undefined,
      });
    },
    challengeValue: ({ token }) => Promise.resolve(`digest of ${token}`),
    completeChallenge: (url) => {
      statuses.set(nameOf(url), "valid");
      return Promise.resolve();
    },
  });
  const zone: TinyZone = new Map();
  const store = memoryChallenges(zone);
  const swept: string[] = [];
  const observed = new Map<string, readonly string[]>();
  const progress: IssuanceProgress[] = [];
  const challenges: ZonedChallengeStore = {
    ...store,
    sweep: async (names, olderThan) => {
      expect(olderThan).toEqual(new Date("2026-11-23T11:00:00.000Z"));
      swept.push(...names);
      if (sweepFails !== undefined && names.includes(sweepFails)) throw new Error("no such zone");
      return await Promise.resolve(names.length);
    },
  };
  const ports: ChallengePorts = {
    acme,
    challenges,
    clock: { now: () => now, sleep: () => Promise.resolve() },
    report: (each) => progress.push(each),
    propagation: {
      observe: async (name, values) => {
        observed.set(name, values);
        const isThere = values.every((value) => zone.get(`${name}/TXT`)?.includes(value));
        return await Promise.resolve([{ server: "ns", state: isThere ? "complete" : "incomplete" }]);
      },
    },
    lookup: {
      caa: () => Promise.resolve({ state: "absent" }),
      dnssec: () => Promise.resolve("unknown"),
      cname: (name) => Promise.resolve(cname[name]),
    },
  };
  const order = { ...pendingOrder, authorizationUrls: Object.keys(authorizations).map(urlOf) };
  return { order, ports, store, swept, observed, progress };
}

describe("answerChallenges", () => {
  test("publishes two values at the one target that two names are delegated to, looks there, and removes both", async () => {
    const target = "all.acme.example.com";
    const { order, ports, store, swept, observed } = world({
      authorizations: { "example.net": "pending", "example.org": "pending" },
      cname: { "_acme-challenge.example.net": target, "_acme-challenge.example.org": target },
    });
    await answerChallenges(order, 1000, ports, never);
    const values = ["digest of dns-01 example.net", "digest of dns-01 example.org"];
    expect(store.published.map(({ name, value }) => [name, value])).toEqual(
      values.map((value) => [target, value]),
    );
    expect(observed).toEqual(new Map([[target, values]]));
    expect(store.removed).toEqual(store.published);
    expect(swept).toEqual([target]);
  });

  test("answers dns-01 alone among types that nobody knows", async () => {
    const { order, ports, store } = world({
      authorizations: { "example.com": "pending" },
      types: ["dns-persist-01", "dns-account-01", "dns-01", "tls-alpn-01"],
    });
    await answerChallenges(order, 1000, ports, never);
    expect(store.published.map(({ value }) => value)).toEqual(["digest of dns-01 example.com"]);
  });

  test("refuses a CA that offers none of our types, and deactivates what is pending", async () => {
    const { order, ports, store } = world({
      authorizations: { "example.com": "pending" },
      types: ["dns-persist-01"],
    });
    await expect(answerChallenges(order, 1000, ports, never)).rejects.toMatchObject({
      code: "acme-refused",
      message: "The CA offers no dns-01 challenge for example.com, only: dns-persist-01.",
    });
    expect(store.published).toEqual([]);
  });

  test("sweeps the names that are authorized already, too, and publishes nothing for them", async () => {
    const { order, ports, store, swept, progress } = world({
      authorizations: { "*.example.com": "valid", "example.com": "pending", "mail.example.com": "valid" },
    });
    await answerChallenges(order, 1000, ports, never);
    expect(swept).toEqual(["_acme-challenge.example.com", "_acme-challenge.mail.example.com"]);
    expect(store.published.map(({ name }) => name)).toEqual(["_acme-challenge.example.com"]);
    expect(progress).toContainEqual({ kind: "already-authorized", name: "mail.example.com" });
  });

  test("goes on where one name cannot be swept, and tells it", async () => {
    const { order, ports, store, swept, progress } = world({
      authorizations: { "a.example.com": "pending", "b.example.com": "pending" },
      sweepFails: "_acme-challenge.a.example.com",
    });
    await answerChallenges(order, 1000, ports, never);
    expect(swept).toHaveLength(2);
    expect(store.published).toHaveLength(2);
    expect(progress).toContainEqual({
      kind: "warning",
      message: "Could not remove stale challenge records at _acme-challenge.a.example.com: no such zone",
    });
  });
});

test("sweepChallenges takes the names of a certificate and looks at delegated targets", async () => {
  const { ports, swept, progress } = world({
    authorizations: {},
    cname: {
      "_acme-challenge.example.net": "net.acme.example.com",
      "_acme-challenge.loop.test": "_acme-challenge.loop.test",
    },
  });
  await sweepChallenges(["*.example.com", "example.com", "example.net", "loop.test"], ports, never);
  expect(swept).toEqual(["_acme-challenge.example.com", "net.acme.example.com"]);
  expect(progress).toEqual([
    { kind: "swept", count: 1 },
    { kind: "swept", count: 1 },
  ]);
});
