import { describe, expect, test } from "vitest";
import { compareRecords } from "../../../src/dns/comparison/compare-records.ts";
import type { ObservedRecord } from "../../../src/dns/observed-zone.ts";
import { ownershipComment } from "../../../src/dns/ownership.ts";
import type { WantedRecord } from "../../../src/dns/wanted-record.ts";
import { observedRecord, observedZone } from "../observed-zone.ts";

const identity = { project: "mail", stack: "prod" };
const cname: WantedRecord = {
  type: "CNAME",
  name: "autodiscover.example.com",
  logicalName: "example.com/CNAME/autodiscover.example.com",
  formerLogicalNames: ["example.com/AAAA/autodiscover.example.com"],
  purpose: "discovery",
  content: "autoconfig.example.com",
  proxied: true,
};
const spf: WantedRecord = {
  type: "TXT",
  name: "example.com",
  logicalName: "example.com/TXT/example.com/spf",
  formerLogicalNames: [],
  purpose: "spf",
  text: "v=spf1 mx -all",
};
const compare = (
  wanted: WantedRecord,
  records: readonly ObservedRecord[],
  preset?: string,
): ReturnType<typeof compareRecords>[number] => {
  const [only] = compareRecords([wanted], observedZone(records), { identity, preset });
  if (only === undefined) throw new Error("no comparison");
  return only;
};
const at = (type: string, content: string, rest: Partial<ObservedRecord> = {}): ObservedRecord =>
  observedRecord({ type, name: "autodiscover.example.com", content, ...rest });

describe("a wanted record is one of five things", () => {
  test("missing, where nothing stands at its name", () => {
    expect(compare(cname, [])).toMatchObject({ state: "missing", holder: undefined });
    expect(compare(cname, [at("TXT", "hello", { name: "other.example.com" })]).state).toBe("missing");
  });

  test("match, whoever made it", () => {
    expect(compare(cname, [at("CNAME", "AUTOCONFIG.example.com.")])).toMatchObject({
      state: "match",
      holder: "others",
      hasDrifted: false,
    });
    const comment = ownershipComment(identity, cname.logicalName);
    expect(compare(cname, [at("CNAME", "autoconfig.example.com", { comment })])).toMatchObject({
      state: "match",
      holder: "ours",
    });
    const adopted = ownershipComment(identity, cname.logicalName, { isAdopted: true });
    expect(compare(cname, [at("CNAME", "autoconfig.example.com", { comment: adopted })]).holder).toBe(
      "adopted",
    );
  });

  test("a record of ours that was changed outside still matches, and is said to have drifted", () => {
    const comment = ownershipComment(identity, cname.logicalName);
    expect(compare(cname, [at("CNAME", "elsewhere.example.net", { comment })])).toMatchObject({
      state: "match",
      holder: "ours",
      hasDrifted: true,
    });
  });

  test("a record of ours that the file changed has drifted, but not outside: it says what the last run gave it", () => {
    const comment = ownershipComment(identity, spf.logicalName);
    const observed = at("TXT", '"v=spf1 -all"', { name: "example.com", comment });
    const look = (rdata: string | undefined): unknown => {
      const deployed = new Map([[spf.logicalName, { id: observed.id, comment, rdata }]]);
      return compareRecords([spf], observedZone([observed]), { identity, deployed })[0];
    };
    expect(look("v=spf1 -all")).toMatchObject({ hasDrifted: true, isChangedOutside: false });
    expect(look("v=spf1 a -all")).toMatchObject({ hasDrifted: true, isChangedOutside: true });
    expect(look(undefined)).toMatchObject({ hasDrifted: true, isChangedOutside: true });
  });

  test("a record of ours under its former name and type is ours: the engine replaces it", () => {
    const comment = ownershipComment(identity, "example.com/AAAA/autodiscover.example.com");
    expect(compare(cname, [at("AAAA", "100::", { comment, proxied: true })])).toMatchObject({
      state: "match",
      holder: "ours",
      leaving: [],
    });
  });

  test("conflict, where another record is in the way", () => {
    expect(compare(cname, [at("A", "192.0.2.1")])).toMatchObject({ state: "conflict", holder: "others" });
    expect(compare(cname, [at("CNAME", "elsewhere.example.net")]).inTheWay).toHaveLength(1);
  });

  test("conflict, where another stack or key marked the same record", () => {
    for (const comment of [
      ownershipComment({ project: "mail", stack: "test" }, cname.logicalName),
      ownershipComment(identity, "example.org/CNAME/autodiscover.example.com"),
    ]) {
      expect(compare(cname, [at("CNAME", "autoconfig.example.com", { comment })])).toMatchObject({
        state: "conflict",
        holder: "other-stack",
      });
    }
  });

  test("stale, where a former provider's leftover is in the way, unless the preset names that provider", () => {
    const leftover = at("CNAME", "autodiscover.outlook.com");
    expect(compare(cname, [leftover])).toMatchObject({ state: "stale", leftoverOf: "Microsoft 365" });
    expect(compare(cname, [leftover], "microsoft365")).toMatchObject({
      state: "conflict",
      leftoverOf: undefined,
    });
  });

  test("unknown, where nobody could look", () => {
    expect(compareRecords([cname], { unknown: "time-out" }, { identity })).toMatchObject([
      { state: "unknown", reason: "time-out", holder: undefined },
    ]);
  });

  test("records of this stack that go with the deployment are not in the way, but told where Cloudflare would refuse", () => {
    const comment = ownershipComment(identity, "example.com/A/autodiscover.example.com/192.0.2.1");
    const found = compare(cname, [at("A", "192.0.2.1", { comment })]);
    expect(found).toMatchObject({ state: "missing", inTheWay: [] });
    expect(found.leaving).toHaveLength(1);
  });
});

