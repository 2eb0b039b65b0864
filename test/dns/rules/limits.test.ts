import * as fc from "fast-check";
import { expect, test } from "vitest";
import { commentLength } from "../../../src/dns/rules/comment-length.ts";
import { contentLimits } from "../../../src/dns/rules/content-limits.ts";
import { recordQuota } from "../../../src/dns/rules/record-quota.ts";
import { address, cname, host, IDENTITY, input, observed, planned, txt, zone } from "./audit-input.ts";
import { ownershipComment } from "../../../src/dns/ownership.ts";

const dkim = (octets: number): ReturnType<typeof txt> =>
  txt("s1._domainkey.example.com", "x".repeat(octets), "dkim");

test("a text is refused exactly where it has more than 4,096 octets as transmitted", () => {
  // 16 character-strings of 255 octets and their length octets.
  expect(contentLimits.audit(input({ planned: [planned(dkim(4_080))] }))).toEqual([]);
  expect(contentLimits.audit(input({ planned: [planned(dkim(4_081))] }))).toEqual([
    {
      rule: "content-limits",
      severity: "fail",
      zone: "example.com",
      subject: "s1._domainkey.example.com/TXT",
      message:
        "s1._domainkey.example.com would have a text of 4098 octets as transmitted, 4096 is the limit.",
      remedy: "Shorten the text.",
    },
  ]);
});

test("all records of a name and type count together, somebody else's included", () => {
  const audit = (length: number): readonly string[] =>
    contentLimits
      .audit(
        input({
          zones: [zone({ records: [observed("t1", "example.com", "TXT", "y".repeat(length))] })],
          planned: [planned(txt("example.com", "v=spf1 -all"))],
        }),
      )
      .map(({ message }) => message);
  const room = 8_192 - '"v=spf1 -all"'.length;
  expect(audit(room)).toEqual([]);
  expect(audit(room + 1)).toEqual([
    "The 2 TXT records of example.com would have 8193 characters together, 8192 is the limit.",
  ]);
});

test("a set that is all somebody else's is no matter", () => {
  const records = ["a", "b", "c"].map((id) => observed(id, "www.example.com", "TXT", "y".repeat(3_000)));
  expect(contentLimits.audit(input({ zones: [zone({ records })], planned: [planned(dkim(1))] }))).toEqual([]);
});

test("names and targets over 253 characters, and labels over 63, are refused", () => {
  const label = "a".repeat(63);
  const long = `${label}.${label}.${label}.${"b".repeat(50)}.example.com`;
  const audit = (name: string, target: string): readonly string[] =>
    contentLimits.audit(input({ planned: [planned(cname(name, target))] })).map(({ message }) => message);
  expect(audit(`${label}.example.com`, long.slice(1))).toEqual([]);
  expect(audit(`a${label}.example.com`, "x.test")).toEqual([
    `The name a${label}.example.com has a label of 64 characters, 63 is the limit.`,
  ]);
  expect(audit(long, long)).toEqual([
    `The name ${long} has 254 characters, 253 is the limit.`,
    `The target ${long} of ${long} has 254 characters, 253 is the limit.`,
  ]);
});

test("a comment is refused exactly where it is longer than the plan allows", () => {
  const audit = (plan: string, length: number): readonly string[] =>
    commentLength
      .audit(
        input({
          zones: [zone({ plan })],
          planned: [planned(address("mail.example.com"), { comment: "c".repeat(length) })],
        }),
      )
      .map(({ message }) => message);
  expect(audit("free", 100)).toEqual([]);
  expect(audit("free", 101)).toEqual([
    `The comment of mail.example.com has 101 characters, the free plan of example.com allows 100: "${"c".repeat(101)}".`,
  ]);
  expect(audit("pro", 500)).toEqual([]);
  expect(audit("pro", 501)).toHaveLength(1);
});

