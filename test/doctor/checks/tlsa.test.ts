import { describe, expect, test } from "vitest";
import type { MailPortView, QueryType, Resolution } from "../../../src/clients/world.ts";
import { checkTlsa } from "../../../src/doctor/checks/tlsa.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";
import { GOOD_PORT, plannedSubject, troublesOf } from "./check-subject.ts";

describe("TLSA records", () => {
  const key = GOOD_PORT.certificate.spkiSha256;
  const look = async (
    data: readonly string[],
    view: MailPortView = GOOD_PORT,
  ): Promise<readonly string[]> => {
    const resolve = (name: string, type: QueryType): Resolution | undefined =>
      type === "TLSA" && name === "_25._tcp.mail.example.com" ? { state: "found", data } : undefined;
    const domain = sampleDomain({ mx: [{ host: "mail.example.com" }] });
    return troublesOf(checkTlsa, plannedSubject(domain, { resolve, probe: async () => view }));
  };

  test("have to have one that matches what is presented, beside others for the next key", async () => {
    expect(await look([`3 1 1 ${"00".repeat(32)}`, `3 1 1 ${key.toUpperCase()}`])).toEqual([]);
    expect(await look([`3 0 1 ${GOOD_PORT.certificate.fingerprint ?? ""}`])).toEqual([]);
    expect(await look([`3 1 1 ${"00".repeat(32)}`])).toEqual([
      `fail tlsa _25._tcp.mail.example.com TLSA: 3 1 1 ${key}`,
    ]);
  });

  test("of another form, or at a port that cannot be reached, are unknown", async () => {
    expect((await look([`2 1 1 ${"00".repeat(32)}`]))[0]).toMatch(/^unknown tlsa/);
    expect((await look([`3 1 1 ${key}`], { outcome: "timeout", detail: "5 s" }))[0]).toMatch(/^unknown tlsa/);
  });
});
