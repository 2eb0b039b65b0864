import { expect, test } from "vitest";
import { withUnreadNames } from "../../../src/doctor/planned/unread-names.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";
import { after, get, port } from "./sample-worlds.ts";

const domain = sampleDomain({
  mailServer: { host: "box.example.com", addresses: [] },
  publish: { origin: "web.example.com" },
});
const world = withUnreadNames(
  after([], domain),
  (name, isNoName) => isNoName && !name.startsWith("nowhere.") && name !== "_imaps._tcp.example.com",
);

test("a name that the plan holds nothing at is not known to be absent", async () => {
  const reason = "nobody read what the zone holds at box.example.com";
  expect(await world.resolve("box.example.com", "A")).toMatchObject({ state: "unknown", reason });
  expect(await get(world, "https://box.example.com/")).toMatchObject({ kind: "unknown", reason });
  expect(await world.probe(port("box.example.com", 993))).toMatchObject({
    outcome: "unknown",
    detail: reason,
  });
});

test("an alias of the plan to such a name is as little known", async () => {
  const reason = "nobody read what the zone holds at web.example.com";
  expect(await world.resolve("autoconfig.example.com", "A")).toMatchObject({ state: "unknown", reason });
});

test("what the plan holds, and what is not asked about, stays as it is", async () => {
  expect(await world.resolve("_imaps._tcp.example.com", "SRV")).toMatchObject({
    data: ["0 1 993 box.example.com"],
  });
  expect(await world.resolve("nowhere.example.com", "A")).toMatchObject({ state: "absent" });
  expect(await get(world, "https://nowhere.example.com/")).toMatchObject({ kind: "absent" });
  expect(await world.probe(port("nowhere.example.com", 993))).toMatchObject({ outcome: "absent" });
});
