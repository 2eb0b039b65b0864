import { join } from "node:path";
import { array, assert, constantFrom, property, tuple } from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { StateFile } from "../../infra/sandbox/runner/state-file.ts";
import { openAcmeService } from "../../src/adapters/acme/acme-client.ts";
import { createCertificateKey } from "../../src/certificates/certificate-key.ts";
import { normaliseNames } from "../../src/certificates/certificate-names.ts";
import type { AcmeService } from "../../src/certificates/ports.ts";
import { readOrderPayload } from "./harness/acme-request.ts";
import { startCertificateWorld, type CertificateWorld } from "./harness/certificate-world.ts";
import { deployCertificates, typeOf, type CertificateOutcome } from "./harness/deploy-certificates.ts";
import { letsEncryptRules } from "./harness/lets-encrypt/lets-encrypt-rules.ts";
import { redundantNames } from "./harness/lets-encrypt/name-rules.ts";
import { makeDue } from "./harness/make-due.ts";

const DOMAIN = "example.test";
const ISSUER = "letsencrypt.org";
const DAY_SECONDS = 86_400;
const never = new AbortController().signal;

const paused = new Set<string>();
let world: CertificateWorld;
let count = 0;

beforeAll(async () => {
  world = await startCertificateWorld({
    zones: [DOMAIN],
    pebble: {
      nonceRejectPercent: 0,
      caaIdentities: [ISSUER],
      profiles: {
        classic: { description: "90 days", validityPeriod: 90 * DAY_SECONDS },
        tlsserver: { description: "45 days", validityPeriod: 45 * DAY_SECONDS },
      },
    },
    rules: ({ recursive }) =>
      letsEncryptRules({
        paused,
        caa: { resolver: `${recursive.host}:${recursive.port}`, identities: [ISSUER] },
      }),
  });
});
afterAll(() => world?.close());
afterEach(() => {
  paused.clear();
  world.acme.heal();
});

interface Deployment {
  readonly stateFolder: string;
  readonly dnsNames: readonly string[];
  readonly profile?: string;
}

function fresh(changes: Partial<Deployment> = {}): Deployment {
  count += 1;
  const host = `host${count}.${DOMAIN}`;
  return {
    stateFolder: join(world.folder, `state-${count}`),
    dnsNames: [host, `*.${host}`],
    profile: "classic",
    ...changes,
  };
}

async function deploy({ stateFolder, dnsNames, profile }: Deployment): Promise<CertificateOutcome> {
  const [outcome] = await deployCertificates({
    stateFolder,
    config: world.config,
    directoryUrl: world.acme.directoryUrl,
    plans: [{ key: DOMAIN, dnsNames, zones: [world.zone(DOMAIN)], inputs: { profile } }],
  });
  if (outcome === undefined) throw new Error("nothing was deployed");
  return outcome;
}

async function outputsOf({ stateFolder }: Deployment): Promise<Readonly<Record<string, unknown>>> {
  const state = await StateFile.open(stateFolder);
  return state.get(typeOf("Certificate"), `${DOMAIN}/certificate`)?.outputs ?? {};
}

async function service(accountKeyPem?: string): Promise<AcmeService> {
  const { ca, connectTo, directoryUrl } = world.acme;
  const acme = openAcmeService({
    directoryUrl,
    accountKeyPem: accountKeyPem ?? (await createCertificateKey("P-256")),
    network: { ca, connectTo },
  });
  if ((await acme.findAccount(never)) === undefined) await acme.createAccount([], never);
  return acme;
}

/** Orders that came for these names, with what the CA said. */
function ordersFor({ dnsNames }: Deployment): readonly { replaces: string | undefined; status: number }[] {
  const names = normaliseNames(dnsNames).join();
  return world.acme.exchanges.flatMap(({ request, status }) => {
    const order = readOrderPayload(request.payload);
    return request.kind === "newOrder" && order.names.join() === names
      ? [{ replaces: order.replaces, status: status ?? 0 }]
      : [];
  });
}

