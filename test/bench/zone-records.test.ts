import { expect, test } from "vitest";
import { scenarioDomains, scenarioZones, SCENARIOS } from "./scenario.ts";
import { generateZoneRecords } from "./zone-records.ts";

const ZONE = "example.test";

test.each([10, 11, 50, 1_000, 10_000])("a zone of %i records has that many, no two alike", (count) => {
  const records = generateZoneRecords(ZONE, count);
  const keys = records.map(
    ({ name, type, content, data }) => `${name} ${type} ${content ?? ""} ${JSON.stringify(data)}`,
  );
  expect(new Set(keys).size).toBe(count);
});

test("even the smallest zone has every type, a wildcard, and records at names that a mail domain wants", () => {
  const records = generateZoneRecords(ZONE, 10);
  expect([...new Set(records.map(({ type }) => type))].toSorted()).toEqual(
    ["A", "AAAA", "CNAME", "MX", "SRV", "TXT"].toSorted(),
  );
  const names = records.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      ZONE,
      `*.${ZONE}`,
      `autodiscover.${ZONE}`,
      `_imaps._tcp.${ZONE}`,
      `_dmarc.${ZONE}`,
      `mail.${ZONE}`,
    ]),
  );
});

test("a large zone has hundreds of records of each type", () => {
  const byType = Map.groupBy(generateZoneRecords(ZONE, 10_000), ({ type }) => type);
  const fewest = Math.min(...[...byType.values()].map(({ length }) => length));
  expect(byType.size).toBe(6);
  expect(fewest).toBeGreaterThan(1_000);
});

test("every alias ends in its own zone, so that planning asks no resolver", () => {
  const aliases = generateZoneRecords(ZONE, 1_000).filter(({ type }) => type === "CNAME");
  expect(aliases.length).toBeGreaterThan(100);
  expect(aliases.filter(({ content }) => content !== ZONE && !content?.endsWith(`.${ZONE}`))).toEqual([]);
});

test("the same zone and count give the same records", () => {
  expect(generateZoneRecords(ZONE, 500)).toEqual(generateZoneRecords(ZONE, 500));
});

test("a zone too small for the common records is refused", () => {
  expect(() => generateZoneRecords(ZONE, 9)).toThrow(RangeError);
});

test("the scenarios are one domain at 10, 1,000 and 10,000 records, many domains in a zone, and many zones", () => {
  const sizes = SCENARIOS.map((scenario) => {
    const zones = scenarioZones(scenario);
    return [scenarioDomains(scenario).length, zones.length, zones[0]?.records.length];
  });
  expect(sizes).toEqual([
    [1, 1, 10],
    [1, 1, 1_000],
    [1, 1, 10_000],
    [20, 1, 1_000],
    [200, 200, 50],
  ]);
});
