import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePebble } from "../../infra/sandbox/acme/ensure-pebble.ts";
import type { PebbleOptions } from "../../infra/sandbox/acme/pebble-options.ts";
import { startPebble, type RunningPebble } from "../../infra/sandbox/acme/start-pebble.ts";
import { createCertificateKey } from "../../src/certificates/certificate-key.ts";
import type { ChallengeStore } from "../../src/certificates/ports.ts";
import { acmeAccount } from "../../src/components/providers/acme-account.ts";
import type { CertificateOutputs } from "../../src/components/providers/certificate-state.ts";
import { certificate } from "../../src/components/providers/certificate.ts";
import { dynamicProvider, type Properties } from "../../src/components/providers/dynamic-provider.ts";
import { ProviderContext } from "../../src/components/providers/provider-context.ts";
import { memoryChallenges } from "../certificates/memory-challenges.ts";
import { startTinyDns, type TinyDns, type TinyZone } from "../certificates/tiny-dns.ts";

const DAY_SECONDS = 24 * 60 * 60;
const PROFILES = {
  classic: { description: "90 days", validityPeriod: 90 * DAY_SECONDS },
  tlsserver: { description: "45 days", validityPeriod: 45 * DAY_SECONDS },
  blink: { description: "8 seconds", validityPeriod: 8 },
};

const zone: TinyZone = new Map();
let directory: string;
let pebblePath: string;
let pebble: RunningPebble;
let dns: TinyDns;
let account: Account;
let privateKeyPem: string;

interface Account {
  readonly accountUrl: string;
  readonly accountKeyPem: string;
}

type Outs = Properties & CertificateOutputs;

class PebbleContext extends ProviderContext {
  readonly lines: string[] = [];

  override challenges(): Promise<ChallengeStore> {
    return Promise.resolve(memoryChallenges(zone));
  }

  override say(line: string): void {
    this.lines.push(line);
  }
}

/** The providers as a new run of the engine has them. */
function run(caFile = pebble.tlsCaFile): {
  context: PebbleContext;
  accounts: ReturnType<typeof dynamicProvider>;
  certificates: ReturnType<typeof dynamicProvider>;
} {
  const context = new PebbleContext();
  const network = JSON.stringify({ caFile, resolver: dns.address, authoritative: dns.address });
  context.configure((key) => (key === "mail-autodiscover:network" ? network : undefined));
  return {
    context,
    accounts: dynamicProvider(acmeAccount, context),
    certificates: dynamicProvider(certificate, context),
  };
}

function wish(other: Properties = {}): Properties {
  return {
    directoryUrl: pebble.directoryUrl,
    ...account,
    privateKeyPem,
    dnsNames: ["*.example.test", "example.test"],
    zones: [{ id: "zone", name: "example.test" }],
    profile: "classic",
    ...other,
  };
}

async function create(other: Properties = {}): Promise<Outs> {
  return (await run().certificates.create(wish(other))).outs as Outs;
}

/** One `up`; undefined where there is nothing to change. */
async function up(
  outs: Outs,
  other: Properties = {},
): Promise<{ outs: Outs | undefined; lines: readonly string[] }> {
  const { certificates, context } = run();
  const { changes } = await certificates.diff("id", outs, wish(other));
  const next = changes ? (await certificates.update("id", outs, wish(other))).outs : undefined;
  return { outs: next as Outs | undefined, lines: context.lines };
}

async function start(options: Partial<PebbleOptions> = {}): Promise<RunningPebble> {
  return await startPebble({
    pebblePath,
    stateDir: join(directory, "pebble"),
    dnsServer: dns.address,
    profiles: PROFILES,
    authorizationReusePercent: 100,
    retryAfter: { authz: 0, order: 0 },
    ...options,
  });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "certificate-lifecycle-"));
  const cacheDir = join(import.meta.dirname, "../../.cache");
  pebblePath = (await ensurePebble({ cacheDir, log: (line) => console.log(line) })).path;
  dns = await startTinyDns(zone);
  pebble = await start();
  privateKeyPem = await createCertificateKey("P-256");
  const { outs } = await run().accounts.create({ directoryUrl: pebble.directoryUrl });
  account = outs as unknown as Account;
});

afterAll(async () => {
  await pebble?.close();
  await dns?.close();
  await rm(directory, { recursive: true, force: true });
});

