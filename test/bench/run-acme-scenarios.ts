import { startPebble, type RunningPebble } from "../../infra/sandbox/acme/start-pebble.ts";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openAcmeService } from "../../src/adapters/acme/acme-client.ts";
import { ensureAccount } from "../../src/certificates/account.ts";
import { createCertificateKey } from "../../src/certificates/certificate-key.ts";
import { CONTENDERS } from "./acme-contenders.ts";
import type { AcmeContender, AcmeJob, AcmeUse } from "./acme-job.ts";
import { forkWithMessage } from "./fork-with-message.ts";
import { median } from "./measure.ts";

export interface AcmeWorld {
  readonly pebblePath: string;
  readonly stateDir: string;
  readonly dnsServer: string;
  readonly recordsUrl: string;
  readonly distDir: string;
}

export interface AcmeResult {
  readonly scenario: string;
  readonly client: string;
  readonly runs: number;
  readonly wallMs: number;
  /** The most of all runs; undefined where validations start at once. */
  readonly overValidationMs?: number | undefined;
  readonly cpuMs?: number | undefined;
  readonly peakRssBytes?: number | undefined;
  readonly requests: number;
}

interface AcmeScenario {
  readonly name: string;
  /** Whole seconds below it, at random; undefined: validations start at once. */
  readonly validationDelaySeconds?: number;
  readonly certificates: number;
  /** Of the name itself, to make a certificate's names of. */
  readonly names: (apex: string) => readonly string[];
  readonly isAtOnce?: boolean;
  readonly runs: number;
}

const APEX_AND_WILDCARD = (apex: string): readonly string[] => [apex, `*.${apex}`];

/** Few runs of what takes long: all of it has to end within three minutes. */
const SCENARIOS: readonly AcmeScenario[] = [
  { name: "2 names", certificates: 1, names: APEX_AND_WILDCARD, runs: 5 },
  {
    name: "2 names, validation after 0-2 s",
    validationDelaySeconds: 3,
    certificates: 1,
    names: APEX_AND_WILDCARD,
    runs: 5,
  },
  {
    name: "3 names",
    certificates: 1,
    names: (apex) => [...APEX_AND_WILDCARD(apex), `mail.sub.${apex}`],
    runs: 3,
  },
  { name: "20 domains in sequence", certificates: 20, names: (apex) => [apex], runs: 2 },
  { name: "20 domains at once", certificates: 20, names: (apex) => [apex], isAtOnce: true, runs: 2 },
];

type Run = AcmeUse & { readonly requests: number; readonly validationMs: number };

/** Runs every scenario with every contender, in turns, against one Pebble a scenario. */
export async function runAcmeScenarios(world: AcmeWorld): Promise<readonly AcmeResult[]> {
  const results: AcmeResult[] = [];
  for (const scenario of SCENARIOS) results.push(...(await runScenario(scenario, world)));
  return results;
}

async function runScenario(scenario: AcmeScenario, world: AcmeWorld): Promise<readonly AcmeResult[]> {
  const { validationDelaySeconds } = scenario;
  const pebble = await startPebble({
    pebblePath: world.pebblePath,
    stateDir: join(world.stateDir, "pebble"),
    dnsServer: world.dnsServer,
    nonceRejectPercent: 0,
    authorizationReusePercent: 0,
    // No Retry-After: with one of a second, a client that respects it is measured by it and no other is.
    retryAfter: { authz: 0, order: 0 },
    ...(validationDelaySeconds === undefined ? {} : { validationDelaySeconds }),
  });
  try {
    const account = await makeAccount(pebble);
    const clients = Object.keys(CONTENDERS) as AcmeContender[];
    const runs = new Map<AcmeContender, Run[]>(clients.map((client) => [client, []]));
    for (let turn = 0; turn < scenario.runs; turn += 1) {
      for (const client of clients) {
        // Names of their own: no run finds another's authorizations.
        const tag = `${scenario.name}-${clients.indexOf(client)}-${turn}`.replace(/[^a-z0-9]+/giu, "-");
        const certificates = Array.from({ length: scenario.certificates }, (_, index) =>
          scenario.names(`d${index}.${tag.toLowerCase()}.example.test`),
        );
        const { dnsServer, recordsUrl, distDir } = world;
        const { directoryUrl, tlsCaFile: caFile } = pebble;
        const isAtOnce = scenario.isAtOnce ?? false;
        const job = {
          client,
          distDir,
          directoryUrl,
          caFile,
          dnsServer,
          recordsUrl,
          certificates,
          isAtOnce,
          ...account,
        };
        runs.get(client)?.push(await runJob(job, pebble));
      }
    }
    return clients.map((client) => summary(scenario, client, runs.get(client) ?? []));
  } finally {
    await pebble.close();
  }
}

async function makeAccount(pebble: RunningPebble): Promise<Pick<AcmeJob, "accountKeyPem" | "accountUrl">> {
  const accountKeyPem = await createCertificateKey("P-256");
  const network = { ca: await readFile(pebble.tlsCaFile, "utf8") };
  const acme = openAcmeService({ directoryUrl: pebble.directoryUrl, accountKeyPem, network });
  const { accountUrl } = await ensureAccount(acme, {}, new AbortController().signal);
  return { accountKeyPem, accountUrl };
}

async function runJob(job: AcmeJob, pebble: RunningPebble): Promise<Run> {
  const before = pebble.requests().total;
  const logged = pebble.output().length;
  await using measured = await forkWithMessage<AcmeUse>("measure-acme.ts", [JSON.stringify(job)], {
    NODE_EXTRA_CA_CERTS: job.caFile,
  });
  const pauses = [
    ...pebble
      .output()
      .slice(logged)
      .matchAll(/Sleeping for (\d+)(m?s)/gu),
  ];
  const validationMs = Math.max(
    0,
    ...pauses.map(([, time, unit]) => Number(time) * (unit === "s" ? 1000 : 1)),
  );
  return { ...measured.message, requests: pebble.requests().total - before, validationMs };
}

function summary(
  { name, validationDelaySeconds }: AcmeScenario,
  client: string,
  runs: readonly Run[],
): AcmeResult {
  const of = (read: (run: Run) => number): number => median(runs.map(read));
  return {
    scenario: name,
    client,
    runs: runs.length,
    wallMs: of((run) => run.wallMs),
    ...(validationDelaySeconds === undefined
      ? {}
      : { overValidationMs: Math.max(...runs.map((run) => run.wallMs - run.validationMs)) }),
    cpuMs: of((run) => run.cpuMs),
    peakRssBytes: of((run) => run.peakRssBytes),
    requests: of((run) => run.requests),
  };
}
