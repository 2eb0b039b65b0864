import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CaaAnswer, CaaRecord, DnssecState } from "../../../src/certificates/ports.ts";
import { findRelevantCaa, judgeCaa } from "../../../src/certificates/preflight/preflight-caa.ts";
import { judgeDnssec } from "../../../src/certificates/preflight/preflight-dnssec.ts";

const ACCOUNT = "https://ca.test/acct/7";
const question = { identities: ["ca.test"], accountUrl: ACCOUNT, isWildcard: false, method: "dns-01" };

const issue = (value: string): CaaRecord => ({ flags: 0, tag: "issue", value });
const issueWild = (value: string): CaaRecord => ({ flags: 0, tag: "issuewild", value });

describe("climbing to the relevant CAA records", () => {
  const label = fc.constantFrom("a", "b", "mail", "test");
  const name = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join("."));
  const answer = fc.constantFrom<CaaAnswer["state"]>("found", "absent", "unknown");

  /** RFC 8659 §3, word for word: while the domain is not the root, take its records or go to its parent. */
  function reference(domain: string, zone: ReadonlyMap<string, CaaAnswer["state"]>): string {
    if (domain === "") return "absent";
    const state = zone.get(domain) ?? "absent";
    if (state !== "absent") return `${state} ${domain}`;
    const dot = domain.indexOf(".");
    return reference(dot === -1 ? "" : domain.slice(dot + 1), zone);
  }

  test("ends at the closest name that has some, and at one that could not be asked", async () => {
    await fc.assert(
      fc.asyncProperty(name, fc.array(fc.tuple(name, answer), { maxLength: 12 }), async (from, entries) => {
        const zone = new Map(entries);
        const asked: string[] = [];
        const found = await findRelevantCaa(from, async (each) => {
          asked.push(each);
          const state = zone.get(each) ?? "absent";
          if (state === "found") return await Promise.resolve({ state, records: [issue(each)] });
          return await Promise.resolve(state === "unknown" ? { state, reason: "silence" } : { state });
        });
        expect(found.state === "absent" ? "absent" : `${found.state} ${found.at}`).toBe(
          reference(from, zone),
        );
        expect(asked.every((each) => from === each || from.endsWith(`.${each}`))).toBe(true);
        expect(asked).not.toContain("");
      }),
    );
  });
});

describe("CAA records", () => {
  test.each<[string, readonly CaaRecord[], boolean, boolean]>([
    ["of the CA allow it", [issue("ca.test")], true, true],
    ["of the CA among others allow it", [issue("other.test"), issue("CA.test")], true, true],
    ["of another CA forbid it", [issue("other.test")], false, false],
    ["that name nobody forbid everybody", [issue(";")], false, false],
    ["without issue say nothing", [{ flags: 0, tag: "iodef", value: "mailto:a@example.com" }], true, true],
    ["with issuewild alone bind wildcards alone", [issueWild("other.test")], true, false],
    ["with issuewild for the CA let wildcards pass issue", [issue(";"), issueWild("ca.test")], false, true],
    ["with issue alone bind wildcards, too", [issue("ca.test")], true, true],
    [
      "with an unknown critical property forbid",
      [issue("ca.test"), { flags: 128, tag: "tbs", value: "x" }],
      false,
      false,
    ],
    [
      "with an unknown property that is not critical allow",
      [issue("ca.test"), { flags: 0, tag: "tbs", value: "x" }],
      true,
      true,
    ],
    [
      "with a critical property that is known allow",
      [{ flags: 128, tag: "issue", value: "ca.test" }],
      true,
      true,
    ],
    ["bound to this account allow", [issue(`ca.test; accounturi=${ACCOUNT}`)], true, true],
    ["bound to another account forbid", [issue("ca.test;accounturi=https://ca.test/acct/8")], false, false],
    [
      "bound to two accounts match none",
      [issue(`ca.test; accounturi=${ACCOUNT}; accounturi=${ACCOUNT}`)],
      false,
      false,
    ],
    ["for dns-01 allow", [issue("ca.test; validationmethods=http-01,dns-01")], true, true],
    ["for other methods forbid", [issue("ca.test; validationmethods=http-01")], false, false],
    ["outside the grammar allow nobody", [issue("ca.test; accounturi")], false, false],
    ["with a final semicolon allow", [issue("ca.test ;")], true, true],
    [
      "one bound, one not: the free one counts",
      [issue("ca.test; accounturi=x:y"), issue("ca.test")],
      true,
      true,
    ],
  ])("%s", (_title, records, name, wildcard) => {
    expect(judgeCaa(records, question).allowed).toBe(name);
    expect(judgeCaa(records, { ...question, isWildcard: true }).allowed).toBe(wildcard);
  });

  test("bound to an account are taken to be ours while the account is not known", () => {
    const unknown = { ...question, accountUrl: undefined };
    expect(judgeCaa([issue("ca.test; accounturi=https://ca.test/acct/8")], unknown).allowed).toBe(true);
    const twice = issue("ca.test; accounturi=x:1; accounturi=x:1");
    expect(judgeCaa([twice], unknown)).toMatchObject({ allowed: false });
  });
});

describe("the state of DNSSEC", () => {
  test.each<[DnssecState, Parameters<typeof judgeDnssec>[0]]>([
    ["secure", observation({ checked: "authentic" })],
    ["insecure", observation({ checked: "plain", hasDelegationSigner: false })],
    ["unknown", observation({ checked: "plain", hasDelegationSigner: true })],
    ["unknown", observation({ checked: "plain" })],
    ["bogus", observation({ checked: "servfail", unchecked: "answer", checkedAgain: "servfail" })],
    ["unknown", observation({ checked: "servfail", unchecked: "answer", checkedAgain: "answer" })],
    ["unknown", observation({ checked: "servfail", unchecked: "servfail" })],
    ["unknown", observation({})],
  ])("is %s of %j", (state, seen) => {
    expect(judgeDnssec(seen)).toBe(state);
  });

  function observation(seen: Partial<Parameters<typeof judgeDnssec>[0]>): Parameters<typeof judgeDnssec>[0] {
    const silence = { checked: undefined, unchecked: undefined, checkedAgain: undefined };
    return { ...silence, hasDelegationSigner: undefined, ...seen };
  }
});
