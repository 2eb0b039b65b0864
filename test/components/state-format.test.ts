import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { MailDomain } from "../../src/components/mail-domain.ts";
import { MailPlatform } from "../../src/components/mail-platform.ts";
import { workerName } from "../../src/dns/worker-name.ts";
import { providerText } from "../../src/components/dynamic-resource.ts";
import { providers } from "../../src/components/provider.ts";
import { parseMailDomain } from "../../src/spec/parse-mail-domain.ts";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Registers a platform and one domain against mocks and returns what the engine would be told. */
async function register(): Promise<readonly Registered[]> {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs: inputs as Registered["inputs"] });
        return {
          id: `id-of-${name}`,
          state: { ...inputs, accountKeyPem: "key", privateKeyPem: "key", fullChainPem: "chain" },
        };
      },
      call: () => ({}),
    },
    "project",
    "stack",
    false,
  );
  const parsed = parseMailDomain({
    domain: "example.com",
    mailServer: { host: "mail.example.com", addresses: ["203.0.113.25"] },
    certificate: { deployTo: [{ directory: "/etc/mail" }] },
  });
  if (!parsed.ok) throw new Error("refused");
  const platform = new MailPlatform("mail-platform", {
    accountId: "account",
    identity: { project: "project", stack: "stack" },
    directoryUrl: "https://ca.example.com/directory",
  });
  const zone = { id: "zone", name: "example.com" };
  void new MailDomain("example.com", { spec: parsed.domain, zone, platform });
  await pulumi.runtime.disconnect();
  return registered;
}

const registered = await register();

describe("the state is a format", () => {
  test("type tokens and logical names never change: a rename deletes live records", () => {
    // The digest of a document is part of its record's name: the former one stays beside it.
    const names = registered.map(({ name }) =>
      name.replace(/(_ua-auto-config\.example\.com)\/[0-9a-f]{8}$/, "$1/<digest>"),
    );
    expect(registered.map(({ type }, index) => `${type} ${names[index]}`).toSorted()).toEqual([
      "cloudflare:index/dnsRecord:DnsRecord example.com/A/mail.example.com/203.0.113.25",
      "cloudflare:index/dnsRecord:DnsRecord example.com/AAAA/autoconfig.example.com",
      "cloudflare:index/dnsRecord:DnsRecord example.com/CNAME/autodiscover.example.com",
      "cloudflare:index/dnsRecord:DnsRecord example.com/CNAME/imap.example.com",
      "cloudflare:index/dnsRecord:DnsRecord example.com/CNAME/smtp.example.com",
      "cloudflare:index/dnsRecord:DnsRecord example.com/CNAME/ua-auto-config.example.com",
      "cloudflare:index/dnsRecord:DnsRecord example.com/SRV/_imap._tcp.example.com/none",
      "cloudflare:index/dnsRecord:DnsRecord example.com/SRV/_imaps._tcp.example.com/mail.example.com:993",
      "cloudflare:index/dnsRecord:DnsRecord example.com/SRV/_pop3._tcp.example.com/none",
      "cloudflare:index/dnsRecord:DnsRecord example.com/SRV/_pop3s._tcp.example.com/none",
      "cloudflare:index/dnsRecord:DnsRecord example.com/SRV/_submission._tcp.example.com/mail.example.com:587",
      "cloudflare:index/dnsRecord:DnsRecord example.com/SRV/_submissions._tcp.example.com/mail.example.com:465",
      "cloudflare:index/dnsRecord:DnsRecord example.com/TXT/_ua-auto-config.example.com/<digest>",
      "cloudflare:index/workersKv:WorkersKv example.com/kv",
      "cloudflare:index/workersKvNamespace:WorkersKvNamespace mail-platform/kv",
      "cloudflare:index/workersRoute:WorkersRoute example.com/route/autoconfig.example.com",
      "cloudflare:index/workersRoute:WorkersRoute example.com/route/autodiscover.example.com",
      "cloudflare:index/workersRoute:WorkersRoute example.com/route/ua-auto-config.example.com",
      "cloudflare:index/workersScript:WorkersScript mail-platform/script",
      "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain mail-platform/workers-dev",
      "mail-autodiscover:index:CertificateDeployment example.com",
      "mail-autodiscover:index:DnsRecords example.com",
      "mail-autodiscover:index:MailDomain example.com",
      "mail-autodiscover:index:MailPlatform mail-platform",
      "mail-autodiscover:index:Publication example.com",
      "pulumi-nodejs:dynamic/mail-autodiscover:AcmeAccount mail-platform/account",
      "pulumi-nodejs:dynamic/mail-autodiscover:Certificate example.com/certificate",
      "pulumi-nodejs:dynamic/mail-autodiscover:CertificateKey example.com/key",
      "pulumi-nodejs:dynamic/mail-autodiscover:DeployedCertificate example.com/deployment//etc/mail",
      "pulumi-nodejs:dynamic/mail-autodiscover:SignedProfile example.com/profile",
    ]);
  });

  test("every record bears the ownership comment of its logical name, and the one form that never drifts", () => {
    const records = registered.filter(({ type }) => type.endsWith(":DnsRecord"));
    expect(records.length).toBeGreaterThan(0);
    for (const { inputs } of records) {
      expect(inputs["comment"]).toMatch(/^mail-autodiscover project\/stack [0-9a-f]{8}$/);
      expect(inputs["ttl"]).toBe(1);
      expect(inputs["name"]).toMatch(/^[a-z0-9_.-]+[a-z]$/);
    }
    const srv = records.find(({ name }) => name.includes("_imaps"));
    expect(srv?.inputs).toMatchObject({ priority: 0, data: { priority: 0 } });
  });

  test("the provider text is constant, short, and names what there is", () => {
    expect(providerText("Certificate")).toBe(
      'exports.handler=()=>Object.fromEntries(["configure","check","diff","create","read","update","delete"].map(m=>[m,async(...a)=>(await import("pulumi-mail-autodiscover/provider")).providers.Certificate[m](...a)]))',
    );
    for (const provider of Object.values(providers)) {
      expect(Object.keys(provider).toSorted()).toEqual([
        "check",
        "configure",
        "create",
        "delete",
        "diff",
        "read",
        "update",
      ]);
    }
  });

  test("the script's name carries project and stack, and fits a label of a workers.dev host", () => {
    expect(workerName({ project: "mail", stack: "Prod_EU" })).toBe("mail-prod-eu");
    expect(workerName({ project: "p".repeat(60), stack: "s".repeat(60) })).toMatch(/^[a-z0-9-]{1,63}$/);
  });
});