describe("a certificate of Pebble", () => {
  test("has the profile's lifetime, and another profile is another certificate in place", async () => {
    const first = await create();
    expect(lifetimeDays(first)).toBeCloseTo(90, 1);
    expect((await up(first)).outs).toBeUndefined();
    const { outs } = await up(first, { profile: "tlsserver" });
    expect(lifetimeDays(outs ?? first)).toBeCloseTo(45, 1);
    expect(outs?.issuedAt).toHaveLength(2);
  });

  test("that asks for a profile which the CA has not is a failure with those it has", async () => {
    await expect(create({ profile: "shortlived" })).rejects.toThrow(/it offers: blink, classic, tlsserver/u);
  });

  test.each(["P-384", "RSA-2048", "RSA-4096"] as const)("takes a key of type %s", async (keyType) => {
    const outs = await create({ privateKeyPem: await createCertificateKey(keyType) });
    const { asymmetricKeyType, asymmetricKeyDetails } = new X509Certificate(outs.certificatePem).publicKey;
    expect({ asymmetricKeyType, asymmetricKeyDetails }).toMatchObject(
      keyType === "P-384"
        ? { asymmetricKeyType: "ec", asymmetricKeyDetails: { namedCurve: "secp384r1" } }
        : { asymmetricKeyType: "rsa", asymmetricKeyDetails: { modulusLength: Number(keyType.slice(4)) } },
    );
  });

  test("renews as soon as the CA moves its window to the past, and names its predecessor once", async () => {
    const first = await createFindable();
    expect((await up({ ...first, ariRetryAt: at(-1) })).outs).toBeUndefined();
    await setRenewalInfo(first, {
      suggestedWindow: { start: at(-7200), end: at(-3600) },
      explanationURL: "https://ca.test/incident",
    });
    expect((await up(first)).outs).toBeUndefined();
    const due = { ...first, ariRetryAt: at(-1) };
    const second = await up(due);
    expect(second.lines[0]).toMatch(/new certificate: the CA asks for a renewal now.*ca\.test\/incident/u);
    expect(second.lines).toHaveLength(1);
    // The same state again, as after a kill before it was written: the CA knows a successor already.
    const third = await up(due);
    expect(third.lines.join("\n")).toMatch(/does not take the former certificate as predecessor/u);
    expect(third.outs?.serial).not.toBe(second.outs?.serial);
  });

  test.each(['{"suggestedWindow":', '{"suggestedWindow":{"start":"soon","end":"later"}}', "[]"])(
    "keeps its plan where the CA's window is malformed: %s",
    async (answer) => {
      const first = await create();
      await setRenewalInfo(first, answer);
      expect(await up({ ...first, ariRetryAt: at(-1) })).toEqual({ outs: undefined, lines: [] });
      const { certificates, context } = run();
      const stale = { ...first, ariRetryAt: at(-1) };
      expect((await certificates.read("id", stale)).props).toEqual(stale);
      expect(context.lines).toEqual([expect.stringMatching(/the CA did not say when to renew/u)]);
    },
  );

  test("of a few seconds comes due, expires, and is renewed still", async () => {
    const first = await create({ profile: "blink" });
    let line = "";
    while (line === "" && Date.now() < Date.parse(first.notAfter)) {
      const { certificates, context } = run();
      const { changes } = await certificates.diff("id", first, wish({ profile: "blink" }));
      if (changes) line = context.lines.join();
      else await sleep(200);
    }
    expect(line).toMatch(/renewal due since|renewal window ended|1\/20/u);
    await sleep(Math.max(0, Date.parse(first.notAfter) - Date.now()) + 50);
    const { outs, lines } = await up(first, { profile: "blink" });
    expect(lines[0]).toContain(`expired on ${first.notAfter}`);
    expect(Date.parse(outs?.notAfter ?? "")).toBeGreaterThan(Date.now());
  });

  test("is revoked at its end where that is asked for, and a second time is no failure", async () => {
    const outs = await create({ revokeOnDelete: true });
    const { certificates, context } = run();
    await certificates.delete("id", outs);
    await certificates.delete("id", outs);
    expect(context.lines).toEqual([
      expect.stringMatching(/: revoked$/u),
      expect.stringMatching(/: already-revoked$/u),
    ]);
    const status = await manage("GET", `/cert-status-by-serial/${outs.serial.replace(/^0+/u, "")}`);
    expect(JSON.parse(status)).toMatchObject({ Status: "Revoked" });
    const kept = await create();
    await certificates.delete("id", kept);
    expect(context.lines).toHaveLength(2);
  });

  test("that was revoked is renewed at the next run: the CA's window is in the past", async () => {
    const outs = await create({ revokeOnDelete: true });
    await run().certificates.delete("id", outs);
    const { lines } = await up({ ...outs, ariRetryAt: at(-1) }, { revokeOnDelete: true });
    expect(lines[0]).toContain("the CA asks for a renewal now");
  });
});

