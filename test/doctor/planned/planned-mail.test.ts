import { describe, expect, test } from "vitest";
import { deriveClientSettings } from "../../../src/documents/client-settings.ts";
import { planAgainst } from "../../../src/doctor/planned/plan-against.ts";
import { worldAfter, worldBefore } from "../../../src/doctor/planned/planned-world.ts";
import { identity } from "../../dns/plan/sample-wish.ts";
import { observedRecord } from "../../dns/observed-zone.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";
import { deployedZones } from "./deployed-zones.ts";
import { after, before, planned, port, WILDCARD } from "./sample-worlds.ts";

describe("mail ports", () => {
  test("the ports that the file announces answer with the planned certificate; the others of our host are closed", async () => {
    const world = after();
    expect(await world.probe(port("mail.example.com", 993))).toMatchObject({
      outcome: "answered",
      authorized: true,
    });
    expect(await world.probe(port("imap.example.com", 993))).toMatchObject({ authorized: true });
    expect(await world.probe(port("mail.example.com", 995, { protocol: "pop3" }))).toMatchObject({
      outcome: "refused",
    });
    expect(await world.probe(port("mail.example.com", 993, { tls: "starttls" }))).toMatchObject({
      outcome: "protocol-error",
    });
    expect(await world.probe(port("mail.example.com", 465))).toMatchObject({ outcome: "protocol-error" });
    expect(await world.probe(port("nowhere.example.com", 993))).toMatchObject({ outcome: "absent" });
  });

  test("an address of the mail server is the mail server, whatever name leads to it", async () => {
    const box = observedRecord({ type: "A", name: "box.example.com", content: "203.0.113.25" });
    const world = after([box], sampleDomain({ certificate: { layout: "separate" } }));
    expect(await world.probe(port("box.example.com", 993))).toMatchObject({
      outcome: "answered",
      authorized: false,
      authorizationError: "the certificate of mail.example.com does not name box.example.com",
    });
  });

  test("a provider's host answers where the file announces it, under its own name; its other ports are unknown", async () => {
    const domain = sampleDomain({ mailServer: { host: "imap.example.net", addresses: [] } });
    const alias = observedRecord({ type: "CNAME", name: "imap.example.com", content: "imap.example.net" });
    const world = after([alias], domain);
    expect(await world.probe(port("imap.example.net", 993))).toMatchObject({ authorized: true });
    expect(await world.probe(port("imap.example.net", 143))).toMatchObject({ outcome: "unknown" });
    expect(await world.probe(port("pop.example.net", 995))).toMatchObject({ outcome: "unknown" });
    const guess = await world.probe(port("imap.example.com", 993));
    expect(guess).toMatchObject({ outcome: "answered", authorized: false });
  });

  test("a name of ours that leads elsewhere is not our mail server", async () => {
    expect(await before([WILDCARD]).probe(port("mail.example.com", 143))).toMatchObject({
      outcome: "unknown",
      detail: "which mail server answers at mail.example.com (192.0.2.80)",
    });
    expect(await after([WILDCARD]).probe(port("mail.example.com", 143))).toMatchObject({
      outcome: "refused",
    });
  });

  test("ports that are published answer before the change, also where the files close them", async () => {
    const former = sampleDomain({ mailServer: { imap: [{ port: 143, tls: "starttls" }], pop3: {} } });
    const domain = sampleDomain({ mailServer: { imap: [{ port: 143, tls: "implicit" }] } });
    const zones = deployedZones(planned([], former));
    const program = {
      ...planAgainst({ domains: [domain], zones, identity }),
      publishedSettings: new Map([["example.com", deriveClientSettings(former)]]),
    };
    const [today, later] = [worldBefore(program), worldAfter(program)];
    const starttls = port("mail.example.com", 143, { tls: "starttls" });
    expect(await today.probe(starttls)).toMatchObject({ outcome: "answered" });
    expect(await later.probe(starttls)).toMatchObject({ outcome: "protocol-error" });
    const pop3 = port("mail.example.com", 995, { protocol: "pop3" });
    expect(await today.probe(pop3)).toMatchObject({ outcome: "answered" });
    expect(await later.probe(pop3)).toMatchObject({ outcome: "refused" });
  });

  test("before the first deployment nobody knows what certificate the mail server presents", async () => {
    const mail = observedRecord({ type: "A", name: "mail.example.com", content: "203.0.113.25" });
    expect(await before([mail]).probe(port("mail.example.com", 993))).toMatchObject({ outcome: "unknown" });
  });
});
