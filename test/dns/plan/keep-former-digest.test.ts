import { expect, test } from "vitest";
import { derivePacc } from "../../../src/dns/derive-pacc.ts";
import type { ObservedRecord, ObservedZone } from "../../../src/dns/observed-zone.ts";
import { ownershipComment } from "../../../src/dns/ownership.ts";
import { keepFormerDigest } from "../../../src/dns/plan/keep-former-digest.ts";
import { planProgram, type ProgramPlan } from "../../../src/dns/plan/plan-program.ts";
import type { WantedRecord } from "../../../src/dns/wanted-record.ts";
import { observedRecord, observedZone } from "../observed-zone.ts";
import { applyPlan, deployedBy } from "./apply-plan.ts";
import { identity, mailDomain, wantedOf } from "./sample-wish.ts";

const NAME = "_ua-auto-config.example.com";

/** The digest that the domain's document has under a display name. */
function digest(displayName: string): WantedRecord & { readonly text: string } {
  const [record] = derivePacc(mailDomain({ displayName }));
  if (record === undefined) throw new Error("no document");
  return record;
}

interface World {
  readonly zone: ObservedZone;
  readonly plan: ProgramPlan | undefined;
  /** Text of the digest that was published last. */
  readonly published?: string;
}

/** One `up` with the document of a display name, on a day of November. */
function up({ zone, plan: former, published }: World, displayName: string, day: number): World {
  const domain = mailDomain({ displayName });
  const others = wantedOf(domain).filter(({ purpose }) => purpose !== "pacc");
  const plan = planProgram({
    domains: [{ domain, wanted: [...others, digest(displayName)] }],
    publishedDigests: new Map(published === undefined ? [] : [["example.com", published]]),
    zones: [zone],
    visibleZones: ["example.com"],
    identity,
    scriptName: "mail",
    deployed: former === undefined ? undefined : deployedBy(former, [zone]),
  });
  expect(plan.problems).toEqual([]);
  const known = new Set(zone.records.map(({ id }) => id));
  const createdOn = `2026-11-${String(day).padStart(2, "0")}T12:00:00.5Z`;
  const after = applyPlan(zone, plan);
  const records = after.records.map((record) => (known.has(record.id) ? record : { ...record, createdOn }));
  return { zone: { ...after, records }, plan, published: digest(displayName).text };
}

function digestsIn({ zone }: World): readonly string[] {
  const contents = zone.records.filter(({ name }) => name === NAME).map(({ content }) => content);
  return ["A", "B", "C", "D"].filter((name) => contents.some((text) => text.includes(digest(name).text)));
}

const start: World = { zone: observedZone([]), plan: undefined };

test("over three changes the current digest and the former one stand, and no third", () => {
  let world = start;
  const seen = ["A", "B", "C", "D"].map((name, index) => {
    world = up(world, name, index + 1);
    return digestsIn(world);
  });
  expect(seen).toEqual([["A"], ["A", "B"], ["B", "C"], ["C", "D"]]);
});

test("a run without a change keeps both digests and touches no record", () => {
  const changed = up(up(start, "A", 1), "B", 2);
  const again = up(changed, "B", 3);
  expect(digestsIn(again)).toEqual(["A", "B"]);
  expect(new Set(again.zone.records)).toEqual(new Set(changed.zone.records));
  const actions = [...(again.plan?.domains.values() ?? [])].flatMap(({ planned }) => planned);
  expect(new Set(actions.map(({ action }) => action))).toEqual(new Set(["keep"]));
});

test("a change and its reversal keep both digests", () => {
  const back = up(up(up(start, "A", 1), "B", 2), "A", 3);
  expect(digestsIn(back)).toEqual(["A", "B"]);
});

test("after a change and its reversal the next change keeps the digest that readers may hold, not the newest", () => {
  const back = up(up(up(start, "A", 1), "B", 2), "A", 3);
  const changed = up(back, "C", 4);
  expect(digestsIn(changed)).toEqual(["A", "C"]);
  expect(digestsIn(up(changed, "C", 5))).toEqual(["A", "C"]);
  expect(digestsIn(up(changed, "D", 5))).toEqual(["C", "D"]);
});

function standing(name: string, more: Partial<ObservedRecord> = {}): ObservedRecord {
  const { text, logicalName } = digest(name);
  return observedRecord({
    id: `id-${name}`,
    type: "TXT",
    name: NAME,
    content: `"${text}"`,
    comment: ownershipComment(identity, logicalName),
    ...more,
  });
}

function kept(...records: readonly ObservedRecord[]): readonly string[] {
  const current = digest("A");
  const wanted = keepFormerDigest("example.com", [current], records, identity);
  expect(wanted[0]).toBe(current);
  return wanted.slice(1).map(({ logicalName }) => logicalName);
}

test("of several former digests the newest stays, whatever the order of the zone and the form of its times", () => {
  const records = [
    standing("B", { createdOn: "2026-11-02T12:00:00Z" }),
    standing("C", { createdOn: "2026-11-02T12:00:00.25Z" }),
    standing("D"),
  ];
  expect(kept(...records)).toEqual([digest("C").logicalName]);
  expect(kept(...records.toReversed())).toEqual([digest("C").logicalName]);
});

test("where nobody knows when they were made, every run chooses the same one", () => {
  const records = [standing("B"), standing("C")];
  expect(kept(...records)).toHaveLength(1);
  expect(kept(...records)).toEqual(kept(...records.toReversed()));
});

test("a digest of somebody else, of another stack, or changed by hand is not ours to keep", () => {
  const other = { project: "mail", stack: "test" };
  expect(kept(standing("B", { comment: undefined }))).toEqual([]);
  expect(kept(standing("B", { comment: ownershipComment(other, digest("B").logicalName) }))).toEqual([]);
  expect(kept(standing("B", { content: digest("C").text }))).toEqual([]);
  expect(kept(standing("B", { name: "_ua-auto-config.example.net" }))).toEqual([]);
  expect(kept(standing("B"))).toEqual([digest("B").logicalName]);
});

test("a domain without a document any more keeps no digest", () => {
  expect(keepFormerDigest("example.com", [], [standing("B")], identity)).toEqual([]);
});

test("digests of somebody else are in nobody's way: several may stand beside each other", () => {
  const foreign = standing("D", { id: "theirs", comment: undefined });
  const world = up({ ...start, zone: observedZone([foreign]) }, "A", 1);
  expect(digestsIn(world)).toEqual(["A", "D"]);
});
