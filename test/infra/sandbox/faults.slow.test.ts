import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  startCloudflareApi,
  type CloudflareApi,
} from "../../../infra/sandbox/cloudflare-api/start-cloudflare-api.ts";
import type { DeploymentOptions } from "../../../infra/sandbox/program/deployment.ts";
import { deployLocally } from "../../../infra/sandbox/program/deploy-locally.ts";
import { deployWithPulumi, pulumiVersion } from "../../../infra/sandbox/program/deploy-with-pulumi.ts";
import { MailAutodiscoverError } from "../../../src/errors.ts";
import { readStore, temporaryFolder } from "./run-sandbox.ts";

const TOKEN = "t".repeat(40);
const EXAMPLE = "domain: example.test\nmailServer: { host: mail.example.test }\n";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let api: CloudflareApi;
let count = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, "domains"));
  await writeFile(join(folder.path, "domains/example.yaml"), EXAMPLE);
  api = await startCloudflareApi({
    stateFile: join(folder.path, "cloudflare.json"),
    host: "127.0.0.1",
    port: 0,
    apiToken: TOKEN,
    accountId: "5a17d0bb5a17d0bb5a17d0bb5a17d0bb",
    zones: ["example.test"],
    workersSubdomain: null,
  });
});

afterAll(async () => {
  await api.close();
  await folder[Symbol.asyncDispose]();
});

function options(changes: Partial<DeploymentOptions> = {}): DeploymentOptions {
  count += 1;
  return {
    config: {
      "mail-autodiscover:domains": join(folder.path, "domains"),
      "mail-autodiscover:acmeDirectory": "https://127.0.0.1:1/dir",
    },
    apiToken: TOKEN,
    baseUrl: api.url,
    stateFolder: join(folder.path, `state-${count}`),
    log: () => undefined,
    signal: new AbortController().signal,
    ...changes,
  };
}

async function failureOf(run: Promise<unknown>): Promise<MailAutodiscoverError> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MailAutodiscoverError);
  return error as MailAutodiscoverError;
}

const pulumi = await pulumiVersion();

describe("a deployment that cannot be", () => {
  test("without a token names what to set and every scope", async () => {
    const error = await failureOf(deployLocally(options({ apiToken: "" })));
    expect(error.code).toBe("cloudflare-token-missing");
    expect(error.remedy).toContain("CLOUDFLARE_API_TOKEN");
    expect(error.remedy).toContain("DNS / Edit");
    expect(error.remedy).toContain("Workers Routes / Edit");
  });

  test("with a refused token names the scopes and never the token", async () => {
    const error = await failureOf(deployLocally(options({ apiToken: "w".repeat(40) })));
    expect(error.code).toBe("cloudflare-token-refused");
    expect(error.remedy).toContain("Zone / Zone / Read");
    expect(`${error.message}${error.remedy}`).not.toContain("wwww");
  });

  test("with a token that may not read zones names the scopes", async () => {
    const narrow = await startCloudflareApi({
      stateFile: join(folder.path, "narrow.json"),
      host: "127.0.0.1",
      port: 0,
      apiToken: TOKEN,
      tokenScopes: { zoneRead: false },
      accountId: "5a17d0bb5a17d0bb5a17d0bb5a17d0bb",
      zones: ["example.test"],
      workersSubdomain: null,
    });
    const error = await failureOf(deployLocally(options({ baseUrl: narrow.url })));
    await narrow.close();
    expect(error.code).toBe("cloudflare-token-refused");
    expect(error.message).toContain("com.cloudflare.api.account.zone.list");
    expect(error.remedy).toContain("Zone / Zone / Read");
  });

  test("for a domain in no zone names the zones that the token can see", async () => {
    const other = join(folder.path, "other");
    await mkdir(other, { recursive: true });
    await writeFile(join(other, "x.yaml"), EXAMPLE.replaceAll("example.test", "elsewhere.test"));
    const { config } = options();
    const error = await failureOf(
      deployLocally(options({ config: { ...config, "mail-autodiscover:domains": other } })),
    );
    expect(error.code).toBe("zone-not-found");
    expect(error.message).toContain("elsewhere.test");
    expect(error.message).toContain("example.test");
  });

  test.each([
    { status: 429, code: "cloudflare-rate-limited" },
    { status: 503, code: "cloudflare-unavailable" },
  ])("while the API answers $status says so, and changes nothing", async ({ status, code }) => {
    const before = await readStore(folder.path);
    api.failNext({ status, retryAfterSeconds: 0, times: 3, match: { path: /^\/zones/ } });
    const error = await failureOf(deployLocally(options()));
    expect(error.code).toBe(code);
    expect(await readStore(folder.path)).toBe(before);
  });

  test("while the CA is down keeps what was made, and says which CA", async () => {
    const error = await failureOf(deployLocally(options()));
    expect(error.code).toBe("acme-unreachable");
    expect(error.message).toContain("127.0.0.1:1");
  });

  test("to addresses that are not loopback is refused by the local runner", async () => {
    const error = await failureOf(
      deployLocally(options({ baseUrl: "https://api.cloudflare.com/client/v4" })),
    );
    expect(error.code).toBe("invalid-config");
    expect(error.message).toContain("not on loopback");
  });

  test.skipIf(pulumi === undefined)("shows no stack trace on a real engine", async () => {
    const error = await failureOf(deployWithPulumi(options({ apiToken: "w".repeat(40) })));
    expect(error.message).toContain("Zone / Zone / Read");
    expect(error.message).not.toMatch(/^\s+at /m);
    expect(error.message).not.toContain("wwww");
  });
});