describe("an account of Pebble", () => {
  test("keeps its address when its key is rolled, and certificates go on with the new key", async () => {
    const { accounts, certificates } = run();
    const inputs = { directoryUrl: pebble.directoryUrl, email: "postmaster@example.com" };
    const { id, outs } = await accounts.create(inputs);
    const first = (await certificates.create(wish(outs))).outs as Outs;
    const next = await accounts.update(id, outs, { ...inputs, keyVersion: 1, email: "other@example.com" });
    expect(next.outs["accountUrl"]).toBe(outs["accountUrl"]);
    const { accountUrl, accountKeyPem } = next.outs;
    const rolled = await up(first, { accountUrl, accountKeyPem });
    expect(rolled.outs).toMatchObject({ serial: first.serial, accountKeyPem });
    const renewed = await up(rolled.outs ?? first, { accountUrl, accountKeyPem, profile: "tlsserver" });
    expect(renewed.outs).toMatchObject({ accountUrl });
    expect(renewed.outs?.serial).not.toBe(first.serial);
    const found = await run().context.acme(pebble.directoryUrl, String(accountKeyPem));
    expect((await found.findAccount(new AbortController().signal))?.contact).toEqual([
      "mailto:other@example.com",
    ]);
  });

  test("is deactivated at its end where that is asked for, and no certificate of it is revoked then", async () => {
    const { accounts, certificates, context } = run();
    const inputs = { directoryUrl: pebble.directoryUrl, deactivateOnDelete: true };
    const { id, outs } = await accounts.create(inputs);
    const made = (await certificates.create(wish({ ...outs, revokeOnDelete: true }))).outs;
    await accounts.delete(id, outs);
    await accounts.delete(id, outs);
    await certificates.delete("id", made);
    expect(context.lines).toEqual([expect.stringMatching(/: account-gone$/u)]);
  });

  test("with an external account binding is made once with it, and never asked for it again", async () => {
    const hmacKey = Buffer.alloc(32, 7).toString("base64url");
    const strict = await start({
      stateDir: join(directory, "eab"),
      externalAccountKeys: { "kid-1": hmacKey },
    });
    try {
      const { accounts, certificates } = run(strict.tlsCaFile);
      const inputs = { directoryUrl: strict.directoryUrl };
      await expect(accounts.create(inputs)).rejects.toThrow(/external account binding/u);
      const bound = { ...inputs, eab: { kid: "kid-1", hmacKey } };
      const { id, outs } = await accounts.create(bound);
      expect(await accounts.diff(id, outs, inputs)).toMatchObject({ changes: false });
      const next = await accounts.update(id, outs, { ...inputs, keyVersion: 1 });
      expect(next.outs["accountUrl"]).toBe(outs["accountUrl"]);
      const made = await certificates.create(wish({ ...next.outs }));
      expect(made.outs).toMatchObject({ accountUrl: outs["accountUrl"] });
    } finally {
      await strict.close();
    }
  });

  test("that the CA lost is registered again by the next order, and a refresh finds its address", async () => {
    const first = await create();
    const port = Number(new URL(pebble.directoryUrl).port);
    await pebble.close();
    pebble = await start({ port });
    const { outs, lines } = await up(first, { profile: "tlsserver" });
    expect(outs?.serial).not.toBe(first.serial);
    expect(lines.join("\n")).toMatch(/did not know the account .* "pulumi up --refresh"/u);
    const known = { directoryUrl: pebble.directoryUrl, ...account };
    expect((await run().accounts.read(account.accountUrl, known)).props).toMatchObject({
      accountUrl: outs?.accountUrl,
    });
  });
});

function lifetimeDays({ notBefore, notAfter }: Outs): number {
  return (Date.parse(notAfter) - Date.parse(notBefore)) / (DAY_SECONDS * 1000);
}

function at(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString();
}

/** Pebble 2.10.1 keeps serials as hexadecimal without a leading zero and looks them up with one, so it does not know all as predecessors. */
async function createFindable(): Promise<Outs> {
  for (;;) {
    const outs = await create();
    if (!outs.serial.startsWith("0")) return outs;
  }
}

async function setRenewalInfo(outs: Outs, answer: object | string): Promise<void> {
  const text = typeof answer === "string" ? answer : JSON.stringify(answer);
  await manage("POST", "/set-renewal-info/", { Certificate: outs.certificatePem, ARIResponse: text });
}

/** Asks Pebble's management interface. */
async function manage(method: string, path: string, body?: object): Promise<string> {
  const ca = await readFile(pebble.tlsCaFile, "utf8");
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  // Pebble refuses requests without a user agent (RFC 8555 §6.1).
  const headers = { "user-agent": "test" };
  const sent = request(
    `${pebble.managementUrl}${path}`,
    { method, ca, headers, agent: false },
    (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${response.statusCode}: ${text}`));
      });
    },
  );
  sent.on("error", reject);
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  return await promise;
}
