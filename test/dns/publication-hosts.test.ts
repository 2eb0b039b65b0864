import { expect, test } from "vitest";
import { derivePublicationHosts } from "../../src/dns/publication-hosts.ts";
import { sampleDomain } from "../spec/sample-domain.ts";

test.each([
  ["at the apex of its zone, with the Worker", "example.com", {}, "route"],
  ["below the apex, with the Worker", "dept.example.com", {}, "customDomain"],
  ["at the apex, with an origin", "example.com", { origin: "www.example.net" }, "origin"],
  ["below the apex, with an origin", "dept.example.com", { origin: "www.example.net" }, "origin"],
])("a domain %s", (_, domain, publish, form) => {
  expect(derivePublicationHosts(sampleDomain({ domain, publish }), "example.com")).toEqual([
    { label: "autoconfig", host: `autoconfig.${domain}`, form },
    { label: "autodiscover", host: `autodiscover.${domain}`, form },
  ]);
});
