import { describe, expect, test } from "vitest";
import type { ObservedRecord } from "../../../src/dns/observed-zone.ts";
import { ownershipComment } from "../../../src/dns/ownership.ts";
import type { PlannedRecord } from "../../../src/dns/planned-record.ts";
import type { RecordPlan } from "../../../src/dns/plan/plan-records.ts";
import { observedRecord } from "../observed-zone.ts";
import { identity, planAgainst } from "./sample-wish.ts";

const AUTODISCOVER = "autodiscover.example.com";
const at = (type: string, content: string, rest: Partial<ObservedRecord> = {}): ObservedRecord =>
  observedRecord({ type, name: AUTODISCOVER, content, ...rest });
const planned = (plan: RecordPlan, name = AUTODISCOVER): PlannedRecord => {
  const found = plan.planned.find(({ record }) => record.name === name);
  if (found === undefined) throw new Error(`${name} is not planned`);
  return found;
};

describe("an empty zone", () => {
  test("gets every record, with nothing to say", () => {
    const plan = planAgainst([]);
    expect(plan.problems).toEqual([]);
    expect(plan.notices).toEqual([]);
    expect(new Set(plan.planned.map(({ action }) => action))).toEqual(new Set(["create"]));
    expect(
      plan.planned.every(({ importId, retainOnDelete }) => importId === undefined && !retainOnDelete),
    ).toBe(true);
  });
});

describe("a record of ours", () => {
  test("is never imported, also where adopt and replace name it: an import would delete the live record", () => {
    const comment = ownershipComment(identity, `example.com/CNAME/${AUTODISCOVER}`);
    for (const list of ["adopt", "replace"]) {
      const plan = planAgainst([at("CNAME", "autoconfig.example.com", { comment, proxied: true })], {
        [list]: [`${AUTODISCOVER}/CNAME`],
      });
      expect(plan.problems).toEqual([]);
      expect(planned(plan)).toMatchObject({
        action: "keep",
        importId: undefined,
        retainOnDelete: false,
        comment,
      });
    }
  });

  test("that was adopted keeps its mark, its time to live and its own text, whether adopt still names it or not", () => {
    const comment = ownershipComment(identity, "example.com/TXT/_dmarc.example.com/dmarc", {
      isAdopted: true,
    });
    const theirs = observedRecord({
      type: "TXT",
      name: "_dmarc.example.com",
      content: "v=DMARC1; p=none",
      ttl: 3600,
      comment,
    });
    for (const adopt of [[], ["_dmarc/TXT"]]) {
      const plan = planAgainst([theirs], { dmarc: "v=DMARC1; p=none", adopt });
      expect(plan.notices).toEqual([]);
      expect(planned(plan, "_dmarc.example.com")).toMatchObject({
        action: "keep",
        importId: undefined,
        retainOnDelete: true,
        ttlSeconds: 3600,
        content: "v=DMARC1; p=none",
        comment,
      });
    }
  });

  test("that was changed outside is told, with the way back", () => {
    const comment = ownershipComment(identity, `example.com/CNAME/${AUTODISCOVER}`);
    const plan = planAgainst([at("CNAME", "elsewhere.example.net", { comment })]);
    expect(plan.problems).toEqual([]);
    expect(plan.notices.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        'was changed outside to id-of-autodiscover.example.com-CNAME CNAME elsewhere.example.net; "pulumi up --refresh" sets it back',
      ),
    ]);
  });

  test("with somebody else's beside it stays, and the other is told; replace removes the other", () => {
    const ours = observedRecord({
      type: "TXT",
      name: "example.com",
      content: '"v=spf1 mx -all"',
      comment: ownershipComment(identity, "example.com/TXT/example.com/spf"),
    });
    const theirs = observedRecord({
      type: "TXT",
      name: "example.com",
      id: "other",
      content: '"v=spf1 -all"',
    });
    const told = planAgainst([ours, theirs], { spf: "v=spf1 mx -all" });
    expect(told.problems).toEqual([]);
    expect(told.notices).toHaveLength(1);
    const removed = planAgainst([ours, theirs], { spf: "v=spf1 mx -all", replace: ["@/TXT"] });
    expect(removed.notices).toEqual([]);
    expect(removed.displacements).toMatchObject([{ name: "example.com", deleted: [{ id: "other" }] }]);
  });
});

