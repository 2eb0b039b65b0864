import { describe, expect, test, vi } from "vitest";
import { certificate, reissueReason } from "../../src/components/providers/certificate.ts";
import { dynamicProvider, hasUnknown } from "../../src/components/providers/dynamic-provider.ts";
import { ProviderContext } from "../../src/components/providers/provider-context.ts";
import { createCertificateKey, spkiSha256 } from "../../src/certificates/certificate-key.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = new Date("2026-11-23T12:00:00Z");
const privateKeyPem = await createCertificateKey("P-256");

const otherKeyPem = await createCertificateKey("P-256");

const at = (days: number): string => new Date(NOW.getTime() + days * DAY_MS).toISOString();

const wish = {
  directoryUrl: "https://ca.example.com/directory",
  accountKeyPem: "account key",
  privateKeyPem,
  dnsNames: ["*.example.com", "example.com"],
  zones: [{ id: "zone", name: "example.com" }],
};

const issued = {
  ...wish,
  certificatePem: "",
  chainPem: "",
  fullChainPem: "",
  notBefore: at(-10),
  notAfter: at(80),
  renewAt: at(50),
  serial: "1",
  issuer: "CA",
  spkiSha256: spkiSha256(privateKeyPem),
  certId: undefined,
  ariWindow: undefined,
  ariRetryAt: undefined,
  explanationUrl: undefined,
  certUrl: "",
  accountUrl: "",
};

describe("a certificate is issued anew", () => {
  test("not while it is young and asked for in the same way", () => {
    expect(reissueReason(issued, wish, NOW)).toBeUndefined();
  });

  test("not for names in another order or spelling", () => {
    expect(
      reissueReason(issued, { ...wish, dnsNames: ["Example.com.", "*.example.com"] }, NOW),
    ).toBeUndefined();
  });

  test.each([
    ["other names", { ...wish, dnsNames: ["example.com"] }, /other names/],
    ["another CA", { ...wish, directoryUrl: "https://other.example/dir" }, /another CA/],
    ["another profile", { ...wish, profile: "tlsserver" }, /another profile \(tlsserver\)/],
    ["another key", { ...wish, privateKeyPem: otherKeyPem }, /another key/],
  ])("for %s", (_what, changed, reason) => {
    expect(reissueReason(issued, changed, NOW)).toMatch(reason);
  });

  test("once its renewal is due, with the time in the reason", () => {
    expect(reissueReason(issued, wish, new Date(at(51)))).toContain(at(50));
  });

  test("once less than a twentieth of its life is left, whatever was planned", () => {
    expect(reissueReason({ ...issued, renewAt: at(79.9) }, wish, new Date(at(79)))).toMatch(/1\/20/);
  });
});

describe("the provider of the certificate", () => {
  const provider = dynamicProvider(certificate, new ProviderContext());

  test("says a change without any request where a preview does not know an input", async () => {
    const unknown = { ...wish, accountKeyPem: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
    expect(hasUnknown(unknown)).toBe(true);
    expect(await provider.diff("id", {}, unknown)).toEqual({ changes: true });
  });

  test("never asks for a replacement: the old certificate stays until the new one is there", async () => {
    vi.spyOn(console, "log").mockImplementation(() => undefined);
    const changed = { ...wish, dnsNames: ["example.com"] };
    const result = await provider.diff("id", { ...issued, notAfter: at(8000), renewAt: at(7000) }, changed);
    expect(result).toEqual({ changes: true });
    vi.restoreAllMocks();
  });

  test("throws the message and the remedy without a stack trace", async () => {
    const error: unknown = await provider
      .create({ ...wish, directoryUrl: "https://127.0.0.1:1/directory" })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).stack).not.toMatch(/^\s+at /m);
    expect((error as Error).message).not.toContain("PRIVATE KEY");
  });
});
