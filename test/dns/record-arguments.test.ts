import * as fc from "fast-check";
import { expect, test } from "vitest";
import { deriveRecords } from "../../src/dns/derive-records.ts";
import { buildRecordArguments, type RecordArguments } from "../../src/dns/record-arguments.ts";
import type { WantedRecord } from "../../src/dns/wanted-record.ts";
import { anyDomain, sampleDomain } from "../spec/sample-domain.ts";

const options = { zone: "example.com", workersDevHost: "mail-autodiscover.example.workers.dev" };

function argumentsAt(name: string): RecordArguments | undefined {
  const all = deriveRecords(sampleDomain(), options).map((record) =>
    buildRecordArguments(record, { comment: "ours" }),
  );
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
        const built = buildRecordArguments(record, { comment: "ours" });
        expect(built.name).toMatch(/^[a-z0-9_.-]+\.[a-z0-9-]+$/);
        const host = record.type === "TXT" ? "" : (built.content ?? "");
        expect(host === "." ? "" : host).not.toMatch(/\.$|[A-Z]/);
        expect(built.ttl).toBe(1);
        expect(built.content === undefined).toBe(built.data !== undefined);
        const data = record.type === "SRV" ? built.data : { priority: built.priority };
        expect(data).toMatchObject({ priority: built.priority });
      }
    }),
  );
});

const delivery = deriveRecords(
  sampleDomain({
    mx: [{ host: "mx.example.com", priority: 5 }],
    dkim: [{ selector: "s1", publicKey: `v=DKIM1; n=${"x".repeat(300)}; p=` }],
    caa: true,
    publish: { origin: "www.example.net" },
  }),
  options,
);

function recordOf(type: WantedRecord["type"]): WantedRecord {
  const found = delivery.find((record) => record.type === type);
  if (found === undefined) throw new Error(`no ${type}`);
  return found;
}

test("an MX record has content and priority: its data form drifts", () => {
  expect(buildRecordArguments(recordOf("MX"), { comment: "ours" })).toEqual({
    name: "example.com",
    type: "MX",
    ttl: 1,
    proxied: false,
    comment: "ours",
    content: "mx.example.com",
    priority: 5,
  });
});

test("a TXT record is quoted and split at 255 octets; an adopted one keeps its own form", () => {
  const dkim = delivery.find(({ purpose }) => purpose === "dkim");
  if (dkim === undefined) throw new Error("no DKIM record");
  const built = buildRecordArguments(dkim, { comment: "ours" });
  expect(built.content).toMatch(/^"[^"]{255}" "[^"]+"$/);
  const adopted = buildRecordArguments(dkim, { comment: "ours", content: "v=DKIM1; p=" });
  expect(adopted.content).toBe("v=DKIM1; p=");
});

test("a CAA record has data; the account follows once it is known", () => {
  const record = recordOf("CAA");
  expect(buildRecordArguments(record, { comment: "ours" }).data).toEqual({
    flags: 0,
    tag: "issue",
    value: "letsencrypt.org; validationmethods=dns-01",
  });
  const accountUri = "https://ca.example.com/acct/1";
  expect(buildRecordArguments(record, { comment: "ours", accountUri }).data).toMatchObject({
    value: `letsencrypt.org; validationmethods=dns-01; accounturi=${accountUri}`,
  });
  const plain = { ...record, bindsAccount: false };
  expect(buildRecordArguments(plain, { comment: "ours", accountUri }).data).toMatchObject({
    value: "letsencrypt.org; validationmethods=dns-01",
  });
});

test("a record keeps the TTL that it is given, but a proxied one is always automatic", () => {
  const ttlOf = (name: string): number | undefined => {
    const record = deriveRecords(sampleDomain(), options).find((one) => one.name === name);
    return record && buildRecordArguments(record, { comment: "ours", ttlSeconds: 3600 }).ttl;
  };
  expect(ttlOf("mail.example.com")).toBe(3600);
  expect(ttlOf("autodiscover.example.com")).toBe(1);
});
