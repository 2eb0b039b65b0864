import * as fc from "fast-check";
import { expect, test } from "vitest";
import { deriveRecords } from "../../src/dns/derive-records.ts";
import { buildRecordArguments, type RecordArguments } from "../../src/dns/record-arguments.ts";
import { anyDomain, sampleDomain } from "../spec/sample-domain.ts";

const options = { zone: "example.com", workersDevHost: "mail-autodiscover.example.workers.dev" };

function argumentsAt(name: string): RecordArguments | undefined {
  const all = deriveRecords(sampleDomain(), options).map((record) => buildRecordArguments(record, "ours"));
  return all.find((one) => one.name === name);
}

test("an SRV record has its data, the priority a second time at the top, and no content", () => {
  expect(argumentsAt("_submission._tcp.example.com")).toEqual({
    name: "_submission._tcp.example.com",
    type: "SRV",
    ttl: 1,
    proxied: false,
    comment: "ours",
    priority: 10,
    data: { priority: 10, weight: 1, port: 587, target: "mail.example.com" },
  });
});

test("a service that is not offered keeps its `.`", () => {
  expect(argumentsAt("_imap._tcp.example.com")?.data).toEqual({
    priority: 0,
    weight: 0,
    port: 0,
    target: ".",
  });
});

test("an address record and a CNAME have content and neither data nor priority", () => {
  const base = { ttl: 1, comment: "ours" };
  expect(argumentsAt("mail.example.com")).toEqual({
    ...base,
    name: "mail.example.com",
    type: "A",
    proxied: false,
    content: "203.0.113.25",
  });
  expect(argumentsAt("autodiscover.example.com")).toEqual({
    ...base,
    name: "autodiscover.example.com",
    type: "CNAME",
    proxied: true,
    content: "autoconfig.example.com",
  });
});

test("every name is an FQDN in lower case without a final dot, with the automatic TTL", () => {
  fc.assert(
    fc.property(anyDomain, (domain) => {
      for (const record of deriveRecords(domain, { ...options, zone: domain.domain })) {
        const built = buildRecordArguments(record, "ours");
        expect(built.name).toMatch(/^[a-z0-9_.-]+\.[a-z0-9-]+$/);
        expect(built.content ?? "").not.toMatch(/\.$|[A-Z]/);
        expect(built.ttl).toBe(1);
        expect(built.data?.priority).toBe(built.priority);
      }
    }),
  );
});
