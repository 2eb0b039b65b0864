import { describe, expect, test } from "vitest";
import {
  chooseChallenge,
  openDns01,
  type ChallengeStrategy,
} from "../../../src/certificates/challenges/challenge-strategy.ts";
import type { IssuanceProgress } from "../../../src/certificates/order/issuance-progress.ts";
import type { AcmeChallenge } from "../../../src/certificates/ports.ts";
import { closestZone } from "../../../src/spec/host-name.ts";

const never = new AbortController().signal;

function challenge(type: string): AcmeChallenge {
  return { url: `https://ca.test/${type}`, type, status: "pending", token: "token", failure: undefined };
}

interface World {
  readonly strategy: ChallengeStrategy;
  readonly asked: readonly string[];
  readonly progress: readonly IssuanceProgress[];
}

/** `cname` says the alias of a name; the zone that can be written is `example.com`. */
function open(cname: (name: string) => string | undefined): World {
  const asked: string[] = [];
  const progress: IssuanceProgress[] = [];
  const strategy = openDns01({
    acme: { challengeValue: ({ token }) => Promise.resolve(`digest of ${token}`) },
    challenges: {
      publish: () => Promise.resolve([]),
      remove: () => Promise.resolve(),
      sweep: () => Promise.resolve(0),
      zoneOf: (name) => closestZone(name, [{ name: "example.com" }])?.name,
    },
    lookup: {
      caa: () => Promise.resolve({ state: "absent" }),
      dnssec: () => Promise.resolve("unknown"),
      cname: async (name) => {
        asked.push(name);
        return await Promise.resolve(cname(name));
      },
    },
    report: (each) => progress.push(each),
  });
  return { strategy, asked, progress };
}

function aliases(table: Readonly<Record<string, string>>): (name: string) => string | undefined {
  return (name) => table[name];
}

describe("the record of a dns-01 challenge", () => {
  test("stands at the name itself where there is no alias, and its text is the digest", async () => {
    const { strategy } = open(aliases({}));
    expect(await strategy.recordName({ identifier: "example.com" }, never)).toBe(
      "_acme-challenge.example.com",
    );
    expect(await strategy.recordValue(challenge("dns-01"))).toBe("digest of token");
  });

  test("stands where a chain of aliases ends", async () => {
    const { strategy } = open(
      aliases({ "_acme-challenge.example.net": "a.example.org.", "a.example.org": "Net.ACME.example.com" }),
    );
    expect(await strategy.recordName({ identifier: "example.net" }, never)).toBe("net.acme.example.com");
  });

  test("is looked for once for an apex and its wildcard", async () => {
    const { strategy, asked } = open(aliases({}));
    const authorization = { identifier: "example.com" };
    await Promise.all([strategy.recordName(authorization, never), strategy.recordName(authorization, never)]);
    expect(asked).toEqual(["_acme-challenge.example.com"]);
  });

  test("stands at the name itself where a wildcard of our zone gives the alias", async () => {
    const { strategy } = open(() => "web.example.net");
    expect(await strategy.recordName({ identifier: "example.com" }, never)).toBe(
      "_acme-challenge.example.com",
    );
  });

  test("stands at a target in our zone, though a wildcard there makes that an alias, too", async () => {
    const { strategy } = open((name) => {
      if (name === "_acme-challenge.example.net") return "net.acme.example.com";
      return name.endsWith(".example.com") ? "web.example.com" : undefined;
    });
    expect(await strategy.recordName({ identifier: "example.net" }, never)).toBe("net.acme.example.com");
  });

  test("is followed through a wildcard of a zone that is not ours: nothing can be put beside it", async () => {
    const { strategy } = open((name) => (name.endsWith(".example.net") ? "all.acme.example.com" : undefined));
    expect(await strategy.recordName({ identifier: "example.net" }, never)).toBe("all.acme.example.com");
  });

  test("has a name after eight aliases and none after nine", async () => {
    const chain = (length: number) => (name: string) => {
      const index = name === "_acme-challenge.example.net" ? 0 : Number(/^a(\d+)\./u.exec(name)?.[1]);
      return index < length ? `a${index + 1}.example.net` : undefined;
    };
    const authorization = { identifier: "example.net" };
    expect(await open(chain(8)).strategy.recordName(authorization, never)).toBe("a8.example.net");
    await expect(open(chain(9)).strategy.recordName(authorization, never)).rejects.toMatchObject({
      code: "acme-challenge-failed",
    });
  });

  test("has no name where the aliases go in a circle, and the error shows them", async () => {
    const { strategy } = open(
      aliases({ "_acme-challenge.example.net": "a.test", "a.test": "b.test", "b.test": "a.test" }),
    );
    await expect(strategy.recordName({ identifier: "example.net" }, never)).rejects.toMatchObject({
      code: "acme-challenge-failed",
      message:
        "The CNAMEs at _acme-challenge.example.net lead nowhere: _acme-challenge.example.net -> a.test -> b.test -> a.test.",
    });
  });

  test("stands at the name itself where it cannot be looked, with a warning", async () => {
    const { strategy, progress } = open(() => {
      throw new Error("no resolver");
    });
    expect(await strategy.recordName({ identifier: "example.com" }, never)).toBe(
      "_acme-challenge.example.com",
    );
    expect(progress).toEqual([
      { kind: "warning", message: "Could not look for an alias at _acme-challenge.example.com: no resolver" },
    ]);
  });
});

describe("the choice of a challenge", () => {
  const { strategy } = open(aliases({}));

  test("passes over types that nobody here knows", () => {
    const offered = ["dns-persist-01", "http-01", "dns-01", "dns-account-01"].map(challenge);
    expect(chooseChallenge(offered, [strategy])).toEqual({ strategy, challenge: challenge("dns-01") });
  });

  test("is none where the CA offers no type with a strategy", () => {
    expect(chooseChallenge([challenge("dns-persist-01")], [strategy])).toBeUndefined();
  });

  test("follows the order of the strategies, not that of the CA", () => {
    const other: ChallengeStrategy = { ...strategy, type: "dns-account-01" };
    const offered = [challenge("dns-01"), challenge("dns-account-01")];
    expect(chooseChallenge(offered, [other, strategy])?.challenge.type).toBe("dns-account-01");
  });
});
