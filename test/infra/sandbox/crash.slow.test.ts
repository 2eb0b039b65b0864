import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSandboxInventory } from "../../../infra/sandbox/inventory.ts";
import { StateFile } from "../../../infra/sandbox/runner/state-file.ts";
import { sandboxConfig, startSandbox, type Sandbox } from "../../../infra/sandbox/sandbox.ts";
import { ACME_HOST, startAcmeGate, type AcmeGate } from "../../certificates/harness/acme-gate.ts";
import { typeOf } from "../../certificates/harness/deploy-certificates.ts";
import { forgetAuthorizations } from "../../certificates/harness/forget-authorizations.ts";
import { forkProgram, type ProgramProcess } from "../../certificates/harness/fork-program.ts";
import type { Moment } from "../../certificates/harness/gate-exchange.ts";
import { makeDue } from "../../certificates/harness/make-due.ts";
import { temporaryFolder } from "./run-sandbox.ts";

const DOMAIN = "example.test";
const DOMAINS = join(import.meta.dirname, "../../../infra/sandbox/domains");

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let sandbox: Sandbox;
let gate: AcmeGate;
let config: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  const options = {
    domains: DOMAINS,
    preload: undefined,
    once: true,
    engine: "local" as const,
    state: folder.path,
    address: undefined,
    ports: {},
  };
  sandbox = await startSandbox(options, await readSandboxInventory(DOMAINS, undefined), () => undefined);
  gate = await startAcmeGate(sandbox.pebble, join(folder.path, "acme"));
  config = throughGate(sandboxConfig(sandbox, DOMAINS), gate);
});

afterAll(async () => {
  await gate?.close();
  await sandbox?.close();
  await folder?.[Symbol.asyncDispose]();
});

test("a program that is killed in a renewal leaves the former certificate in its state and at the mail server; the next run renews it", async () => {
  expect(await up().end).toMatchObject({ kind: "done" });
  const steps: readonly { kind: string; moment: Moment }[] = [
    { kind: "challenge", moment: "after" },
    { kind: "finalize", moment: "after" },
  ];
  for (const { kind, moment } of steps) {
    const former = await certificate();
    await makeDue(folder.path);
    // The sandbox's CA remembers half of what was proven: where it remembers all names, no challenge would be asked for.
    await forgetAuthorizations(gate, former.accountKeyPem);
    const orders = sandbox.pebble.requests().orders;
    const held = gate.inject({ meets: kind, effect: { kind: "hold", moment } });
    const killed = up();
    await Promise.race([held.met, killed.end]);
    expect(held.count).toBe(1);
    await killed.kill();
    gate.heal();
    expect((await certificate()).serial).toBe(former.serial);
    expect(await presentedSerial()).toBe(former.serial);

    const next = await up().end;
    expect(next).toMatchObject({ kind: "done" });
    const after = await certificate();
    expect(after.serial).not.toBe(former.serial);
    expect(await presentedSerial()).toBe(after.serial);
    expect(sandbox.pebble.requests().orders - orders).toBeLessThanOrEqual(2);
  }
});

function up(): ProgramProcess {
  return forkProgram({
    config,
    stateFolder: folder.path,
    apiToken: sandbox.apiToken,
    baseUrl: sandbox.api.url,
  });
}

/** Leads the CA's name to the gate. */
function throughGate(
  plain: Readonly<Record<string, string>>,
  { port }: AcmeGate,
): Readonly<Record<string, string>> {
  const network = JSON.parse(plain["mail-autodiscover:network"] ?? "{}") as { connectTo: string[] };
  const others = network.connectTo.filter((rule) => !rule.startsWith(`${ACME_HOST}:`));
  const connectTo = [...others, `${ACME_HOST}:443:127.0.0.1:${port}`];
  return { ...plain, "mail-autodiscover:network": JSON.stringify({ ...network, connectTo }) };
}

async function certificate(): Promise<{ readonly serial: string; readonly accountKeyPem: string }> {
  const state = await StateFile.open(folder.path);
  const found = state.all().find(({ type }) => type === typeOf("Certificate"));
  return {
    serial: String(found?.outputs["serial"]),
    accountKeyPem: String(found?.outputs["accountKeyPem"]),
  };
}

/** Of the file that the mail server reads at each handshake. */
async function presentedSerial(): Promise<string> {
  const pem = await readFile(join(sandbox.certificateDirectory, DOMAIN, "fullchain.pem"), "utf8");
  return new X509Certificate(pem).serialNumber.toLowerCase();
}