/** Does something when the next request of a kind arrives, which it leaves alone. */
function when(kind: string, act: () => void): void {
  let isDone = false;
  world.acme.inject({
    meets: (request) => {
      if (request.kind === kind && !isDone) {
        isDone = true;
        act();
      }
      return false;
    },
    effect: { kind: "delay", milliseconds: 0 },
  });
}

describe("names", () => {
  test("beside a wildcard that covers them are refused by the CA, and never asked for", async () => {
    const acme = await service();
    const names = [`*.${DOMAIN}`, DOMAIN, `mail.${DOMAIN}`];
    const wish = { profile: undefined, replaces: undefined };
    await expect(acme.newOrder({ names, ...wish }, never)).rejects.toMatchObject({
      code: "acme-refused",
      message: expect.stringContaining("redundant with a wildcard") as string,
    });
    expect(await deploy(fresh({ dnsNames: names }))).toMatchObject({
      changed: ["CertificateKey", "Certificate"],
    });
  });

  test("in normal form hold none that the CA's rule calls redundant, whatever was given", () => {
    const label = constantFrom("a", "b", "mail", "*");
    const name = tuple(label, array(constantFrom("a", "b", "mail"), { maxLength: 2 })).map(([first, rest]) =>
      [first, ...rest, "example", "test"].join("."),
    );
    assert(
      property(array(name, { minLength: 1, maxLength: 12 }), (names) => {
        expect(redundantNames(normaliseNames(names))).toEqual([]);
      }),
    );
  });

  test("of more than 25 with the profile tlsserver are refused before an order", async () => {
    const dnsNames = Array.from({ length: 26 }, (_, index) => `n${index}.${DOMAIN}`);
    const acme = await service();
    const order = acme.newOrder({ names: dnsNames, profile: "tlsserver", replaces: undefined }, never);
    await expect(order).rejects.toMatchObject({
      message: expect.stringContaining("more than 25") as string,
    });
    const run = fresh({ dnsNames, profile: "tlsserver" });
    const before = ordersFor(run).length;
    expect((await deploy(run)).error).toMatchObject({ code: "preflight-failed" });
    expect(ordersFor(run)).toHaveLength(before);
  });
});

describe("a predecessor", () => {
  test("that a pending order of a dead run names is let go, and that order is brought to its end", async () => {
    const run = fresh();
    await deploy(run);
    const former = await outputsOf(run);
    const acme = await service(String(former["accountKeyPem"]));
    const replaces = String(former["certId"]);
    const names = normaliseNames(run.dnsNames);
    const dead = await acme.newOrder({ names, profile: run.profile, replaces }, never);

    await makeDue(run.stateFolder);
    expect((await deploy(run)).error).toBeUndefined();
    const after = await outputsOf(run);
    expect(after["serial"]).not.toBe(former["serial"]);
    expect(after["orderUrl"]).toBe(dead.url);
    expect(ordersFor(run)).toEqual([
      { replaces: undefined, status: 201 },
      { replaces, status: 201 },
      { replaces, status: 409 },
      { replaces: undefined, status: 201 },
    ]);
  });

  test("is free again after an order that failed, whose authorizations are deactivated", async () => {
    const run = fresh();
    await deploy(run);
    const { certId, serial } = await outputsOf(run);
    await makeDue(run.stateFolder);
    when("challenge", () => spoilChallenges(run));
    await deploy(run);
    const failed = await outputsOf(run);
    expect(failed).toMatchObject({ serial, lastError: { code: "acme-challenge-failed" } });
    expect(world.challengeRecords(DOMAIN)).toEqual([]);

    expect((await deploy(run)).error).toBeUndefined();
    const after = await outputsOf(run);
    expect(after["serial"]).not.toBe(serial);
    expect(after["lastError"]).toBeUndefined();
    expect(ordersFor(run).slice(1)).toEqual([
      { replaces: certId, status: 201 },
      { replaces: certId, status: 201 },
    ]);
  });
});

