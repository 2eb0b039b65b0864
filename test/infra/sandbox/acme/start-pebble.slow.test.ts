import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensurePebble } from "../../../../infra/sandbox/acme/ensure-pebble.ts";
import {
  startPebble,
  type PebbleOptions,
  type RunningPebble,
} from "../../../../infra/sandbox/acme/start-pebble.ts";
import { openAcmeService } from "../../../../src/adapters/acme/acme-client.ts";
import { createCertificateKey } from "../../../../src/certificates/certificate-key.ts";

const never = new AbortController().signal;
let stateDir: string;
let pebblePath: string;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), "start-pebble-"));
  const cacheDir = join(import.meta.dirname, "../../../../.cache");
  pebblePath = (await ensurePebble({ cacheDir, log: (line) => console.log(line) })).path;
});

afterAll(async () => {
  await rm(stateDir, { recursive: true, force: true });
});

async function start(options: Partial<PebbleOptions> = {}): Promise<RunningPebble> {
  return await startPebble({ pebblePath, stateDir, dnsServer: "127.0.0.1:9", ...options });
}

test("answers over TLS when it returns, under a CA that is not the one it issues from", async () => {
  const pebble = await start();
  try {
    const ca = await readFile(pebble.tlsCaFile, "utf8");
    const acme = openAcmeService({
      directoryUrl: pebble.directoryUrl,
      accountKeyPem: await createCertificateKey("P-256"),
      network: { ca },
    });
    expect(await acme.directory(never)).toMatchObject({
      profiles: ["classic"],
      externalAccountRequired: false,
    });
    expect(new X509Certificate(await pebble.rootPem()).fingerprint256).not.toBe(
      new X509Certificate(ca).fingerprint256,
    );
  } finally {
    await pebble.close();
  }
});

test("keeps the roots of former runs, its TLS CA, and all keys to itself", async () => {
  const first = await start();
  const ca = await readFile(first.tlsCaFile, "utf8");
  await first.close();
  const second = await start();
  await second.close();
  const roots = await readFile(second.rootsFile, "utf8");
  expect(roots).toContain((await first.rootPem()).trim());
  expect(roots).toContain((await second.rootPem()).trim());
  expect(await readFile(second.tlsCaFile, "utf8")).toBe(ca);
  for (const file of ["api-ca-key.pem", "api-key.pem", "pebble.json"]) {
    expect((await stat(join(stateDir, file))).mode & 0o777).toBe(0o600);
  }
});

test("says of a taken port that it is taken", async () => {
  const first = await start();
  const port = Number(new URL(first.directoryUrl).port);
  try {
    await expect(start({ port })).rejects.toMatchObject({ code: "port-taken" });
  } finally {
    await first.close();
  }
});

test("is gone after close", async () => {
  const pebble = await start();
  await pebble.close();
  await pebble.close();
  const again = await start({ port: Number(new URL(pebble.directoryUrl).port) });
  await again.close();
});
