import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readSandboxInventory } from "../../../infra/sandbox/inventory.ts";
import { StateFile } from "../../../infra/sandbox/runner/state-file.ts";
import { sandboxConfig, startSandbox, writeEndpoints, type Sandbox } from "../../../infra/sandbox/sandbox.ts";
import { createCertificateKey } from "../../../src/certificates/certificate-key.ts";
import { API_TOKEN, startCertificateWorld } from "../../certificates/harness/certificate-world.ts";
import { deployCertificates } from "../../certificates/harness/deploy-certificates.ts";
import { forkProgram, type ProgramProcess } from "../../certificates/harness/fork-program.ts";
import { makeDue } from "../../certificates/harness/make-due.ts";
import { temporaryFolder } from "./run-sandbox.ts";

const DOMAINS = join(import.meta.dirname, "../../../infra/sandbox/domains");

describe("a deployment by the program", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let sandbox: Sandbox;
  const said: string[] = [];
  const ends: string[] = [];

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
    const inventory = await readSandboxInventory(DOMAINS, undefined);
    sandbox = await startSandbox(options, inventory, (line) => said.push(line));
    const good = up();
    ends.push((await good.end).kind);
    await makeDue(folder.path);
    await sandbox.pebble.close();
    const renewing = up();
    ends.push((await renewing.end).kind);
    const refused = up({ apiToken: `${sandbox.apiToken.slice(1)}x` });
    ends.push((await refused.end).kind);
    said.push(good.output(), renewing.output(), refused.output());
  });

  afterAll(async () => {
    await sandbox?.close();
    await folder?.[Symbol.asyncDispose]();
  });

  function up(changes: { readonly apiToken?: string } = {}): ProgramProcess {
    return forkProgram({
      config: sandboxConfig(sandbox, DOMAINS),
      stateFolder: folder.path,
      apiToken: sandbox.apiToken,
      baseUrl: sandbox.api.url,
      ...changes,
    });
  }

  test("leaves no key, no token and no password in its state, its words or the list of endpoints", async () => {
    expect(ends).toEqual(["done", "done", "failed"]);
    const state = await StateFile.open(folder.path);
    const keys = keysOf(state);
    expect(keys.length).toBeGreaterThanOrEqual(2);
    const endpoints = JSON.parse(
      await readFile(await writeEndpoints(sandbox, folder.path), "utf8"),
    ) as Record<string, unknown>;
    const texts = {
      state: await readFile(join(folder.path, "local-state.json"), "utf8"),
      "Cloudflare's store": await readFile(join(folder.path, "cloudflare.json"), "utf8"),
      // It is made to tell the sandbox's passwords, and nothing else that is secret.
      endpoints: JSON.stringify({ ...endpoints, users: [] }),
      "what was said": said.join("\n"),
      "what the CA heard": sandbox.pebble.output(),
    };
    const passwords = sandbox.users.map(({ password }) => password);
    for (const [where, text] of Object.entries(texts)) {
      expect({ where, found: found(text, [...keys, sandbox.apiToken, ...passwords]) }).toEqual({
        where,
        found: [],
      });
    }
    expect(texts.state).toContain("BEGIN CERTIFICATE");
  });

  test("that is given a certificate it refuses, and a binding of the account, repeats neither", async () => {
    const domains = join(folder.path, "provided");
    await mkdir(domains);
    await writeFile(
      join(domains, "example.yaml"),
      "domain: example.test\nmailServer: { host: mail.example.test }\ncertificate: { provided: bought }\n",
    );
    // A key and somebody else's chain.
    const key = await createCertificateKey("P-256");
    const stateFolder = join(folder.path, "provided-state");
    const hmacKey = Buffer.from("an HMAC key of thirty-two octets").toString("base64url");
    const run = forkProgram({
      config: { ...sandboxConfig(sandbox, domains) },
      secretConfig: {
        "mail-autodiscover:bought": `${key}\n${await readFile(sandbox.caBundle, "utf8")}`,
        "mail-autodiscover:acmeEab": JSON.stringify({ kid: "kid-1", hmacKey }),
      },
      stateFolder,
      apiToken: sandbox.apiToken,
      baseUrl: sandbox.api.url,
    });
    const end = await run.end;
    expect(end).toMatchObject({ kind: "failed" });
    expect(JSON.stringify(end)).toContain("certificate");
    const state = await readFile(join(stateFolder, "local-state.json"), "utf8").catch(() => "");
    expect(found(`${run.output()}${state}`, [key, hmacKey, sandbox.apiToken])).toEqual([]);
  });
});

describe("an order", () => {
  test("that fails, and an account with an external binding, tell no secret in state, errors or lines", async () => {
    const hmacKey = Buffer.from("an HMAC key of thirty-two octets").toString("base64url");
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const world = await startCertificateWorld({
      zones: ["example.test", "blocked.test"],
      pebble: { externalAccountKeys: { "kid-1": hmacKey }, blockedDomains: ["blocked.test"] },
    });
    try {
      const stateFolder = join(world.folder, "state");
      const run = {
        stateFolder,
        config: world.config,
        directoryUrl: world.acme.directoryUrl,
        accountInputs: { eab: { kid: "kid-1", hmacKey } },
        plans: ["example.test", "blocked.test"].map((name) => ({
          key: name,
          dnsNames: [name],
          zones: [world.zone(name)],
        })),
      };
      const outcomes = await deployCertificates(run);
      expect(outcomes.map(({ error }) => error?.code)).toEqual([undefined, "acme-refused"]);
      const wrong = { kid: "kid-1", hmacKey: Buffer.alloc(32, 9).toString("base64url") };
      const unbound = await deployCertificates({
        ...run,
        stateFolder: join(world.folder, "unbound"),
        accountInputs: { eab: wrong },
      }).catch((error: unknown) => String(error));

      const keys = keysOf(await StateFile.open(stateFolder));
      expect(keys).toHaveLength(3);
      const texts = {
        state: await readFile(join(stateFolder, "local-state.json"), "utf8"),
        outcomes: JSON.stringify([outcomes, unbound]),
        lines: log.mock.calls.flat().join("\n"),
        "Cloudflare's store": await readFile(join(world.folder, "cloudflare.json"), "utf8"),
      };
      for (const [where, text] of Object.entries(texts)) {
        const secrets = [...keys, API_TOKEN, hmacKey, wrong.hmacKey];
        expect({ where, found: found(text, secrets) }).toEqual({ where, found: [] });
      }
    } finally {
      log.mockRestore();
      await world.close();
    }
  });
});

/** Every private key that a state holds, decrypted. */
function keysOf(state: StateFile): readonly string[] {
  const pems = state
    .all()
    .flatMap(({ outputs }) => [outputs["accountKeyPem"], outputs["privateKeyPem"]])
    .filter((pem): pem is string => typeof pem === "string");
  return [...new Set(pems)];
}

/** Returns what of the secrets, or of their lines, stands in a text: a key may be indented, or escaped in JSON. */
function found(text: string, secrets: readonly string[]): readonly string[] {
  const parts = secrets
    .flatMap((secret) => (secret.includes("PRIVATE KEY") ? secret.split("\n").slice(1, -2) : [secret]))
    .filter((part) => part.length >= 12);
  return ["PRIVATE KEY", ...parts].filter((part) => text.includes(part));
}
