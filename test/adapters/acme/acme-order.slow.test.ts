import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ensurePebble } from "../../../infra/sandbox/acme/ensure-pebble.ts";
import {
  startPebble,
  type PebbleOptions,
  type RunningPebble,
} from "../../../infra/sandbox/acme/start-pebble.ts";
import { openAcmeService, type CountingAcmeService } from "../../../src/adapters/acme/acme-client.ts";
import { openAuthoritativeResolver } from "../../../src/adapters/resolver/authoritative-resolver.ts";
import { rollOverAccountKey } from "../../../src/certificates/account.ts";
import { createCertificateKey, spkiSha256 } from "../../../src/certificates/certificate-key.ts";
import { systemClock } from "../../../src/certificates/clock.ts";
import type { IssuanceProgress } from "../../../src/certificates/order/issuance-progress.ts";
import {
  issueCertificate,
  type CertificateRequest,
  type IssuedCertificate,
} from "../../../src/certificates/order/issue-certificate.ts";
import { memoryChallenges, type MemoryChallenges } from "../../certificates/memory-challenges.ts";
import { startTinyDns, type TinyDns, type TinyZone } from "../../certificates/tiny-dns.ts";

const never = new AbortController().signal;
const TXT = "_acme-challenge.example.test/TXT";

let directory: string;
let pebblePath: string;
let pebble: RunningPebble;
let dns: TinyDns;
let accountKeyPem: string;
let privateKeyPem: string;
const zone: TinyZone = new Map();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "acme-order-"));
  const cacheDir = join(import.meta.dirname, "../../../.cache");
  pebblePath = (await ensurePebble({ cacheDir, log: (line) => console.log(line) })).path;
  dns = await startTinyDns(zone);
  pebble = await start();
  privateKeyPem = await createCertificateKey("P-256");
});

// An account of its own for each test: told to reuse no authorization, Pebble reuses one of a hundred all the same
// (`rand.Intn(100) > percent`, v2.10.1).
beforeEach(async () => {
  accountKeyPem = await createCertificateKey("P-256");
});

afterAll(async () => {
  await pebble?.close();
  await dns?.close();
  await rm(directory, { recursive: true, force: true });
});

