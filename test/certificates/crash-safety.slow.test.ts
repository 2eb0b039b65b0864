import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StateFile } from "../../infra/sandbox/runner/state-file.ts";
import type { StoredRecord } from "../../infra/sandbox/cloudflare-api/stored-state.ts";
import type { CertificateKind } from "./harness/open-providers.ts";
import { requestAccount } from "./harness/acme-request.ts";
import { startCertificateWorld, type CertificateWorld } from "./harness/certificate-world.ts";
import {
  deployCertificates,
  typeOf,
  type CertificateDeploymentRequest,
  type CertificateOutcome,
} from "./harness/deploy-certificates.ts";
import { forgetAuthorizations } from "./harness/forget-authorizations.ts";
import { forkDeployment } from "./harness/fork-deployment.ts";
import type { Moment } from "./harness/gate-exchange.ts";
import { makeDue } from "./harness/make-due.ts";

const HOUR_MS = 60 * 60 * 1000;
const DOMAIN = "example.test";

let world: CertificateWorld;
let count = 0;

beforeAll(async () => {
  world = await startCertificateWorld({ zones: [DOMAIN] });
});

afterAll(async () => {
  await world?.close();
});

/** Where a process is killed: at a request of the order, or around the write of a resource into the state. */
type Step =
  | { readonly at: "acme" | "api"; readonly kind: string; readonly nth: number; readonly moment: Moment }
  | { readonly at: "state"; readonly kind: CertificateKind; readonly moment: Moment };

const MOMENTS: readonly Moment[] = ["before", "after"];
const request = (at: "acme" | "api", kind: string, nth = 1): Step[] =>
  MOMENTS.map((moment) => ({ at, kind, nth, moment }));
const write = (kind: CertificateKind): Step[] => MOMENTS.map((moment) => ({ at: "state", kind, moment }));

const titled = (steps: readonly Step[]): { step: Step; title: string }[] =>
  steps.map((step) => ({ step, title: titleOf(step) }));

describe("the first run, killed", () => {
  test.each(titled([...request("acme", "newAccount")]))("$title, is made good by the next", ({ step }) =>
    expectIssuedAfter(step),
  );
});

describe.concurrent("the first run, killed", () => {
  test.each(titled([...write("AcmeAccount"), ...write("CertificateKey")]))(
    "$title, is made good by the next",
    ({ step }) => expectIssuedAfter(step),
  );
});

describe.concurrent("a renewal, killed", () => {
  const steps: readonly Step[] = [
    ...request("acme", "newOrder"),
    ...request("api", "createRecord", 1),
    ...request("api", "createRecord", 2),
    ...request("acme", "challenge", 1),
    ...request("acme", "challenge", 2),
    ...request("api", "deleteRecord", 1),
    ...request("acme", "finalize"),
    ...request("acme", "cert"),
    ...write("Certificate"),
  ];

  test.each(titled(steps))(
    "$title, leaves the former certificate in use, and the next run renews it",
    async ({ step }) => {
      const run = await issued();
      const former = await certificateOf(run);
      const ordersBefore = ordersOf(former);
      await makeDue(run.stateFolder);
      await forgetAuthorizations(world.acme, String(former["accountKeyPem"]));

      await killAt(step, run);
      const isWritten = step.at === "state" && step.moment === "after";
      const kept = await certificateOf(run);
      expect(kept["serial"] === former["serial"]).toBe(!isWritten);
      expect(await deployedSerial(run)).toBe(former["serial"]);

      const [outcome] = await deployCertificates(run);
      expect(outcome?.error).toBeUndefined();
      const after = await certificateOf(run);
      expect(after["lastError"]).toBeUndefined();
      expect(after["serial"]).not.toBe(former["serial"]);
      expect(await deployedSerial(run)).toBe(after["serial"]);
      expect(after["accountUrl"]).toBe(former["accountUrl"]);
      expect(ordersOf(after) - ordersBefore).toBeLessThanOrEqual(2);
      await expectNoChange(run);
    },
  );

  test("leaves challenge records that the next order removes once they are an hour old, and nobody else's", async () => {
    const run = await issued();
    await makeDue(run.stateFolder);
    await forgetAuthorizations(world.acme, String((await certificateOf(run))["accountKeyPem"]));
    const name = `_acme-challenge.${hostOf(run)}`;
    const foreign = { type: "TXT", name, content: '"of somebody else"' };
    world.addRecord(DOMAIN, foreign);
    await killAt({ at: "acme", kind: "challenge", nth: 1, moment: "before" }, run);
    expect(recordsAt(name)).toHaveLength(3);

    world.ageChallengeRecords(DOMAIN, name, HOUR_MS + 1000);
    const [outcome] = await deployCertificates(run);
    expect(outcome).toMatchObject({ changed: ["Certificate", "DeployedCertificate"] });
    expect(recordsAt(name)).toMatchObject([foreign]);
  });
});

