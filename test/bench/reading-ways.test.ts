import { expect, test } from "vitest";
import { planProgram } from "../../src/dns/plan/plan-program.ts";
import { openMemoryAccount, type MemoryAccount } from "./memory-account.ts";
import { deriveProgramInput } from "./program-input.ts";
import { planScenario, READING_WAYS } from "./reading-ways.ts";

/** Calls, and records seen. */
async function readBy(way: string, { client, meter, input }: MemoryAccount): Promise<[number, number]> {
  const found = READING_WAYS.find(({ name }) => name === way);
  if (found === undefined) throw new Error(`There is no way "${way}".`);
  const before = meter.calls;
  const seen = await found.read(client, input);
  return [meter.calls - before, seen];
}

const PLAN = "this module, observe and plan";

test.each([
  { records: 10, calls: 3, why: "custom domains, records, routes" },
  { records: 1_000, calls: 4, why: "near a quota, that too" },
  { records: 5_000, calls: 4, why: "a full page is the last one" },
  { records: 5_001, calls: 5, why: "a second page" },
])("observing and planning a zone of $records records takes $calls calls: $why", async (expected) => {
  const account = await openMemoryAccount({
    zones: 1,
    recordsPerZone: expected.records,
    domainsPerZone: 1,
  });
  expect(await readBy(PLAN, account)).toEqual([expected.calls, expected.records]);
});

test("twenty domains of a zone take no call more than one", async () => {
  const size = { zones: 1, recordsPerZone: 300 };
  const one = await openMemoryAccount({ ...size, domainsPerZone: 1 });
  const twenty = await openMemoryAccount({ ...size, domainsPerZone: 20 });
  expect(twenty.input.specs).toHaveLength(20);
  expect(await readBy(PLAN, twenty)).toEqual(await readBy(PLAN, one));
});

test("each zone takes two calls, and all of them together one", async () => {
  const account = await openMemoryAccount({ zones: 7, recordsPerZone: 20, domainsPerZone: 1 });
  expect(await readBy(PLAN, account)).toEqual([2 * 7 + 1, 7 * 20]);
});

test("what is measured in halves is what a program does: the same calls, the same plan", async () => {
  const account = await openMemoryAccount({ zones: 3, recordsPerZone: 250, domainsPerZone: 2 });
  const whole = await readBy(PLAN, account);
  expect(await readBy("this module, observe", account)).toEqual(whole);
  const { client, input } = account;
  const { plan, observed } = await planScenario(client, input);
  expect(plan.domains.size).toBe(6);
  expect(planProgram(deriveProgramInput(input.specs, input.zones, observed))).toEqual(plan);
});

test("the SDK's own iteration takes a call for each hundred records and one for the empty page", async () => {
  const account = await openMemoryAccount({ zones: 1, recordsPerZone: 1_000, domainsPerZone: 1 });
  expect(await readBy("SDK iteration, default page", account)).toEqual([11, 1_000]);
});

test("a call for each name grows with the domains and sees nothing beside the names", async () => {
  const account = await openMemoryAccount({ zones: 1, recordsPerZone: 100, domainsPerZone: 3 });
  const names = account.input.wantedNames.length;
  expect(names).toBeGreaterThan(3 * 8);
  const [calls, seen] = await readBy("one name.exact request a name", account);
  expect(calls).toBe(names);
  expect(seen).toBeLessThan(10);
});

test("the provider's function ends at 1,000 records and says nothing of the one that it left out", async () => {
  const account = await openMemoryAccount({ zones: 1, recordsPerZone: 1_001, domainsPerZone: 1 });
  expect(await readBy("getDnsRecords, maxItems 1,000", account)).toEqual([10, 1_000]);
});
