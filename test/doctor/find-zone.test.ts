import { expect, test } from "vitest";
import type { Resolution } from "../../src/clients/world/world.ts";
import { findZone } from "../../src/doctor/find-zone.ts";

function zones(answers: Readonly<Record<string, Resolution>>): {
  readonly asked: string[];
  readonly resolve: (name: string) => Promise<Resolution>;
} {
  const asked: string[] = [];
  return {
    asked,
    resolve: async (name) => {
      asked.push(name);
      return answers[name] ?? { state: "absent" };
    },
  };
}

const NS: Resolution = { state: "found", data: ["ns1.example.net"] };

test.each([
  { name: "example.com", of: { "example.com": NS }, zone: "example.com" },
  { name: "a.dept.example.com", of: { "example.com": NS }, zone: "example.com" },
  { name: "a.dept.example.com", of: { "dept.example.com": NS, "example.com": NS }, zone: "dept.example.com" },
  { name: "mail.example.co.uk", of: { "co.uk": NS }, zone: undefined },
  { name: "example.test", of: { "example.test": NS }, zone: "example.test" },
])("the zone of $name is $zone", async ({ name, of, zone }) => {
  expect(await findZone(name, zones(of).resolve)).toBe(zone);
});

test("where one level cannot be asked for the zone is not known, whatever stands above", async () => {
  const { resolve, asked } = zones({
    "dept.example.com": { state: "unknown", reason: "silence" },
    "example.com": NS,
  });
  expect(await findZone("dept.example.com", resolve)).toBeUndefined();
  expect(asked).toEqual(["dept.example.com"]);
});

test("name servers behind an alias are another zone's", async () => {
  const { resolve } = zones({
    "www.example.com": { state: "found", data: ["ns.example.org"], aliases: ["host.example.org"] },
    "example.com": NS,
  });
  expect(await findZone("www.example.com", resolve)).toBe("example.com");
});
