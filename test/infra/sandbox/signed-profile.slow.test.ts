import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSandboxInventory } from "../../../infra/sandbox/inventory.ts";
import { deployLocally } from "../../../infra/sandbox/program/deploy-locally.ts";
import type { DeploymentOptions } from "../../../infra/sandbox/program/deployment.ts";
import { sandboxConfig, startSandbox, type Sandbox } from "../../../infra/sandbox/sandbox.ts";
import { requestHttps } from "../../../src/adapters/web/https-probe.ts";
import { renderMobileconfig } from "../../../src/documents/mobileconfig.ts";
import { requireDomainFiles } from "../../../src/spec/parse-domain-files.ts";
import { serverSettings } from "../../documents/server-settings.ts";
import { temporaryFolder } from "./run-sandbox.ts";

const hasOpenssl = ((): boolean => {
  try {
    execFileSync("openssl", ["version"]);
    return true;
  } catch {
    return false;
  }
})();
if (!hasOpenssl) console.log("skipped: there is no openssl on the PATH to verify a profile with");

const FILE = "domain: example.test\nmailServer: { host: mail.example.test, addresses: [203.0.113.25] }\n";

describe.skipIf(!hasOpenssl)("the configuration profile of a deployed domain", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let sandbox: Sandbox;
  let options: DeploymentOptions;
  const lines: string[] = [];
  const write = (text: string): Promise<void> => writeFile(join(folder.path, "domains/example.yaml"), text);

  beforeAll(async () => {
    folder = await temporaryFolder();
    const domains = join(folder.path, "domains");
    const state = join(folder.path, "state");
    await mkdir(domains);
    await write(FILE);
    sandbox = await startSandbox(
      { domains, preload: undefined, once: true, engine: "local", state, address: "127.0.0.1", ports: {} },
      await readSandboxInventory(domains, undefined),
      () => undefined,
    );
    options = {
      config: sandboxConfig(sandbox, domains),
      apiToken: sandbox.apiToken,
      baseUrl: sandbox.api.url,
      stateFolder: state,
      log: (line) => lines.push(line),
      signal: new AbortController().signal,
    };
    await deployLocally(options);
  });
  afterAll(async () => {
    await sandbox.close();
    await folder[Symbol.asyncDispose]();
  });

  async function served(): Promise<{ readonly type: string | undefined; readonly bytes: Uint8Array }> {
    const seen = await requestHttps({
      url: "https://autoconfig.example.test/example.test.mobileconfig",
      method: "GET",
      timeoutMs: 10_000,
      maxBytes: 100_000,
      resolveTo: { host: sandbox.edge.https.host, port: sandbox.edge.https.port },
      ca: await readFile(sandbox.caBundle, "utf8"),
    });
    if (seen.outcome !== "answered") throw new Error(seen.detail);
    expect(seen.status).toBe(200);
    return { type: seen.headers["content-type"], bytes: seen.body };
  }

  async function verified(bytes: Uint8Array): Promise<string> {
    const message = join(folder.path, "profile.der");
    await writeFile(message, bytes);
    const args = ["cms", "-verify", "-purpose", "any", "-binary", "-inform", "DER", "-in", message];
    return execFileSync("openssl", [...args, "-CAfile", sandbox.caBundle], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  const wanted = (text: string): string | undefined => {
    const [domain] = requireDomainFiles([{ file: "example.yaml", text }]);
    return domain === undefined ? undefined : renderMobileconfig(serverSettings(domain));
  };

  test("is served as Apple's type, signed by the issued certificate, and holds the very profile", async () => {
    const { type, bytes } = await served();
    expect(type).toBe("application/x-apple-aspen-config");
    expect(await verified(bytes)).toBe(wanted(FILE));
  });

  test("is not signed anew by a run that changes nothing", async () => {
    const { bytes } = await served();
    const { changes } = await deployLocally(options);
    expect(changes).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
    expect((await served()).bytes).toEqual(bytes);
  });

  test("comes with what the stack exports: the latest time of a run lies after the renewal, before the end", async () => {
    const { domains } = await deployLocally(options);
    const { nextRenewal = "", renewBefore = "", notAfter = "" } = domains["example.test"] ?? {};
    const times = [nextRenewal, renewBefore, notAfter].map((time) => Date.parse(time));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.every((time) => time > Date.now())).toBe(true);
  });

  test("is signed anew where the profile changes", async () => {
    const text = `${FILE}displayName: Other Name\n`;
    await write(text);
    lines.length = 0;
    await deployLocally(options);
    expect(lines).toContain("~ example.test/profile (SignedProfile)");
    const stored = sandbox.api.store.state.kvNamespaces[0]?.entries.find(({ key }) =>
      key.endsWith("/profile"),
    );
    expect(await verified(Buffer.from(stored?.value ?? "", "base64"))).toBe(wanted(text));
  });
});
