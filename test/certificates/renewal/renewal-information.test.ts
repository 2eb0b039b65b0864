import { webcrypto } from "node:crypto";
import { AuthorityKeyIdentifierExtension, X509CertificateGenerator } from "@peculiar/x509";
import { describe, expect, test } from "vitest";
import type { Clock, RenewalInfo } from "../../../src/certificates/ports.ts";
import {
  observeRenewal,
  type RenewalKnowledge,
} from "../../../src/certificates/renewal/renewal-information.ts";
import { deriveCertId } from "../../../src/certificates/renewal/derive-cert-id.ts";

const never = new AbortController().signal;
const now = new Date("2026-11-23T00:00:00.000Z");
const clock: Clock = { now: () => now, sleep: () => Promise.resolve() };
const lifetime = { notBefore: "2026-11-01T00:00:00.000Z", notAfter: "2027-01-30T00:00:00.000Z" };
const window = { start: "2026-12-30T00:00:00Z", end: "2027-01-01T00:00:00Z" };

describe("deriveCertId", () => {
  // The example of RFC 9773 §4.1, whose serial is 00:87:65:43:21: aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE
  const keyId = "69885b6b87464041e1b37b847ba0ae2cde01c8d4";

  test.each([
    ["87654321", "AIdlQyE"],
    ["0123", "ASM"],
    ["7f", "fw"],
  ])("keeps the sign octet of serial %s", async (serialNumber, expected) => {
    const certId = deriveCertId(await certificate(serialNumber, keyId));
    expect(certId).toBe(`aYhba4dGQEHhs3uEe6CuLN4ByNQ.${expected}`);
  });

  test("gives nothing for a certificate without authority key identifier", async () => {
    expect(deriveCertId(await certificate("01", undefined))).toBeUndefined();
  });
});

describe("observeRenewal", () => {
  test("draws once inside the window and keeps what it drew while the window stays", async () => {
    const first = await observe({ window, explanationUrl: undefined, retryAfterMs: 21_600_000 });
    expect(first).toEqual({
      renewAt: "2026-12-31T00:00:00.000Z",
      ariWindow: window,
      ariRetryAt: "2026-11-23T06:00:00.000Z",
    });
    const second = await observe(
      { window, explanationUrl: undefined, retryAfterMs: 60_000 },
      { ...first, ariRetryAt: undefined },
      0.9,
    );
    expect(second.renewAt).toBe(first.renewAt);
  });

  test.each([
    [0, "2026-11-23T00:01:00.000Z"],
    [400 * 86_400_000, "2026-11-24T00:00:00.000Z"],
    [undefined, "2026-11-23T06:00:00.000Z"],
  ])("keeps a Retry-After of %s ms within a minute and a day", async (retryAfterMs, expected) => {
    const { ariRetryAt } = await observe({ window, explanationUrl: undefined, retryAfterMs });
    expect(ariRetryAt).toBe(expected);
  });

  test("keeps a drawn moment while it lies inside the window that moved", async () => {
    const known = { renewAt: "2026-12-30T12:00:00.000Z", ariWindow: window };
    const moved = { start: "2026-12-30T06:00:00Z", end: "2027-01-02T00:00:00Z" };
    const answer = { explanationUrl: undefined, retryAfterMs: 60_000 };
    expect((await observe({ ...answer, window: moved }, known, 0.9)).renewAt).toBe(known.renewAt);
    const gone = { start: "2026-12-31T00:00:00Z", end: "2027-01-01T00:00:00Z" };
    expect((await observe({ ...answer, window: gone }, known)).renewAt).toBe("2026-12-31T12:00:00.000Z");
    // What the lifetime gave is no draw.
    const byLifetime = { renewAt: known.renewAt };
    expect((await observe({ ...answer, window: moved }, byLifetime)).renewAt).not.toBe(known.renewAt);
  });

  test("draws, left to itself, evenly over certificates and the same for one of them", async () => {
    const draw = async (certId: string): Promise<number> => {
      const info = { window, explanationUrl: undefined, retryAfterMs: undefined };
      const ports = { acme: { renewalInfo: () => Promise.resolve(info) }, clock };
      const { renewAt } = await observeRenewal({ ...lifetime, certId }, ports, never);
      const start = Date.parse(window.start);
      return (Date.parse(renewAt) - start) / (Date.parse(window.end) - start);
    };
    const draws = await Promise.all(Array.from({ length: 400 }, (_, index) => draw(`certificate ${index}`)));
    expect(draws.every((each) => each >= 0 && each < 1)).toBe(true);
    for (const quarter of [0, 1, 2, 3]) {
      const inside = draws.filter((each) => Math.floor(each * 4) === quarter);
      expect(inside.length).toBeGreaterThan(60);
    }
    expect(await draw("certificate 0")).toBe(draws[0]);
  });

  test("asks nothing before the stored time", async () => {
    const known = { renewAt: "2026-12-31T00:00:00.000Z", ariRetryAt: "2026-11-23T00:00:01.000Z" };
    expect(await observe(new Error("asked"), known)).toBe(known);
  });

  test.each([
    ["fails", new Error("503")],
    ["has no renewal information", undefined],
    [
      "sends a void window",
      { window: { start: window.end, end: window.start }, explanationUrl: undefined, retryAfterMs: 1 },
    ],
  ])("goes by the lifetime and asks again in six hours where the CA %s", async (_, answer) => {
    expect(await observe(answer)).toEqual({
      renewAt: "2026-12-31T00:00:00.000Z",
      ariRetryAt: "2026-11-23T06:00:00.000Z",
    });
  });

  test("keeps the stored window where the CA fails", async () => {
    const known = { renewAt: "2026-12-30T12:00:00.000Z", ariWindow: window };
    expect(await observe(new Error("503"), known)).toEqual({
      ...known,
      ariRetryAt: "2026-11-23T06:00:00.000Z",
    });
  });

  test("takes a new window's explanation along", async () => {
    const answer = {
      window: { start: "2026-11-20T00:00:00Z", end: "2026-11-21T00:00:00Z" },
      explanationUrl: "https://ca.test/why",
      retryAfterMs: 60_000,
    };
    const seen = await observe(answer, { renewAt: "2026-12-31T00:00:00.000Z", ariWindow: window });
    expect(seen).toMatchObject({
      renewAt: "2026-11-20T12:00:00.000Z",
      explanationUrl: "https://ca.test/why",
    });
  });
});

async function observe(
  answer: RenewalInfo | Error | undefined,
  known?: RenewalKnowledge,
  random = 0.5,
): Promise<RenewalKnowledge> {
  const renewalInfo = (): Promise<RenewalInfo | undefined> =>
    answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  return await observeRenewal(
    { ...lifetime, certId: "a.b", known },
    { acme: { renewalInfo }, clock, random: () => random },
    never,
  );
}

async function certificate(serialNumber: string, keyId: string | undefined): Promise<string> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const made = await X509CertificateGenerator.createSelfSigned({
    serialNumber,
    keys,
    name: "CN=test",
    signingAlgorithm: algorithm,
    extensions: keyId === undefined ? [] : [new AuthorityKeyIdentifierExtension(keyId)],
  });
  return made.toString("pem");
}
