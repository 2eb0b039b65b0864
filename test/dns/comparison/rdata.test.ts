import { describe, expect, test } from "vitest";
import { canonicalName } from "../../../src/dns/comparison/canonical-name.ts";
import { observedRdata, wantedRdata } from "../../../src/dns/comparison/rdata.ts";
import type { WantedRecord } from "../../../src/dns/wanted-record.ts";
import { observedRecord } from "../observed-zone.ts";

const base = { name: "example.com", logicalName: "x", formerLogicalNames: [], purpose: "spf" } as const;
const observed = (type: string, rest: Parameters<typeof observedRecord>[0] | object): string =>
  observedRdata(observedRecord({ type, name: "example.com", ...rest }));

describe("records are compared by meaning, not by text", () => {
  test("names: case, the final dot, and U-labels do not matter; underscores stay", () => {
    expect(canonicalName("Mail.Example.COM.")).toBe("mail.example.com");
    expect(canonicalName("bücher.example")).toBe("xn--bcher-kva.example");
    expect(canonicalName("s1._domainkey.EXAMPLE.com")).toBe("s1._domainkey.example.com");
    expect(canonicalName("*.example.com")).toBe("*.example.com");
    expect(canonicalName(".")).toBe(".");
  });

  test("CNAME and MX targets: case and final dot do not matter, priority does", () => {
    expect(observed("CNAME", { content: "AutoConfig.Example.com." })).toBe("autoconfig.example.com");
    expect(observed("MX", { content: "Mail.example.com.", priority: 10 })).toBe("10 mail.example.com");
    expect(observed("MX", { content: "10 mail.example.com" })).toBe("10 mail.example.com");
    expect(observed("MX", { content: "", data: { priority: 10, target: "mail.example.com" } })).toBe(
      "10 mail.example.com",
    );
  });

  test("SRV: components, the API's text, and the text of a master file mean the same", () => {
    const wanted: WantedRecord = {
      ...base,
      purpose: "mail-srv",
      type: "SRV",
      priority: 10,
      weight: 1,
      port: 587,
      target: "mail.example.com",
    };
    const forms = [
      { content: "1 587 mail.example.com", priority: 10 },
      { content: "10 1 587 Mail.Example.com." },
      { content: "", data: { priority: 10, weight: 1, port: 587, target: "mail.example.com." } },
    ];
    for (const form of forms) expect(observed("SRV", form)).toBe(wantedRdata(wanted));
    expect(observed("SRV", { content: "0 0 .", priority: 0 })).toBe("0 0 0 .");
    expect(observed("SRV", { content: "1 993 mail.example.com", priority: 10 })).not.toBe(
      wantedRdata(wanted),
    );
  });

  test("TXT: quoting and splitting do not matter, the octets do", () => {
    const wanted: WantedRecord = { ...base, type: "TXT", text: "v=spf1 mx -all" };
    for (const content of ["v=spf1 mx -all", '"v=spf1 mx -all"', '"v=spf1 " "mx -all"']) {
      expect(observed("TXT", { content })).toBe(wantedRdata(wanted));
    }
    expect(observed("TXT", { content: '"v=spf1 mx" "-all"' })).not.toBe(wantedRdata(wanted));
  });

  test("CAA: flags as number or text, order and spaces of parameters do not matter, their values do", () => {
    const wanted: WantedRecord = {
      ...base,
      purpose: "caa",
      type: "CAA",
      flags: 0,
      tag: "issue",
      value: "letsencrypt.org; validationmethods=dns-01; accounturi=https://ca.example/1",
      bindsAccount: false,
    };
    const forms = [
      {
        data: {
          flags: "0",
          tag: "issue",
          value: "LetsEncrypt.org;accounturi=https://ca.example/1;validationmethods=dns-01",
        },
      },
      { content: '0 issue "letsencrypt.org; validationmethods=dns-01; accounturi=https://ca.example/1"' },
    ];
    for (const form of forms) expect(observed("CAA", form)).toBe(wantedRdata(wanted));
    expect(observed("CAA", { content: '0 issue "letsencrypt.org"' })).not.toBe(wantedRdata(wanted));
    expect(wantedRdata({ ...wanted, bindsAccount: true })).toBeUndefined();
  });

  test("AAAA: every form of an address is one", () => {
    expect(observed("AAAA", { content: "2001:DB8:0:0::25" })).toBe("2001:db8::25");
  });
});