describe("who may stand beside a wanted record", () => {
  const txt = (content: string): ObservedRecord =>
    observedRecord({ type: "TXT", name: "example.com", content });

  test("one SPF record only, but any other text", () => {
    expect(compare(spf, [txt('"google-site-verification=x"')]).state).toBe("missing");
    expect(compare(spf, [txt('"v=spf1 include:_spf.example.net ~all"')]).state).toBe("conflict");
    expect(compare(spf, [txt("v=spf10 is none")]).state).toBe("missing");
  });

  test("one SRV set, one MX set: a foreign member of it is in the way", () => {
    const srv: WantedRecord = {
      type: "SRV",
      name: "_imaps._tcp.example.com",
      logicalName: "a",
      formerLogicalNames: [],
      purpose: "mail-srv",
      priority: 0,
      weight: 1,
      port: 993,
      target: "mail.example.com",
    };
    const other = observedRecord({
      type: "SRV",
      name: srv.name,
      content: "1 993 imap.example.net",
      priority: 0,
    });
    expect(compare(srv, [other]).state).toBe("conflict");
  });

  test("CAA records of others stay: each of the set allows one issuer more", () => {
    const caa: WantedRecord = {
      type: "CAA",
      name: "example.com",
      logicalName: "a",
      formerLogicalNames: [],
      purpose: "caa",
      flags: 0,
      tag: "issue",
      value: "letsencrypt.org",
      bindsAccount: false,
    };
    const other = observedRecord({ type: "CAA", name: "example.com", content: '0 issue "pki.goog"' });
    expect(compare(caa, [other])).toMatchObject({ state: "missing", inTheWay: [] });
  });

  test("a second address beside an address of the mail host is in the way, the other family is not", () => {
    const host: WantedRecord = {
      type: "A",
      name: "mail.example.com",
      logicalName: "a",
      formerLogicalNames: [],
      purpose: "mail-host",
      content: "203.0.113.25",
      proxied: false,
    };
    const four = observedRecord({ type: "A", name: host.name, content: "192.0.2.1" });
    const six = observedRecord({ type: "AAAA", name: host.name, content: "2001:db8::1" });
    expect(compare(host, [four]).state).toBe("conflict");
    expect(compare(host, [six]).state).toBe("missing");
  });
});
