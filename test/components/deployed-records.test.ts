import { expect, test } from "vitest";
import { parseResources, parseSettings } from "../../src/components/deployed-records.ts";
import { deriveClientSettings, renderClientSettings } from "../../src/documents/client-settings.ts";
import { sampleDomain } from "../spec/sample-domain.ts";

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

test("a record of the state says what it was given, in the form in which the zone is compared", () => {
  const outputs = {
    "example.com/TXT/example.com/spf": { type: "TXT", content: '"v=spf1 mx -all"' },
    "example.com/SRV/_imaps._tcp.example.com/mail.example.com:993": {
      type: "SRV",
      priority: 0,
      data: { weight: 1, port: 993, target: "mail.example.com", priority: 0 },
    },
    "example.com/TXT/_dmarc.example.com/dmarc": { type: "TXT", content: { secret: true } },
  };
  const found = parseResources(
    Object.fromEntries(
      Object.entries(outputs).map(([name, one]) => [
        urn(CHAIN, name),
        { type: RECORD, outputs: { id: "x", ...one } },
      ]),
    ),
  );
  expect([...found.values()].map(({ rdata }) => rdata)).toEqual([
    "v=spf1 mx -all",
    "0 1 993 mail.example.com",
    undefined,
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

const KV = "cloudflare:index/workersKv:WorkersKv";
const settings = deriveClientSettings(sampleDomain());

test("what is published is read from the KV entries of the state, by domain", () => {
  const found = parseSettings({
    [urn(KV, "example.com/kv")]: { type: KV, outputs: { value: renderClientSettings(settings) } },
    [urn("cloudflare:index/workersKvNamespace:WorkersKvNamespace", "mail-platform/kv")]: {
      type: "cloudflare:index/workersKvNamespace:WorkersKvNamespace",
      outputs: { title: "mail-prod" },
    },
  });
  expect([...(found ?? [])].map(([domain, { imap }]) => [domain, imap?.port])).toEqual([
    ["example.com", 993],
  ]);
  expect(parseSettings({})).toEqual(new Map());
});

test("an entry that cannot be read makes what is published unknown, not empty", () => {
  for (const value of [undefined, 5, "not JSON"]) {
    expect(parseSettings({ [urn(KV, "example.com/kv")]: { type: KV, outputs: { value } } })).toBeUndefined();
  }
});
