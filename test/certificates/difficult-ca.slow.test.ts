import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { decode, encode } from "dns-packet";
import { afterEach, beforeAll, afterAll, describe, expect, test } from "vitest";
import type { PebbleOptions } from "../../infra/sandbox/acme/start-pebble.ts";
import { startCertificateWorld, type CertificateWorld } from "./harness/certificate-world.ts";
import { deployCertificates, type CertificateOutcome } from "./harness/deploy-certificates.ts";
import { jsonAnswer, type FaultEffect } from "./harness/gate-exchange.ts";
import { problemAnswer } from "./harness/acme-request.ts";

const DOMAIN = "example.test";
const HMAC_KEY = Buffer.alloc(32, 7).toString("base64url");
const NAMES = [DOMAIN, `*.${DOMAIN}`];

let count = 0;

/** One run with a state of its own. */
async function deploy(
  world: CertificateWorld,
  accountInputs: Readonly<Record<string, unknown>> = {},
  stateFolder: string = join(world.folder, `state-${(count += 1)}`),
): Promise<CertificateOutcome & { readonly ms: number }> {
  const started = performance.now();
  const [outcome] = await deployCertificates({
    stateFolder,
    config: world.config,
    directoryUrl: world.acme.directoryUrl,
    accountInputs,
    plans: [{ key: DOMAIN, dnsNames: NAMES, zones: [world.zone(DOMAIN)] }],
  });
  if (outcome === undefined) throw new Error("nothing was deployed");
  return { ...outcome, ms: performance.now() - started };
}

async function withWorld(
  pebble: Partial<PebbleOptions>,
  work: (world: CertificateWorld) => Promise<void>,
): Promise<void> {
  const world = await startCertificateWorld({ zones: [DOMAIN], pebble });
  try {
    await work(world);
  } finally {
    await world.close();
  }
}

describe.concurrent("a certificate is issued twice by a CA", () => {
  test.each(
    [true, false].flatMap((strict) =>
      [5, 50].flatMap((nonces) => [0, 100].map((reuse) => ({ strict, nonces, reuse }))),
    ),
  )(
    "that is strict: $strict, refuses $nonces % of all nonces and remembers $reuse % of what was proven",
    async ({ strict, nonces, reuse }) => {
      const options = { strict, nonceRejectPercent: nonces, authorizationReusePercent: reuse };
      await withWorld(options, async (world) => {
        const stateFolder = join(world.folder, "state");
        expect(await deploy(world, {}, stateFolder)).toMatchObject({
          changed: ["CertificateKey", "Certificate"],
        });
        const published = world.apiGate.exchanges.filter(({ request }) => request.kind === "createRecord");
        expect(published).toHaveLength(2);
        const keyInputs = { keyType: "P-384" };
        const [again] = await deployCertificates({
          stateFolder,
          config: world.config,
          directoryUrl: world.acme.directoryUrl,
          plans: [{ key: DOMAIN, dnsNames: NAMES, zones: [world.zone(DOMAIN)], keyInputs }],
        });
        expect(again).toMatchObject({ changed: ["CertificateKey", "Certificate"] });
        const all = world.apiGate.exchanges.filter(({ request }) => request.kind === "createRecord");
        expect(all.length).toBeLessThanOrEqual(reuse === 100 ? 2 : 4);
        expect(world.challengeRecords(DOMAIN)).toEqual([]);
      });
    },
  );
});