describe("a record of somebody else that says the same", () => {
  const theirs = at("CNAME", "Autoconfig.example.com.", { ttl: 300, comment: "web team" });

  test("fails the plan with its id, its content and the line to add", () => {
    const plan = planAgainst([theirs]);
    expect(plan.problems).toMatchObject([
      {
        code: "record-exists",
        message: `${AUTODISCOVER}/CNAME exists already, made by somebody else: id-of-${AUTODISCOVER}-CNAME CNAME autoconfig.example.com.`,
        adopt: [`${AUTODISCOVER}/CNAME`],
      },
    ]);
  });

  test("is imported where adopt names it, by full or relative name, and never removed by destroy", () => {
    for (const entry of [`${AUTODISCOVER}/CNAME`, "autodiscover/CNAME", `${AUTODISCOVER}./cname`]) {
      const plan = planAgainst([theirs], { adopt: [entry] });
      expect(plan.problems).toEqual([]);
      expect(planned(plan)).toMatchObject({
        action: "adopt",
        importId: `zone/id-of-${AUTODISCOVER}-CNAME`,
        retainOnDelete: true,
        ttlSeconds: 300,
        comment: ownershipComment(identity, `example.com/CNAME/${AUTODISCOVER}`, { isAdopted: true }),
      });
    }
  });
});

describe("a record of somebody else that says something else", () => {
  test("fails the plan with what it says, what is wanted, and the line to add", () => {
    const plan = planAgainst([at("CNAME", "autodiscover.outlook.com")]);
    expect(plan.problems).toMatchObject([
      {
        code: "record-conflict",
        message: `${AUTODISCOVER}/CNAME is in the way: id-of-${AUTODISCOVER}-CNAME CNAME autodiscover.outlook.com, left by Microsoft 365; wanted is autoconfig.example.com (proxied).`,
        replace: [`${AUTODISCOVER}/CNAME`],
      },
    ]);
  });

  test("of the same type is imported and overwritten where replace names it, and its content is kept", () => {
    const plan = planAgainst([at("CNAME", "autodiscover.outlook.com")], {
      replace: [`${AUTODISCOVER}/CNAME`],
    });
    expect(planned(plan)).toMatchObject({
      action: "replace",
      importId: `zone/id-of-${AUTODISCOVER}-CNAME`,
      retainOnDelete: false,
      ttlSeconds: undefined,
      displaces: [],
    });
    expect(plan.displacements).toMatchObject([
      { name: AUTODISCOVER, deleted: [], overwritten: [{ content: "autodiscover.outlook.com" }] },
    ]);
  });

  test("of another type is displaced first where replace names it, all of them", () => {
    const plan = planAgainst([at("A", "192.0.2.1"), at("AAAA", "2001:db8::1")], {
      replace: [`${AUTODISCOVER}/A`],
    });
    expect(plan.problems).toEqual([]);
    expect(planned(plan)).toMatchObject({ action: "replace", importId: undefined });
    expect(plan.displacements).toMatchObject([
      { deleted: [{ type: "A" }, { type: "AAAA" }], overwritten: [] },
    ]);
  });

  test("keeps its place aside for as long as replace names it, with nothing to do once it is done", () => {
    const comment = ownershipComment(identity, `example.com/CNAME/${AUTODISCOVER}`);
    const plan = planAgainst([at("CNAME", "autoconfig.example.com", { comment, proxied: true })], {
      replace: [`${AUTODISCOVER}/A`],
    });
    expect(plan.displacements).toMatchObject([
      { logicalName: `example.com/displaced/${AUTODISCOVER}`, deleted: [], overwritten: [] },
    ]);
  });

  test("is not made ours by adopt", () => {
    const plan = planAgainst([at("CNAME", "elsewhere.example.net")], { adopt: [`${AUTODISCOVER}/CNAME`] });
    expect(plan.problems).toMatchObject([{ code: "record-conflict", replace: [`${AUTODISCOVER}/CNAME`] }]);
  });
});

