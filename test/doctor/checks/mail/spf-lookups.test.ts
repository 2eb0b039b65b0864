import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { QueryType, Resolution } from "../../../../src/clients/world/world.ts";
import { checkMailPolicies } from "../../../../src/doctor/checks/mail/mail-policies.ts";
import { countSpfLookups, type SpfLookups } from "../../../../src/doctor/checks/mail/spf-lookups.ts";
import { foreignSubject, troublesOf } from "../check-subject.ts";

interface Counted extends SpfLookups {
  readonly asked: readonly string[];
}

/** Counts in a world of SPF records by name, and of names that hold every other type. */
async function count(
  text: string,
  records: Readonly<Record<string, string | readonly string[]>> = {},
  there: readonly string[] = ["example.com"],
): Promise<Counted> {
  const asked: string[] = [];
  const resolve = async (name: string, type: QueryType): Promise<Resolution> => {
    asked.push(`${name} ${type}`);
    const data = type === "TXT" ? [records[name] ?? []].flat() : there.includes(name) ? ["1 x"] : [];
    return data.length > 0 ? { state: "found", data } : { state: "absent" };
  };
  return { ...(await countSpfLookups("example.com", text, resolve)), asked };
}

describe("the look-ups of an SPF record", () => {
  test.each<[string, number]>([
    ["v=spf1 -all", 0],
    ["v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all", 0],
    ["v=spf1 a mx -all", 2],
    ["v=spf1 +A/24 ?mx:example.com//64 ptr exists:example.com -all", 4],
    ["v=spf1 a -all mx include:example.net", 1],
    ["v=spf1 redirect=_spf.example.net", 2],
    ["v=spf1 redirect=_spf.example.net -all", 0],
    ["v=spf1 include:_spf.example.net include:_SPF.example.net. -all", 4],
    ["v=spf1 exists:%{i}._spf.example.com include:%{d}.example.net exp=why.example.com all=x -all", 2],
  ])("%s: %i", async (text, lookups) => {
    const { trouble, unknown, ...counted } = await count(text, {
      "_spf.example.net": "v=spf1 a:example.com ~all",
    });
    expect([counted.lookups, trouble, unknown]).toEqual([lookups, undefined, undefined]);
  });

  test("are those of everything that is included, each time anew", async () => {
    const records = {
      "a.example": "v=spf1 include:c.example a:example.com ~all",
      "b.example": "v=spf1 include:c.example ~all",
      "c.example": "v=spf1 mx:example.com a:example.com ~all",
    };
    expect(await count("v=spf1 include:a.example include:b.example -all", records)).toMatchObject({
      lookups: 9,
      trouble: undefined,
    });
    expect(await count("v=spf1 mx a include:a.example include:b.example -all", records)).toMatchObject({
      lookups: 11,
      trouble: "needs more than 10 DNS look-ups with what it includes",
    });
  });

  test("end at the limit, however much is included: no storm of questions", async () => {
    const names = Array.from({ length: 10 }, (_, index) => `i${index}.example`);
    const wide = `v=spf1 ${names.map((name) => `include:${name}`).join(" ")} -all`;
    const counted = await count(wide, Object.fromEntries(names.map((name) => [name, wide])));
    expect(counted.trouble).toMatch(/more than 10/);
    expect(counted.asked.length).toBeLessThanOrEqual(10);
  });
});

describe("receivers refuse a record", () => {
  test.each<[string, string, Readonly<Record<string, string | readonly string[]>>, string]>([
    [
      "that includes a domain without one",
      "v=spf1 include:gone.example -all",
      {},
      "include:gone.example: no SPF record at gone.example",
    ],
    [
      "that includes a domain with two",
      "v=spf1 include:two.example -all",
      { "two.example": ["v=spf1 -all", "v=spf1 ~all"] },
      "include:two.example: more than one SPF record at two.example",
    ],
    [
      "that is redirected to nothing",
      "v=spf1 redirect=gone.example",
      {},
      "redirect=gone.example: no SPF record at gone.example",
    ],
    [
      "that includes itself",
      "v=spf1 include:example.com -all",
      { "example.com": "v=spf1 include:example.com -all" },
      "include:example.com leads back to example.com itself",
    ],
    [
      "that includes one that leads back",
      "v=spf1 include:a.example -all",
      { "a.example": "v=spf1 include:b.example -all", "b.example": "v=spf1 redirect=a.example" },
      "redirect=a.example leads back to a.example itself",
    ],
    [
      "with three names that are not there",
      "v=spf1 a:x.example mx:y.example exists:z.example -all",
      {},
      "asks for 3 names that are not there: x.example, y.example, z.example",
    ],
  ])("%s", async (_, text, records, trouble) => {
    expect((await count(text, records)).trouble).toBe(trouble);
  });

  test("with an exchanger too many", async () => {
    const data = Array.from({ length: 11 }, (_, index) => `10 mx${index}.example`);
    const resolve = async (): Promise<Resolution> => ({ state: "found", data });
    expect((await countSpfLookups("example.com", "v=spf1 mx -all", resolve)).trouble).toBe(
      "mx: more than 10 exchangers",
    );
  });

  test("not yet with two names that are not there", async () => {
    expect((await count("v=spf1 a:x.example mx:y.example -all")).trouble).toBeUndefined();
  });
});

test("whatever records include one another, counting ends, with at most as many questions as the limit allows", async () => {
  const names = ["a.example", "b.example", "c.example", "d.example"];
  const term = fc.oneof(
    fc.constantFrom("a", "mx", "ptr", "-all", "exists:%{i}.example.com"),
    fc
      .tuple(fc.constantFrom("include:", "redirect=", "a:"), fc.constantFrom(...names))
      .map((parts) => parts.join("")),
  );
  const record = fc.array(term, { maxLength: 12 }).map((terms) => ["v=spf1", ...terms].join(" "));
  await fc.assert(
    fc.asyncProperty(record, fc.tuple(record, record, record, record), async (text, others) => {
      const counted = await count(
        text,
        Object.fromEntries(names.map((name, index) => [name, others[index] ?? ""])),
      );
      // An `a` that has none of one family is asked for the other.
      expect(counted.asked.length).toBeLessThanOrEqual(20);
      expect(counted.lookups).toBeLessThanOrEqual(11);
    }),
  );
});

test("in the report it is a warning, and what could not be asked is unknown", async () => {
  const look = async (...records: readonly string[]): Promise<readonly string[]> =>
    troublesOf(
      checkMailPolicies,
      foreignSubject({
        zones: { "example.test": ["_dmarc.example.test TXT v=DMARC1; p=reject", ...records] },
        others: "unknown",
      }),
    );
  const includes = "example.test TXT v=spf1 include:spf.example.test -all";
  expect(await look(includes, "spf.example.test TXT v=spf1 ip4:192.0.2.1 ~all")).toEqual([]);
  expect(await look(includes)).toEqual([
    "warn spf example.test TXT (SPF): v=spf1 include:spf.example.test -all: " +
      "include:spf.example.test: no SPF record at spf.example.test, so receivers would refuse it",
  ]);
  expect(await look("example.test TXT v=spf1 include:_spf.example.net -all")).toEqual([
    "unknown spf example.test TXT (SPF): v=spf1 include:_spf.example.net -all: " +
      "_spf.example.net: _spf.example.net is somebody else's name",
  ]);
});
