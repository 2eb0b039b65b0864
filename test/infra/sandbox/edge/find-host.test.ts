import { expect, test } from "vitest";
import { findProxiedRecord } from "../../../../infra/sandbox/edge/address-records.ts";
import { findHost } from "../../../../infra/sandbox/edge/find-host.ts";
import { memoryWorld } from "./memory-world.ts";

const originless = { type: "AAAA", content: "100::", proxied: true } as const;

test("Universal SSL covers the apex and one level, of proxied names only", () => {
  const world = memoryWorld({
    records: [
      { ...originless, name: "example.test" },
      { ...originless, name: "autoconfig.example.test" },
      { ...originless, name: "autoconfig.dept.example.test" },
      { type: "A", name: "mail.example.test", content: "203.0.113.25", proxied: false },
    ],
  });
  const universal = ["example.test", "*.example.test"];
  expect(findHost(world, "example.test")?.certificateNames).toEqual(universal);
  expect(findHost(world, "autoconfig.example.test")?.certificateNames).toEqual(universal);
  expect(findHost(world, "autoconfig.dept.example.test")?.certificateNames).toBeUndefined();
  expect(findHost(world, "mail.example.test")).toBeUndefined();
  expect(findHost(world, "elsewhere.test")).toBeUndefined();
});

test("a custom domain has a certificate of its own at any depth", () => {
  const hostname = "autoconfig.dept.example.test";
  const world = memoryWorld({ customDomains: [{ hostname, service: "responder" }] });
  expect(findHost(world, hostname)).toMatchObject({ script: "responder", certificateNames: [hostname] });
});

test("workers.dev answers for enabled scripts, and shows its wildcard certificate for the others", () => {
  const world = memoryWorld({ workersSubdomain: "acme" });
  world.setScript("on", "", { workersDevEnabled: true });
  world.setScript("off", "", { workersDevEnabled: false });
  const certificateNames = ["*.acme.workers.dev"];
  expect(findHost(world, "on.acme.workers.dev")).toEqual({ script: "on", certificateNames });
  expect(findHost(world, "off.acme.workers.dev")).toEqual({ certificateNames });
  expect(findHost(world, "on.other.workers.dev")).toBeUndefined();
});

test("a proxied wildcard answers for names without records, and no record below one escapes it (RFC 4592)", () => {
  const wildcard = { ...originless, name: "*.example.test" };
  const records = [
    wildcard,
    { type: "TXT", name: "autoconfig.example.test", content: "tombstone", proxied: false },
    { type: "TXT", name: "_dmarc.dept.example.test", content: "x", proxied: false },
  ];
  expect(findProxiedRecord(records, "shop.example.test")).toBe(wildcard);
  expect(findProxiedRecord(records, "a.shop.example.test")).toBe(wildcard);
  expect(findProxiedRecord(records, "autoconfig.example.test")).toBeUndefined();
  expect(findProxiedRecord(records, "dept.example.test")).toBeUndefined();
  expect(findProxiedRecord(records, "x.dept.example.test")).toBeUndefined();
});

test("a first-level alias into another account completes the handshake, so that its page can be seen", () => {
  const world = memoryWorld({
    records: [
      { type: "CNAME", name: "autoconfig.example.test", content: "app.other.test", proxied: false },
      { type: "CNAME", name: "direct.example.test", content: "mail.other.test", proxied: false },
    ],
    foreignRecords: [
      { ...originless, name: "app.other.test" },
      { type: "A", name: "mail.other.test", content: "203.0.113.25", proxied: false },
    ],
  });
  expect(findHost(world, "autoconfig.example.test")).toMatchObject({
    isCrossAccount: true,
    certificateNames: ["example.test", "*.example.test"],
  });
  expect(findHost(world, "direct.example.test")).toBeUndefined();
});