test("a comment with a line break is refused", () => {
  expect(
    commentLength.audit(input({ planned: [planned(address("mail.example.com"), { comment: "a\nb" })] })),
  ).toEqual([
    {
      rule: "comment-length",
      severity: "fail",
      zone: "example.com",
      subject: "mail.example.com/A",
      message: 'The comment of mail.example.com has a line break: "a\\nb".',
      remedy: "Take the line break out of the name of the project or the stack.",
    },
  ]);
});

test("an ownership comment is never too long", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 300 }), (project, stack) => {
      const comment = ownershipComment({ project, stack }, "x");
      expect(
        commentLength.audit(input({ planned: [planned(address("mail.example.com"), { comment })] })),
      ).toEqual([]);
    }),
  );
});

const filled = (count: number, rest: Parameters<typeof zone>[0] = {}): ReturnType<typeof zone> =>
  zone({
    ...rest,
    records: Array.from({ length: count }, (_, index) =>
      observed(`r${index}`, `h${index}.example.com`, "A", "203.0.113.1"),
    ),
  });

test("one record more than the plan's quota fails, and a nearly full zone is a warning", () => {
  const audit = (count: number, plan = "free"): unknown =>
    recordQuota
      .audit(input({ zones: [filled(count, { plan })], planned: [planned(address("mail.example.com"))] }))
      .map(({ severity, message }) => `${severity}: ${message}`);
  expect(audit(178)).toEqual([]);
  expect(audit(179)).toEqual(["warn: example.com will hold 180 of 200 records (plan free)."]);
  expect(audit(199)).toEqual(["warn: example.com will hold 200 of 200 records (plan free)."]);
  expect(audit(200)).toEqual([
    "fail: example.com would hold 201 records while 1 are made, and 201 after it; its quota is 200 (plan free).",
  ]);
  expect(audit(200, "pro")).toEqual([]);
});

test("the zone's own quota counts before the plan's", () => {
  const zones = [filled(200, { recordQuota: 1_000 })];
  expect(recordQuota.audit(input({ zones, planned: [planned(address("mail.example.com"))] }))).toEqual([]);
});

test("what is displaced makes room; what is imported takes none; a custom domain takes one", () => {
  const full = filled(200);
  const [first] = full.records;
  if (first === undefined) throw new RangeError("no record");
  const severities = (plan: ReturnType<typeof planned>[], hosts: Parameters<typeof input>[0] = {}): unknown =>
    recordQuota.audit(input({ zones: [full], planned: plan, ...hosts })).map(({ severity }) => severity);
  const one = address("mail.example.com");
  expect(severities([planned(one, { action: "replace", displaces: [first] })])).toEqual(["warn"]);
  expect(severities([planned(one, { action: "adopt", importId: `${full.id}/${first.id}` })])).toEqual([
    "warn",
  ]);
  expect(severities([], { hosts: [host("autodiscover.dept.example.com", "customDomain")] })).toEqual([
    "fail",
  ]);
});

test("this stack's former record has to fit beside the new one for a moment", () => {
  const zones = filled(199);
  const former = observed("old", "old.example.com", "A", "203.0.113.9", {
    comment: ownershipComment(IDENTITY, "example.com/A/old.example.com/203.0.113.9"),
  });
  const full = { ...zones, records: [...zones.records, former] };
  expect(
    recordQuota.audit(input({ zones: [full], planned: [planned(address("mail.example.com"))] })),
  ).toMatchObject([
    {
      severity: "fail",
      message:
        "example.com would hold 201 records while 1 are made, and 200 after it; its quota is 200 (plan free).",
    },
  ]);
});

test("a full zone in which nothing is made fails nothing, and one that is not used is not looked at", () => {
  const one = address("h0.example.com");
  const zones = [filled(201)];
  expect(recordQuota.audit(input({ zones }))).toEqual([]);
  const kept = planned(one, { action: "keep", importId: undefined });
  expect(recordQuota.audit(input({ zones, planned: [kept] }))).toMatchObject([{ severity: "warn" }]);
});