describe("an order", () => {
  test("gives one certificate for an apex and its wildcard and takes the two TXT values away again", async () => {
    const run = await prepare();
    const started = performance.now();
    const issued = await run.issue({ names: ["*.example.test", "example.test", "mail.example.test"] });
    const milliseconds = Math.round(performance.now() - started);
    console.log(`one issuance: ${run.acme.requestCount} requests, ${milliseconds} ms`);

    expect(issued.names).toEqual(["*.example.test", "example.test"]);
    expect(run.challenges.published).toHaveLength(2);
    expect(new Set(run.challenges.published.map((each) => each.name)).size).toBe(1);
    expect(run.challenges.removed).toHaveLength(2);
    expect(zone.has(TXT)).toBe(false);
    expect(issued.spkiSha256).toBe(spkiSha256(privateKeyPem));
    expect(issued.chainPem).toContain("BEGIN CERTIFICATE");
    const issuer = new X509Certificate(issued.chainPem);
    expect(issuer.verify(new X509Certificate(await pebble.rootPem()).publicKey)).toBe(true);
    expect(issued.ariWindow).toBeDefined();
    expect(new Date(issued.renewAt) < new Date(issued.notAfter)).toBe(true);
    expect(JSON.stringify(issued)).not.toContain("PRIVATE KEY");
  });

  test("for an apex and its wildcard takes at most 13 requests, the question of the renewal window included", async () => {
    await withPebble({ PEBBLE_WFE_NONCEREJECT: "0" }, async (faultless) => {
      const { accountUrl } = await (await prepare({ pebble: faultless })).issue({});
      const run = await prepare({ pebble: faultless, accountUrl });
      await run.issue({ names: ["example.test", "*.example.test"] });
      expect(run.acme.requestCount).toBeLessThanOrEqual(13);
    });
  });

  test.each(["P-384", "RSA-2048"] as const)("takes a key of type %s", async (keyType) => {
    const run = await prepare();
    const key = await createCertificateKey(keyType);
    const issued = await run.issue({ privateKeyPem: key });
    expect(issued.spkiSha256).toBe(spkiSha256(key));
  });

  test("names its predecessor, and goes on without where the CA refuses that", async () => {
    const run = await prepare();
    let first = await run.issue({});
    // Pebble 2.10.1 keeps serials as hexadecimal without a leading zero and looks them up with one, so it does not know
    // one certificate in eight as a predecessor.
    while (first.serial.startsWith("0")) first = await run.issue({});
    const second = await run.issue({ previous: first });
    expect(run.progress.filter((each) => each.kind === "replaces-refused")).toEqual([]);
    expect(second.serial).not.toBe(first.serial);
    expect(run.progress.some((each) => each.kind === "order" && each.replaces === first.certId)).toBe(true);
    const third = await run.issue({ previous: first });
    expect(third.serial).not.toBe(second.serial);
    expect(kinds(run)).toContain("replaces-refused");
  });

  test("fetches the certificate of a run that ended after finalize instead of ordering again", async () => {
    const run = await prepare();
    const first = await run.issue({});
    const finalizing = run.progress.find((each) => each.kind === "finalizing");
    const again = await run.issue({ resumeOrderUrl: finalizing?.orderUrl });
    expect(again.serial).toBe(first.serial);
    expect(kinds(run)).toContain("resumed");
  });

  test("that asks for a profile the CA has not names those it has", async () => {
    const run = await prepare();
    await expect(run.issue({ profile: "tlsclient" })).rejects.toMatchObject({
      code: "acme-refused",
      message: expect.stringContaining("it offers: classic") as string,
    });
  });

  test("that the CA cannot validate is a typed error; pending authorizations are deactivated, the TXT is removed", async () => {
    const run = await prepare({ spoil: (value) => value.toLowerCase() });
    const refused = run.issue({}, (name, values) => ({
      name,
      values: values.map((value) => value.toLowerCase()),
    }));
    await expect(refused).rejects.toMatchObject({
      code: "acme-challenge-failed",
      message: expect.stringContaining("example.test: ") as string,
    });
    expect(zone.has(TXT)).toBe(false);
    expect(run.challenges.removed).toHaveLength(2);
    expect(await authorizationStatuses(run)).not.toContain("pending");
  });

  test("whose TXT never reaches the servers is given up with the servers named", async () => {
    const run = await prepare({ spoil: () => "something else" });
    await expect(run.issue({ propagationTimeoutMs: 2000 })).rejects.toMatchObject({
      code: "challenge-not-propagated",
      message: expect.stringContaining(dns.address) as string,
    });
    expect(zone.has(TXT)).toBe(false);
    expect(await authorizationStatuses(run)).toEqual(["deactivated", "deactivated"]);
  });

  test("that is aborted while it waits removes its TXT", async () => {
    const run = await prepare({ spoil: () => "something else" });
    const abort = new AbortController();
    const issuing = run.issue({ signal: abort.signal });
    setTimeout(() => abort.abort(), 1500);
    await expect(issuing).rejects.toMatchObject({ code: "interrupted", retryable: true });
    expect(run.challenges.published).toHaveLength(2);
    expect(zone.has(TXT)).toBe(false);
    expect(await authorizationStatuses(run)).toEqual(["deactivated", "deactivated"]);
  });

  test("has a limit in all", async () => {
    const run = await prepare({ spoil: () => "something else" });
    await expect(run.issue({ timeoutMs: 1500 })).rejects.toMatchObject({
      code: "interrupted",
      message: expect.stringContaining("was not done within 1.5 s (last step: ") as string,
    });
    expect(zone.has(TXT)).toBe(false);
  });
});

describe("an account", () => {
  test("that the CA forgot is registered again with its key", async () => {
    const run = await prepare();
    await run.issue({});
    await pebble.close();
    const former = await pebble.rootPem();
    pebble = await start();
    expect(await readFile(pebble.rootsFile, "utf8")).toContain(former.trim());

    const after = await prepare();
    const issued = await after.issue({});
    expect(after.progress).toContainEqual({ kind: "account", accountUrl: issued.accountUrl, isNew: true });
    const again = await prepare();
    await again.issue({});
    expect(again.progress).toContainEqual({ kind: "account", accountUrl: issued.accountUrl, isNew: false });
  });

  test("keeps its address when its key is rolled over, and a repetition changes nothing", async () => {
    const key = await createCertificateKey("P-256");
    const next = await createCertificateKey("P-256");
    const run = await prepare({ accountKeyPem: key });
    const { accountUrl } = await run.issue({});
    const fresh = await prepare({ accountKeyPem: key });
    const rolled = await rollOverAccountKey(fresh.acme, next, never);
    expect(rolled.accountUrl).toBe(accountUrl);
    const repeated = await rollOverAccountKey((await prepare({ accountKeyPem: key })).acme, next, never);
    expect(repeated.accountUrl).toBe(accountUrl);
    expect(await (await prepare({ accountKeyPem: key })).acme.findAccount(never)).toBeUndefined();
  });
});