describe("a fault between here and the CA", () => {
  let world: CertificateWorld;
  beforeAll(async () => {
    world = await startCertificateWorld({ zones: [DOMAIN], pebble: { nonceRejectPercent: 0 } });
  });
  afterAll(() => world?.close());
  afterEach(() => world.acme.heal());

  const KINDS = ["newNonce", "newOrder", "authz", "challenge", "finalize", "order", "cert", "renewalInfo"];
  const cutBefore: FaultEffect = { kind: "cut", moment: "before" };
  const unavailable: FaultEffect = {
    kind: "answer",
    moment: "before",
    answer: { status: 502, headers: { "content-type": "text/html" }, body: Buffer.from("<html>") },
  };

  test.each([
    ...["newNonce", "authz", "order", "cert", "renewalInfo"].flatMap((kind) => [
      { kind, what: "lost before it arrives", effect: cutBefore },
      { kind, what: "answered by 502 and a page", effect: unavailable },
    ]),
    ...KINDS.map((kind) => ({
      kind,
      what: "late",
      effect: { kind: "delay", milliseconds: 150 } satisfies FaultEffect,
    })),
  ])("does not stop an order: $kind $what", async ({ kind, effect }) => {
    const fault = world.acme.inject({ meets: kind, effect });
    expect((await deploy(world)).error).toBeUndefined();
    expect(fault.count).toBe(1);
    expect(world.challengeRecords(DOMAIN)).toEqual([]);
  });

  const spoilt: FaultEffect = { kind: "spoil", change: (body) => body.subarray(0, body.length - 9) };
  test.each([
    { kind: "newOrder", what: "cut after it arrived", effect: { kind: "cut", moment: "after" } },
    { kind: "newOrder", what: "answered by malformed JSON", effect: spoilt },
    { kind: "newOrder", what: "answered by half a body", effect: { kind: "truncate" } },
    { kind: "finalize", what: "cut after it arrived", effect: { kind: "cut", moment: "after" } },
    { kind: "finalize", what: "answered by malformed JSON", effect: spoilt },
    {
      kind: "cert",
      what: "answered by another text",
      effect: { kind: "spoil", change: () => Buffer.from("no") },
    },
  ] satisfies readonly { kind: string; what: string; effect: FaultEffect }[])(
    "is a typed error or no error, never another, and the next run goes on: $kind $what",
    async ({ kind, effect }) => {
      const stateFolder = join(world.folder, `state-${(count += 1)}`);
      const fault = world.acme.inject({ meets: kind, effect });
      const { error } = await deploy(world, {}, stateFolder);
      expect(fault.count).toBe(1);
      expect(error?.code ?? "acme-").toMatch(/^(acme-|certificate-mismatch)/u);
      expect(world.challengeRecords(DOMAIN)).toEqual([]);
      expect((await deploy(world, {}, stateFolder)).error).toBeUndefined();
    },
  );

  test("of 429 with 34 hours to wait is told at once, with the time, after one order", async () => {
    const limited = problemAnswer(429, "rateLimited", "too many certificates", { "retry-after": "122400" });
    const fault = world.acme.inject({
      meets: "newOrder",
      times: Infinity,
      effect: { kind: "answer", moment: "before", answer: limited },
    });
    const { error, ms } = await deploy(world);
    expect(error?.code).toBe("acme-rate-limited");
    const at = Date.parse(/\d{4}-\d\d-\d\dT[\d:.]+Z/u.exec(error?.text ?? "")?.[0] ?? "");
    expect(Math.abs(at - Date.now() - 122_400_000)).toBeLessThan(60_000);
    expect(fault.count).toBe(1);
    expect(ms).toBeLessThan(5000);
  });

  test("of 503 with a time to wait is a rate limit too", async () => {
    const busy = jsonAnswer(503, { type: "about:blank" }, { "retry-after": "60" });
    world.acme.inject({
      meets: "newOrder",
      times: Infinity,
      effect: { kind: "answer", moment: "before", answer: busy },
    });
    expect((await deploy(world)).error?.code).toBe("acme-rate-limited");
  });

  test("that lasts is said with the request that failed, and no order follows", async () => {
    const fault = world.acme.inject({ meets: "newOrder", times: Infinity, effect: cutBefore });
    const { error } = await deploy(world);
    expect(error).toMatchObject({ code: "acme-unreachable" });
    expect(error?.text).toContain("order-plz");
    expect(error?.text).not.toContain("TypeError");
    expect(fault.count).toBe(1);
  });
});

test("a CA that is not there is unreachable, not a TypeError", async () => {
  await withWorld({}, async (world) => {
    const stateFolder = join(world.folder, "state");
    expect((await deploy(world, {}, stateFolder)).error).toBeUndefined();
    await world.acme.close();
    const [outcome] = await deployCertificates({
      stateFolder,
      config: world.config,
      directoryUrl: world.acme.directoryUrl,
      plans: [{ key: "other", dnsNames: [`mail.${DOMAIN}`], zones: [world.zone(DOMAIN)] }],
    });
    expect(outcome?.error?.code).toBe("acme-unreachable");
    expect(outcome?.error?.text).toContain("ECONNREFUSED");
  });
});

test("a zone that answers SERVFAIL is a failed challenge with the CA's reason, and its records are removed", async () => {
  const broken = await startServfailDns();
  try {
    await withWorld({ dnsServer: broken.address }, async (world) => {
      const { error } = await deploy(world);
      expect(error?.code).toBe("acme-challenge-failed");
      expect(error?.text).toMatch(/example\.test: .*(SERVFAIL|TXT)/u);
      expect(world.challengeRecords(DOMAIN)).toEqual([]);
    });
  } finally {
    await broken.close();
  }
});

test("an external account binding is sent once: with it the account is made, and never again after", async () => {
  await withWorld({ externalAccountKeys: { "kid-1": HMAC_KEY } }, async (world) => {
    await expect(deploy(world)).rejects.toThrow(/external account binding/u);
    const stateFolder = join(world.folder, "bound");
    const eab = { kid: "kid-1", hmacKey: HMAC_KEY };
    expect((await deploy(world, { eab }, stateFolder)).error).toBeUndefined();
    // What the CA refused for its nonce alone was sent again: 201 says that it was read.
    const bound = (): number =>
      world.acme.exchanges.filter(
        ({ request, status }) => status === 201 && "externalAccountBinding" in Object(request.payload ?? {}),
      ).length;
    expect(bound()).toBe(1);
    const spent = { kid: "kid-2", hmacKey: Buffer.alloc(32, 8).toString("base64url") };
    expect(await deploy(world, { eab: spent }, stateFolder)).toMatchObject({ changed: [] });
    expect(await deploy(world, {}, stateFolder)).toMatchObject({ changed: [] });
    expect(bound()).toBe(1);
  });
});

/** A recursive resolver whose every answer is SERVFAIL, as for a zone with a wrong DS record at its registrar. */
async function startServfailDns(): Promise<{ readonly address: string; close(): Promise<void> }> {
  const refuse = (query: Buffer): Buffer => {
    const { id = 0, questions = [] } = decode(query);
    return encode({ type: "response", id, flags: 2, questions });
  };
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (message) => {
      const body = refuse(message.subarray(2));
      const length = Buffer.alloc(2);
      length.writeUInt16BE(body.length);
      socket.end(Buffer.concat([length, body]));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const udp = createSocket("udp4");
  udp.on("message", (message, from) => udp.send(refuse(message), from.port, from.address));
  udp.bind(port, "127.0.0.1");
  await once(udp, "listening");
  return {
    address: `127.0.0.1:${port}`,
    close: async () => {
      udp.close();
      server.close();
      await once(server, "close");
    },
  };
}
