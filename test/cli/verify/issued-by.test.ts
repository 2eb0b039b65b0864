import { beforeAll, describe, expect, test } from "vitest";
import { spkiSha256 } from "../../../src/certificates/certificate-key.ts";
import { issuedBy } from "../../../src/cli/verify/issued-by.ts";
import { parseStackExport } from "../../../src/cli/state/stack-export.ts";
import { makeAuthority, type Authority, type Made } from "../../certificates/make-chain.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";
import { runCommand } from "../run-command.ts";

const ACCOUNT = "https://ca.example.net/acct/1";

let authority: Authority;
let single: Made;
let mail: Made;

beforeAll(async () => {
  authority = await makeAuthority(new Date());
  single = await authority.issue({ dnsNames: ["example.com", "*.example.com"] });
  mail = await authority.issue({ dnsNames: ["mail.example.com"] });
});

interface Resource {
  readonly kind: string;
  readonly name: string;
  readonly outputs?: object;
  readonly delete?: true;
}

function exported(...resources: readonly Resource[]): string {
  return JSON.stringify({
    version: 3,
    deployment: {
      resources: resources.map(({ kind, name, outputs, ...rest }) => {
        const type = `pulumi-nodejs:dynamic/mail-autodiscover:${kind}`;
        return { urn: `urn:pulumi:prod::mail::${type}::${name}`, type, id: name, outputs, ...rest };
      }),
    },
  });
}

function account(url: string, name = "mail-platform/account"): Resource {
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ciphertext: "v1:x",
  };
  return { kind: "AcmeAccount", name, outputs: { accountUrl: url, accountKeyPem: secret } };
}

function certificate(name: string, { pem }: Made, kind = "Certificate"): Resource {
  return { kind, name, outputs: { fullChainPem: `${pem}${authority.intermediate.pem}` } };
}

const spec = sampleDomain();

function expectedKey(text: string, host: string): string | undefined {
  return issuedBy(parseStackExport(text, "state.json"), spec, [spec]).expectedKey?.(host);
}

describe("the key that a mail host has to present", () => {
  test("is that of the domain's certificate, of the mail server's where it has its own, or of the provided one", () => {
    const both = [
      certificate("example.com/certificate", single),
      certificate("example.com/certificate/mail", mail),
    ];
    expect(expectedKey(exported(...both), "mail.example.com")).toBe(spkiSha256(mail.pem));
    expect(expectedKey(exported(...both.slice(0, 1)), "mail.example.com")).toBe(spkiSha256(single.pem));
    const bought = certificate("example.com/provided-certificate", mail, "ProvidedCertificate");
    expect(expectedKey(exported(bought), "mail.example.com")).toBe(spkiSha256(mail.pem));
  });

  test("is any trusted one for a host that no certificate of the domain names, or of another stack's domain", () => {
    const text = exported(certificate("example.com/certificate", single));
    expect(expectedKey(text, "mail.example.net")).toBeUndefined();
    expect(
      expectedKey(exported(certificate("example.org/certificate", single)), "mail.example.com"),
    ).toBeUndefined();
  });

  test("is that of the domain which owns the host, where several share it", () => {
    const tenant = sampleDomain({ domain: "example.org", mailServer: { host: "mail.example.com" } });
    const text = exported(
      certificate("example.com/certificate", single),
      certificate("example.org/certificate", mail),
    );
    const { expectedKey: of } = issuedBy(parseStackExport(text, "x"), tenant, [tenant, spec]);
    expect(of?.("mail.example.com")).toBe(spkiSha256(single.pem));
  });

  test("is not that of a certificate which only waits for its deletion", () => {
    const leaving = { ...certificate("example.com/certificate", single), delete: true } as const;
    expect(expectedKey(exported(leaving), "mail.example.com")).toBeUndefined();
  });
});

test("the account is known where the state has one, and not where it has several", () => {
  const of = (...resources: readonly Resource[]): string | undefined =>
    issuedBy(parseStackExport(exported(...resources), "x"), spec, [spec]).accountUrl;
  expect(of(account(ACCOUNT))).toBe(ACCOUNT);
  expect(of(account(ACCOUNT), account(ACCOUNT, "again"))).toBe(ACCOUNT);
  expect(of(account(ACCOUNT), account("https://ca.example.net/acct/2", "other"))).toBeUndefined();
  expect(of()).toBeUndefined();
});

test("a domain file and a state cannot both be the standard input", async () => {
  const { exitCode, stderr } = await runCommand(["verify", "-", "--state", "-"], { stdin: "{}" });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("both want the standard input");
});

test("what is no export is told, and nothing is looked at", async () => {
  const { exitCode, stderr, stdout } = await runCommand(["verify", "example.com", "--state", "-"], {
    stdin: "{}",
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toContain("pulumi stack export");
});
