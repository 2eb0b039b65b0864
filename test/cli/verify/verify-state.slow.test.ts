/** What a stack's export adds to `verify`: whose key is presented, and to whose account CAA is bound, over real connections. */
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReportJson } from "../../../src/doctor/render-report-json.ts";
import { makeAuthority } from "../../certificates/make-chain.ts";
import { MECHANISM_SCENARIOS } from "../../scenarios/mechanism-scenarios.ts";
import {
  openScenarioCertificates,
  type ScenarioCertificates,
} from "../../scenarios/scenario-certificates.ts";
import { startScenario, type RunningScenario } from "../../scenarios/start-scenario.ts";
import { runCommand } from "../run-command.ts";

const ACCOUNT = "https://ca.example.net/acct/1";
const FILE = `domain: example.test
mailServer: { host: box.example.test, addresses: [127.0.113.25] }
mx: [{ host: box.example.test }]
`;

let folder: string;
let certificates: ScenarioCertificates;
let running: RunningScenario;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "verify-state-"));
  await writeFile(join(folder, "example.test.yaml"), FILE);
  certificates = await openScenarioCertificates();
  const plan = MECHANISM_SCENARIOS.find(({ title }) => title === "our plan");
  const records = plan?.world.zones["example.test"] ?? [];
  const bound = `example.test CAA 0 issue letsencrypt.org; accounturi=${ACCOUNT}`;
  running = await startScenario(
    { ...plan?.world, zones: { ...plan?.world.zones, "example.test": [...records, bound] } },
    certificates,
  );
});
afterAll(async () => {
  await running.close();
  await certificates.close();
  await rm(folder, { recursive: true });
});

/** What fails beside the state of an account and a chain. */
async function failures(accountUrl: string, fullChainPem: string): Promise<readonly string[]> {
  const resource = (kind: string, name: string, outputs: object): object => {
    const type = `pulumi-nodejs:dynamic/mail-autodiscover:${kind}`;
    return { urn: `urn:pulumi:prod::mail::${type}::${name}`, type, id: name, outputs };
  };
  const state = JSON.stringify({
    version: 3,
    deployment: {
      resources: [
        resource("AcmeAccount", "mail-platform/account", { accountUrl }),
        resource("Certificate", "example.test/certificate", { fullChainPem }),
      ],
    },
  });
  const { resolver, authoritative, caFile, connectTo } = running;
  const { stdout } = await runCommand(
    [
      "verify",
      join(folder, "example.test.yaml"),
      "--json",
      "--allow-private",
      "--state",
      "-",
      "--resolver",
      resolver,
      "--authoritative",
      authoritative,
      "--ca-file",
      caFile,
      ...connectTo.flatMap((rule) => ["--connect-to", rule]),
    ],
    { stdin: state },
  );
  const [domain] = (JSON.parse(stdout) as ReportJson).domains;
  return (domain?.findings ?? []).flatMap(({ status, code, subject, observed }) =>
    status === "fail" ? [`${code} ${subject}: ${observed}`] : [],
  );
}

test("the certificate of the state at every port, and CAA bound to its account: nothing fails", async () => {
  const port = { protocol: "imap", host: "box.example.test", port: 993, tls: "implicit" } as const;
  const view = await running.world.probe(port);
  const [leaf] = (view.outcome === "answered" ? view.chain : undefined) ?? [];
  expect(await failures(ACCOUNT, new X509Certificate(leaf ?? "").toString())).toEqual([]);
});

test("a renewed certificate that the mail server has not loaded fails at every port, and so does CAA of another account", async () => {
  const { issue, intermediate } = await makeAuthority(new Date());
  const renewed = await issue({ dnsNames: ["example.test", "*.example.test"] });
  const found = await failures("https://ca.example.net/acct/2", `${renewed.pem}${intermediate.pem}`);
  const another = /^mail-port (imap|submission) box\.example\.test:\d+ (implicit|starttls): another key/;
  expect(found.filter((line) => another.test(line))).toHaveLength(3);
  expect(found.filter((line) => /^caa .*bound to the account .*acct\/1/.test(line)).length).toBeGreaterThan(
    0,
  );
  expect(found.filter((line) => !another.test(line) && !line.startsWith("caa "))).toEqual([]);
});