describe("a limit", () => {
  test("of five certificates for one set of names is told with its time, after one request", async () => {
    const set = fresh();
    for (let issued = 0; issued < 5; issued += 1) {
      expect((await deploy(fresh({ dnsNames: set.dnsNames }))).error).toBeUndefined();
    }
    const { error } = await deploy(fresh({ dnsNames: set.dnsNames }));
    expect(error?.code).toBe("acme-rate-limited");
    expect(error?.text).toMatch(/next possible at \d{4}-\d\d-\d\dT/u);
    expect(ordersFor(set).map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 429]);
  });

  test("of five that the state knows of itself stops a renewal before any request, and the certificate stays", async () => {
    const run = fresh();
    for (let issued = 0; issued < 5; issued += 1) {
      expect((await deploy(run)).error).toBeUndefined();
      await makeDue(run.stateFolder);
    }
    const before = await outputsOf(run);
    expect(before["issuedAt"]).toHaveLength(5);
    expect((await deploy(run)).error).toBeUndefined();
    expect(await outputsOf(run)).toMatchObject({
      serial: before["serial"],
      lastError: { code: "preflight-failed" },
    });
    expect(ordersFor(run)).toHaveLength(5);
  });

  test("of a paused name is told with the address of its way out, after one request", async () => {
    const run = fresh();
    paused.add(run.dnsNames[0] ?? "");
    const { error } = await deploy(run);
    expect(error?.code).toBe("acme-rate-limited");
    expect(error?.text).toContain("https://ca.test/sfe/v1/unpause?jwt=token");
    expect(ordersFor(run)).toHaveLength(1);
  });
});

describe("CAA", () => {
  const caa = (run: Deployment, value: string, tag = "issue"): void =>
    world.addRecord(DOMAIN, {
      type: "CAA",
      name: run.dnsNames[0] ?? "",
      content: `0 ${tag} "${value}"`,
      data: { flags: 0, tag, value },
    });

  test.each([
    { what: "names another CA", value: "ca.example", tag: "issue" },
    { what: "allows no wildcard", value: ";", tag: "issuewild" },
    { what: "names another account", value: `${ISSUER}; accounturi=https://ca.example/1`, tag: "issue" },
  ])("that $what is found before any order", async ({ value, tag }) => {
    const run = fresh();
    caa(run, value, tag);
    expect((await deploy(run)).error?.code).toBe("preflight-failed");
    expect(ordersFor(run)).toEqual([]);
  });

  test("that appears while the order is under way is the CA's refusal, with what to do", async () => {
    const run = fresh();
    when("challenge", () => caa(run, "ca.example"));
    const { error } = await deploy(run);
    expect(error?.code).toBe("acme-refused");
    expect(error?.text).toContain("CAA record for");
    expect(error?.text).toContain("issuewild");
    expect(world.challengeRecords(DOMAIN)).toEqual([]);
  });

  test("that names the account of the order allows it", async () => {
    const run = fresh();
    await deploy(run);
    const { accountUrl, serial } = await outputsOf(run);
    caa(run, `${ISSUER}; accounturi=${String(accountUrl)}`);
    await makeDue(run.stateFolder);
    expect((await deploy(run)).error).toBeUndefined();
    expect((await outputsOf(run))["serial"]).not.toBe(serial);
  });
});

/** Lets the zone hold other values than those that were published. */
function spoilChallenges({ dnsNames }: Deployment): void {
  world.api.store.updateZone(world.zone(DOMAIN).id, ({ records }) => ({
    records: records.map((record) =>
      record.name === `_acme-challenge.${dnsNames[0] ?? ""}` ? { ...record, content: '"wrong"' } : record,
    ),
  }));
}
