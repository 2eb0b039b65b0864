import { expect, test } from "vitest";
import { observedRdata } from "../../src/dns/comparison/rdata.ts";
import { observePreload } from "../../src/dns/observe-preload.ts";

test("a described zone becomes one that was read: full names, upper-case types, the API's defaults", () => {
  const zone = observePreload({
    zone: "Example.com.",
    plan: "pro",
    records: [
      { type: "a", name: "@", content: "192.0.2.1", proxied: true },
      { type: "CNAME", name: "*", content: "example.com" },
      { type: "TXT", name: "_dmarc.example.com", content: '"v=DMARC1; p=none"', ttl: 300 },
      { type: "A", name: "bücher", content: "192.0.2.2" },
    ],
    routes: [{ pattern: "example.com/*" }],
    customDomains: [{ hostname: "Shop.example.com", service: "shop" }],
  });
  expect(zone).toMatchObject({ name: "example.com", plan: "pro", recordQuota: undefined });
  expect(zone.records.map(({ name, type, ttl, proxied }) => [name, type, ttl, proxied])).toEqual([
    ["example.com", "A", 1, true],
    ["*.example.com", "CNAME", 1, false],
    ["_dmarc.example.com", "TXT", 300, false],
    ["xn--bcher-kva.example.com", "A", 1, false],
  ]);
  expect(zone.routes).toEqual([{ id: "route-1", pattern: "example.com/*", script: undefined }]);
  expect(zone.customDomains).toEqual([{ hostname: "shop.example.com", service: "shop" }]);
});

test("records that are given by their components say the same as by their text", () => {
  const { records } = observePreload({
    zone: "example.com",
    records: [
      {
        type: "SRV",
        name: "_imaps._tcp",
        data: { priority: 0, weight: 1, port: 993, target: "mail.example.com" },
      },
      { type: "MX", name: "@", content: "mx.example.net", priority: 10 },
    ],
  });
  expect(records.map(observedRdata)).toEqual(["0 1 993 mail.example.com", "10 mx.example.net"]);
});