async function expectIssuedAfter(step: Step): Promise<void> {
  const run = fresh();
  await killAt(step, run);
  const [outcome] = await deployCertificates(run);
  expect(outcome?.error).toBeUndefined();
  const certificate = await certificateOf(run);
  expect(await deployedSerial(run)).toBe(certificate["serial"]);
  expect(ordersOf(certificate)).toBe(1);
  await expectNoChange(run);
}

/** A deployment of its own: account, state, names below the one zone, and folder. */
function fresh(): CertificateDeploymentRequest {
  count += 1;
  const host = `host${count}.${DOMAIN}`;
  return {
    stateFolder: join(world.folder, `state-${count}`),
    config: world.config,
    directoryUrl: world.acme.directoryUrl,
    plans: [
      {
        key: DOMAIN,
        dnsNames: [host, `*.${host}`],
        zones: [world.zone(DOMAIN)],
        folder: join(world.folder, `certificates-${count}`),
      },
    ],
  };
}

async function issued(): Promise<CertificateDeploymentRequest> {
  const run = fresh();
  const [outcome] = await deployCertificates(run);
  expect(outcome?.error).toBeUndefined();
  return run;
}

/** Starts the deployment in a process and kills it when it has come to the step. */
async function killAt(step: Step, run: CertificateDeploymentRequest): Promise<void> {
  const child = forkDeployment(join(world.folder, "compile-cache"));
  if (step.at === "state") {
    await child.run({ request: run, stopAtWrite: { kind: step.kind, moment: step.moment } });
    await child.stopped;
  } else {
    const { accountUrl } = await certificateOf(run);
    const gate = step.at === "api" ? world.apiGate : world.acme;
    const held = gate.inject({
      meets: (request) =>
        request.kind === step.kind &&
        (step.at === "api"
          ? request.payload === `_acme-challenge.${hostOf(run)}`
          : requestAccount(request) === accountUrl),
      skip: step.nth - 1,
      effect: { kind: "hold", moment: step.moment },
    });
    await child.run({ request: run });
    await Promise.race([held.met, child.done.then((outcomes) => missed(step, outcomes))]);
    held.remove();
  }
  await child.kill();
}

function missed(step: Step, outcomes: readonly CertificateOutcome[]): never {
  throw new Error(`the run never came to this: ${titleOf(step)}: ${JSON.stringify(outcomes)}`);
}

function titleOf(step: Step): string {
  return step.at === "state"
    ? `${step.moment} ${step.kind} is written`
    : `${step.moment} ${step.kind} ${step.nth} is answered`;
}

/** The orders that the CA made for the account of a certificate. */
function ordersOf({ accountUrl }: Readonly<Record<string, unknown>>): number {
  return world.acme.exchanges.filter(
    ({ request, status }) =>
      request.kind === "newOrder" && status === 201 && requestAccount(request) === accountUrl,
  ).length;
}

async function expectNoChange(run: CertificateDeploymentRequest): Promise<void> {
  const [again] = await deployCertificates(run);
  expect(again).toMatchObject({ changed: [] });
}

async function certificateOf(run: CertificateDeploymentRequest): Promise<Readonly<Record<string, unknown>>> {
  const state = await StateFile.open(run.stateFolder);
  return state.get(typeOf("Certificate"), `${DOMAIN}/certificate`)?.outputs ?? {};
}

function hostOf(run: CertificateDeploymentRequest): string {
  return run.plans[0]?.dnsNames[0] ?? "";
}

function recordsAt(name: string): readonly StoredRecord[] {
  return world.challengeRecords(DOMAIN).filter((record) => record.name === name);
}

/** In the form of the certificate's output: hexadecimal digits. */
async function deployedSerial(run: CertificateDeploymentRequest): Promise<string> {
  const pem = await readFile(join(run.plans[0]?.folder ?? "", "fullchain.pem"), "utf8");
  return new X509Certificate(pem).serialNumber.toLowerCase();
}