describe("a difficult CA", () => {
  test("that refuses half of all nonces still issues", async () => {
    await withPebble({ PEBBLE_WFE_NONCEREJECT: "50" }, async (difficult) => {
      const run = await prepare({ pebble: difficult });
      await expect(run.issue({})).resolves.toMatchObject({ names: ["*.example.test", "example.test"] });
      console.log(`with half of all nonces refused: ${run.acme.requestCount} requests`);
    });
  });

  test("that remembers authorizations gets no TXT a second time", async () => {
    await withPebble({ PEBBLE_AUTHZREUSE: "100" }, async (remembering) => {
      const first = await prepare({ pebble: remembering });
      await first.issue({});
      const second = await prepare({ pebble: remembering });
      await second.issue({});
      console.log(`with valid authorizations: ${second.acme.requestCount} requests`);
      expect(second.challenges.published).toHaveLength(0);
      expect(kinds(second)).not.toContain("published");
    });
  });

  test("that wants an external account binding gets it once, or the error says so", async () => {
    const hmacKey = Buffer.alloc(32, 7).toString("base64url");
    const binding = { kid: "kid-1", hmacKey };
    const strict = await start({
      stateDir: join(directory, "eab"),
      externalAccountKeys: { "kid-1": hmacKey },
    });
    try {
      const without = await prepare({ pebble: strict });
      await expect(without.issue({})).rejects.toMatchObject({
        code: "acme-refused",
        message: expect.stringContaining("external account binding") as string,
      });
      const bound = await prepare({ pebble: strict, externalAccountBinding: binding });
      await expect(bound.issue({})).resolves.toBeDefined();
      const later = await prepare({ pebble: strict });
      await expect(later.issue({})).resolves.toBeDefined();
    } finally {
      await strict.close();
    }
  });
});

interface Preparation {
  readonly pebble?: RunningPebble;
  readonly accountKeyPem?: string;
  readonly accountUrl?: string;
  readonly externalAccountBinding?: { readonly kid: string; readonly hmacKey: string };
  readonly spoil?: (value: string) => string;
}

type SeenAs = (name: string, values: readonly string[]) => { name: string; values: readonly string[] };

interface Run {
  readonly acme: CountingAcmeService;
  readonly challenges: MemoryChallenges;
  readonly progress: readonly IssuanceProgress[];
  issue(request: Partial<CertificateRequest>, seenAs?: SeenAs): Promise<IssuedCertificate>;
}

async function prepare(preparation: Preparation = {}): Promise<Run> {
  const server = preparation.pebble ?? pebble;
  const progress: IssuanceProgress[] = [];
  const challenges = memoryChallenges(zone, preparation.spoil);
  const check = openAuthoritativeResolver({ authoritative: dns.address });
  const acme = openAcmeService({
    directoryUrl: server.directoryUrl,
    accountKeyPem: preparation.accountKeyPem ?? accountKeyPem,
    accountUrl: preparation.accountUrl,
    externalAccountBinding: preparation.externalAccountBinding,
    network: { ca: await readFile(server.tlsCaFile, "utf8") },
  });
  return {
    acme,
    challenges,
    progress,
    issue: async (request, seenAs = (name, values) => ({ name, values })) => {
      return await issueCertificate(
        { names: ["example.test", "*.example.test"], privateKeyPem, ...request },
        {
          acme,
          challenges,
          clock: systemClock,
          report: (each) => progress.push(each),
          propagation: {
            observe: async (name, values, signal) => {
              const seen = seenAs(name, values);
              return await check.observe(seen.name, seen.values, signal);
            },
          },
        },
      );
    },
  };
}

/** AUTHZREUSE 0: each order proves its names, unless a test says otherwise. */
async function start(options: Partial<PebbleOptions> = {}): Promise<RunningPebble> {
  const env = { PEBBLE_AUTHZREUSE: "0", ...options.env };
  return await startPebble({
    pebblePath,
    stateDir: join(directory, "pebble"),
    dnsServer: dns.address,
    ...options,
    env,
  });
}

async function withPebble(
  env: Readonly<Record<string, string>>,
  work: (server: RunningPebble) => Promise<void>,
): Promise<void> {
  const server = await start({ stateDir: join(directory, Object.keys(env).join("-")), env });
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

async function authorizationStatuses({ acme, progress }: Run): Promise<readonly string[]> {
  const ordered = progress.find((each) => each.kind === "order");
  const order = await acme.getOrder(ordered?.orderUrl ?? "", never);
  const seen = order.authorizationUrls.map((url) => acme.getAuthorization(url, never));
  return (await Promise.all(seen)).map((each) => each.status);
}

function kinds({ progress }: Run): readonly string[] {
  return progress.map((each) => each.kind);
}
