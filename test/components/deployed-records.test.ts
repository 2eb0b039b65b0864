import { expect, test } from "vitest";
import { parseResources } from "../../src/components/deployed-records.ts";

const urn = (type: string, name: string): string => `urn:pulumi:prod::mail::${type}::${name}`;
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const CHAIN = `mail-autodiscover:index:MailDomain$mail-autodiscover:index:DnsRecords$${RECORD}`;

test("records of the state are found by their logical names, also where an IPv6 address is part of one", () => {
  const name = "example.com/AAAA/mail.example.com/2001:db8::25";
  const found = parseResources({
    [urn(CHAIN, name)]: { type: RECORD, outputs: { id: "one", comment: "mail-autodiscover a/b 00000000" } },
    [urn(CHAIN, "example.com/CNAME/autodiscover.example.com")]: { type: RECORD, outputs: { id: "two" } },
  });
  expect([...found]).toEqual([
    [name, { id: "one", comment: "mail-autodiscover a/b 00000000" }],
    ["example.com/CNAME/autodiscover.example.com", { id: "two", comment: undefined }],
  ]);
});

test("other resources, and records that were never made, are left out", () => {
  const found = parseResources({
    [urn("cloudflare:index/workersKv:WorkersKv", "example.com/kv")]: {
      type: "cloudflare:index/workersKv:WorkersKv",
      outputs: { id: "kv" },
    },
    [urn(CHAIN, "example.com/A/mail.example.com/203.0.113.25")]: { type: RECORD, outputs: {} },
  });
  expect(found.size).toBe(0);
});
