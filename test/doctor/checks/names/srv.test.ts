import { describe, expect, test } from "vitest";
import { checkAutodiscoverSrv } from "../../../../src/doctor/checks/names/autodiscover-srv.ts";
import { checkSrvServices } from "../../../../src/doctor/checks/names/srv-services.ts";
import { AUTOCONFIG, AUTOCONFIG_PATH, POX, POX_PATH, serves } from "../../../clients/scenarios/documents.ts";
import type { MemoryServer } from "../../../clients/memory-world.ts";
import { foreignSubject, troublesOf } from "../check-subject.ts";

const BOX = "box.example.test A 203.0.113.25";
const ALL = [
  BOX,
  "_imaps._tcp.example.test SRV 0 1 993 box.example.test",
  "_imap._tcp.example.test SRV 0 0 0 .",
  "_pop3s._tcp.example.test SRV 0 1 995 box.example.test",
  "_pop3._tcp.example.test SRV 0 0 0 .",
  "_submissions._tcp.example.test SRV 0 1 465 box.example.test",
  "_submission._tcp.example.test SRV 10 1 587 box.example.test",
];

/** What is wrong with the records where each service of `changed` has another one. */
async function services(
  changed: Readonly<Record<string, string>>,
  servers: Readonly<Record<string, MemoryServer>> = {},
): Promise<readonly string[]> {
  const records = ALL.map((line) => changed[line.split(".")[0] ?? ""] ?? line).filter((line) => line !== "");
  return troublesOf(checkSrvServices, foreignSubject({ zones: { "example.test": records }, servers }));
}

describe("SRV records of mail services", () => {
  test("that lead to hosts with addresses, and deny what is not offered, are right", async () => {
    expect(await services({})).toEqual([]);
  });

  test("on the port of another service are a typing error", async () => {
    expect(await services({ _imaps: "_imaps._tcp.example.test SRV 0 1 995 box.example.test" })).toEqual([
      "fail srv-record _imaps._tcp.example.test SRV: port 995, which is that of _pop3s._tcp",
    ]);
    expect(await services({ _imaps: "_imaps._tcp.example.test SRV 0 1 1993 box.example.test" })).toEqual([]);
  });

  test("to an alias are a warning, and to a name without an address a failure", async () => {
    expect(
      await services({
        _imaps: "_imaps._tcp.example.test SRV 0 1 993 imap.example.test",
        _imap: "imap.example.test CNAME box.example.test",
      }),
    ).toEqual([
      "warn srv-record _imaps._tcp.example.test SRV: the target imap.example.test is a CNAME to box.example.test",
      "warn srv-record mail services of example.test: no record for _imap._tcp",
    ]);
    expect(await services({ _imaps: "_imaps._tcp.example.test SRV 0 1 993 gone.example.test" })).toEqual([
      "fail srv-record _imaps._tcp.example.test SRV: the target gone.example.test has no address",
    ]);
  });

  test("to an address are a failure: a target is a name", async () => {
    expect(await services({ _imaps: "_imaps._tcp.example.test SRV 0 1 993 203.0.113.25" })).toEqual([
      "fail srv-record _imaps._tcp.example.test SRV: " +
        "the target 203.0.113.25 is an address, where a name has to be (RFC 2782)",
    ]);
  });

  test("that leave out what is not offered are a warning", async () => {
    expect(await services({ _imap: "", _pop3: "" })).toEqual([
      "warn srv-record mail services of example.test: no record for _imap._tcp, _pop3._tcp",
    ]);
  });

  test("that prefer STARTTLS to implicit TLS are a warning", async () => {
    const changed = { _submissions: "_submissions._tcp.example.test SRV 20 1 465 box.example.test" };
    expect(await services(changed)).toEqual([
      "warn srv-record _submission._tcp.example.test SRV: priority 10, before 20 of implicit TLS",
    ]);
  });

  test("that contradict the documents are named with both", async () => {
    const web = { "203.0.113.80": { https: serves(AUTOCONFIG_PATH, AUTOCONFIG) } };
    const document =
      "GET https://autoconfig.example.test/mail/config-v1.1.xml?emailaddress=postmaster%40example.test";
    const place = "autoconfig.example.test A 203.0.113.80";
    expect(await services({ _pop3: place }, web)).toEqual([
      "warn srv-record mail services of example.test: no record for _pop3._tcp",
    ]);
    expect(await services({ _pop3: place, _imaps: "_imaps._tcp.example.test SRV 0 0 0 ." }, web)).toContain(
      `fail srv-record imap services of example.test: not offered, but box.example.test:993 implicit in ${document}`,
    );
  });
});

describe("the SRV record of Autodiscover", () => {
  const look = async (record: string, server: MemoryServer = {}): Promise<readonly string[]> =>
    troublesOf(
      checkAutodiscoverSrv,
      foreignSubject({
        zones: {
          "example.test": [
            `_autodiscover._tcp.example.test SRV ${record}`,
            "web.example.test A 203.0.113.80",
          ],
          "example.net": ["web.example.net A 203.0.113.80"],
        },
        servers: { "203.0.113.80": server },
      }),
    );
  const right: MemoryServer = { https: serves(POX_PATH, POX) };

  test("is right where its host has the document on 443 under its own name", async () => {
    expect(await look("0 1 443 web.example.test", right)).toEqual([]);
  });

  test("on another port than 443 fails: clients ask no other", async () => {
    expect(await look("0 1 8443 web.example.test", right)).toEqual([
      "fail srv-record _autodiscover._tcp.example.test SRV: port 8443, where clients ask 443",
    ]);
  });

  test("fails where the host presents another name", async () => {
    const [trouble] = await look("0 1 443 web.example.test", {
      ...right,
      certificateNames: ["www.example.test"],
    });
    expect(trouble).toMatch(/^fail srv-record .*certificate of another name/);
  });

  test("to another domain costs a question, to Microsoft none", async () => {
    expect(await look("0 1 443 web.example.net", right)).toEqual([
      "warn srv-record _autodiscover._tcp.example.test SRV: " +
        "web.example.net is of another domain: Outlook and Thunderbird ask before they go there",
    ]);
    expect(await look("0 0 0 .")).toEqual([]);
  });
});
