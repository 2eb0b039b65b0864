import { expect, test } from "vitest";
import { ownershipComment } from "../../../src/dns/ownership.ts";
import { recordsAfter } from "../../../src/dns/rules/zone-after.ts";
import { address, IDENTITY, observed, planned, txt, zone } from "./audit-input.ts";

const mail = address("mail.example.com");
const ours = (logicalName: string, isAdopted = false): { comment: string } => ({
  comment: ownershipComment(IDENTITY, logicalName, { isAdopted }),
});
const ids = (records: Parameters<typeof zone>[0], plan: Parameters<typeof recordsAfter>[1]): unknown =>
  recordsAfter(zone(records), plan).map(({ id, isOurs }) => `${id ?? "new"} ${isOurs ? "ours" : "theirs"}`);

test("displaced records are gone, and the planned one stands", () => {
  const old = observed("a1", "mail.example.com", "CNAME", "host.example.net");
  expect(ids({ records: [old] }, [planned(mail, { action: "replace", displaces: [old] })])).toEqual([
    "new ours",
  ]);
});

test("an imported record stands once, as ours", () => {
  const theirs = observed("a1", "mail.example.com", "A", "203.0.113.25");
  const one = planned(mail, { action: "adopt", importId: `${zone().id}/a1` });
  expect(ids({ records: [theirs] }, [one])).toEqual(["a1 ours"]);
});

test("a kept record stands once, in the plan's form, also where it bears a former key", () => {
  const former = { ...mail, formerLogicalNames: ["example.com/A/mail.example.com/old"] };
  for (const key of [mail.logicalName, ...former.formerLogicalNames]) {
    const kept = observed("a1", "mail.example.com", "A", "203.0.113.1", ours(key));
    const [after, ...others] = recordsAfter(zone({ records: [kept] }), [planned(former, { action: "keep" })]);
    expect(after).toMatchObject({ id: "a1", content: "203.0.113.25", isOurs: true });
    expect(others).toEqual([]);
  }
});

test("this stack's records that are no longer planned go; adopted ones and another stack's stay", () => {
  const other = ownershipComment({ project: "mail", stack: "other" }, "x");
  const records = [
    observed("a1", "gone.example.com", "A", "203.0.113.1", ours("gone")),
    observed("a2", "kept.example.com", "A", "203.0.113.2", ours("kept", true)),
    observed("a3", "other.example.com", "A", "203.0.113.3", { comment: other }),
    observed("a4", "plain.example.com", "A", "203.0.113.4", { comment: "web" }),
  ];
  expect(ids({ records }, [planned(mail)])).toEqual(["a2 theirs", "a3 theirs", "a4 theirs", "new ours"]);
});

test("a plan for another zone changes nothing, but names the stack whose records go", () => {
  const elsewhere = planned(mail, { zone: { id: "f".repeat(32), name: "example.net" } });
  const records = [observed("a1", "gone.example.com", "A", "203.0.113.1", ours("gone"))];
  expect(recordsAfter(zone({ records }), [elsewhere])).toEqual([]);
});

test("a planned text has the API's form: its own where it was adopted, else quoted", () => {
  const spf = txt("example.com", "v=spf1 mx -all");
  const contents = (content: string | undefined): readonly string[] =>
    recordsAfter(zone(), [planned(spf, { content })]).map((record) => record.content);
  expect(contents(undefined)).toEqual(['"v=spf1 mx -all"']);
  expect(contents("v=spf1 mx -all")).toEqual(["v=spf1 mx -all"]);
});
