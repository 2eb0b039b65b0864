import * as fc from "fast-check";
import { expect, test } from "vitest";
import { deriveDelivery } from "../../src/dns/derive-delivery.ts";
import type { WantedRecord } from "../../src/dns/wanted-record.ts";
import { anyDomain, sampleDomain, type SampleInput } from "../spec/sample-domain.ts";

function textOf(input: SampleInput, purpose: WantedRecord["purpose"]): string | undefined {
  const record = deriveDelivery(sampleDomain(input)).find((one) => one.purpose === purpose);
  return record?.type === "TXT" ? record.text : undefined;
}

const mx = [{ host: "mx1.example.com" }, { host: "mx2.example.com" }];
const mtaSts = { mode: "testing" };

test("a file that says nothing of delivery gets no record of it", () => {
  expect(deriveDelivery(sampleDomain())).toEqual([]);
});

test("a domain that takes no mail has one MX record of the root", () => {
  expect(deriveDelivery(sampleDomain({ mx: false }))).toMatchObject([
    { type: "MX", priority: 0, exchange: ".", logicalName: "example.com/MX/example.com/none" },
  ]);
});

test("an SPF record ends with all, and then its modifiers", () => {
  expect(textOf({ spf: "v=spf1 exp=why.example.net mx ~all" }, "spf")).toBe(
    "v=spf1 mx ~all exp=why.example.net",
  );
  expect(textOf({ spf: "v=spf1 redirect=example.net" }, "spf")).toBe("v=spf1 redirect=example.net");
});

test("TLS reports have one record for all their receivers (RFC 8460 §3)", () => {
  const tlsRpt = ["mailto:tls@example.com", "https://example.net/tls"];
  expect(textOf({ tlsRpt }, "tls-rpt")).toBe(`v=TLSRPTv1; rua=${tlsRpt.join(",")}`);
});

test("the id of the MTA-STS record has 32 letters and digits, and changes exactly with the policy", () => {
  const id = textOf({ mx, mtaSts }, "mta-sts");
  expect(id).toMatch(/^v=STSv1; id=[0-9a-f]{32};$/);
  expect(textOf({ mx, mtaSts, displayName: "Other", spf: "v=spf1 mx -all" }, "mta-sts")).toBe(id);
  const others = [
    textOf({ mx, mtaSts: { mode: "enforce" } }, "mta-sts"),
    textOf({ mx, mtaSts: { ...mtaSts, maxAgeSeconds: 86_400 } }, "mta-sts"),
    textOf({ mx: mx.slice(1), mtaSts }, "mta-sts"),
  ];
  expect(new Set([id, ...others]).size).toBe(4);
});

test("a DKIM key that changes its form knows its former logical name", () => {
  const [text] = deriveDelivery(sampleDomain({ dkim: [{ selector: "s1", publicKey: "v=DKIM1; p=" }] }));
  const [cname] = deriveDelivery(sampleDomain({ dkim: [{ selector: "s1", cname: "s1.example.net" }] }));
  expect(text?.formerLogicalNames).toEqual([cname?.logicalName]);
  expect(cname?.formerLogicalNames).toEqual([text?.logicalName]);
  expect(cname).toMatchObject({ type: "CNAME", content: "s1.example.net", proxied: false });
});

test("each name has at most one record of SPF, DMARC, MTA-STS and TLS reports", () => {
  fc.assert(
    fc.property(anyDomain, (domain) => {
      const once = deriveDelivery(domain).filter(({ type, purpose }) => type === "TXT" && purpose !== "dkim");
      const places = once.map(({ name, purpose }) => `${name} ${purpose}`);
      expect(new Set(places).size).toBe(places.length);
    }),
  );
});