describe("sets", () => {
  const srv = (id: string, target: string): ObservedRecord =>
    observedRecord({
      type: "SRV",
      name: "_imaps._tcp.example.com",
      id,
      content: `1 993 ${target}`,
      priority: 5,
    });

  test("of several records: one is overwritten, the others are displaced", () => {
    const plan = planAgainst([srv("one", "old.example.net"), srv("two", "older.example.net")], {
      replace: ["_imaps._tcp/SRV"],
    });
    expect(planned(plan, "_imaps._tcp.example.com")).toMatchObject({ importId: "zone/one" });
    expect(plan.displacements).toMatchObject([{ deleted: [{ id: "two" }], overwritten: [{ id: "one" }] }]);
  });

  test("no record is imported for two wanted ones", () => {
    const addresses = ["203.0.113.25", "203.0.113.26"];
    const plan = planAgainst(
      ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map((content, index) =>
        observedRecord({ type: "A", name: "mail.example.com", id: `a${index}`, content }),
      ),
      { mailServer: { host: "mail.example.com", addresses }, replace: ["mail/A"] },
    );
    expect(plan.problems).toEqual([]);
    const imports = plan.planned.flatMap(({ importId }) => importId ?? []);
    expect(new Set(imports).size).toBe(imports.length);
    const touched = plan.displacements.flatMap(({ deleted, overwritten }) => [...deleted, ...overwritten]);
    expect(touched.map(({ id }) => id).toSorted()).toEqual(["a0", "a1", "a2"]);
  });
});

describe("a shared SPF record", () => {
  const theirs = observedRecord({
    type: "TXT",
    name: "example.com",
    id: "spf",
    content: "v=spf1 include:_spf.example.net ~all",
    ttl: 600,
  });
  const file = { spf: "v=spf1 mx -all" };

  test("fails the plan and shows what adopting would make of it", () => {
    expect(planAgainst([theirs], file).problems).toMatchObject([
      {
        remedy:
          'Adopt it, which makes it "v=spf1 include:_spf.example.net mx ~all"; or replace it by "v=spf1 mx -all".',
        adopt: ["example.com/TXT"],
      },
    ]);
  });

  test("is completed where adopt names it, and stays so with what its owner adds later", () => {
    const first = planAgainst([theirs], { ...file, adopt: ["@/TXT"] });
    const spf = first.planned.find(({ record }) => record.purpose === "spf");
    expect(spf).toMatchObject({
      action: "adopt",
      importId: "zone/spf",
      content: undefined,
      record: { text: "v=spf1 include:_spf.example.net mx ~all" },
    });
    const later = {
      ...theirs,
      content: '"v=spf1 include:_spf.example.net include:new.example.net mx ~all"',
      comment: spf?.comment,
    };
    const second = planAgainst([later], file);
    expect(second.problems).toEqual([]);
    expect(second.notices).toEqual([]);
    expect(second.planned.find(({ record }) => record.purpose === "spf")).toMatchObject({
      action: "keep",
      content: later.content,
    });
  });
});

describe("a record that nobody asked for by name", () => {
  const theirs = observedRecord({ type: "A", name: "smtp.example.com", content: "192.0.2.1" });

  test("yields to somebody else's, which is told", () => {
    const plan = planAgainst([theirs]);
    expect(plan.problems).toEqual([]);
    expect(plan.planned.some(({ record }) => record.name === "smtp.example.com")).toBe(false);
    expect(plan.notices).toMatchObject([{ level: "info" }]);
  });

  test("is a problem once the file names it", () => {
    expect(planAgainst([theirs], { guessNames: ["smtp"] }).problems).toMatchObject([
      { code: "record-conflict", replace: ["smtp.example.com/A"] },
    ]);
  });
});

test("a mark of another stack fails the plan, whatever is named", () => {
  const comment = ownershipComment({ project: "mail", stack: "test" }, `example.com/CNAME/${AUTODISCOVER}`);
  const plan = planAgainst([at("CNAME", "autoconfig.example.com", { comment })], {
    adopt: [`${AUTODISCOVER}/CNAME`],
  });
  expect(plan.problems).toMatchObject([{ code: "record-of-another-stack" }]);
  expect(plan.problems[0]?.remedy).toContain(`mail-autodiscover release ${AUTODISCOVER}/CNAME`);
});

test("an entry that names nothing wanted is told", () => {
  expect(planAgainst([], { adopt: ["www/A"] }).notices.map(({ message }) => message)).toEqual([
    "adopt: www/A names no record that example.com wants.",
  ]);
});

test("all problems are found at once", () => {
  const plan = planAgainst([
    at("A", "192.0.2.1"),
    observedRecord({ type: "CNAME", name: "autoconfig.example.com", content: "elsewhere.example.net" }),
    observedRecord({ type: "A", name: "mail.example.com", content: "203.0.113.25" }),
  ]);
  expect(plan.problems.map(({ subject }) => subject)).toEqual([
    "autoconfig.example.com/AAAA",
    "autodiscover.example.com/CNAME",
    "mail.example.com/A",
  ]);
});
