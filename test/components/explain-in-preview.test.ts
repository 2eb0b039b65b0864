import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test, vi } from "vitest";
import { CLIENTS } from "../../src/clients/clients.ts";
import { deployInventory, readInventory, type Inventory } from "../../src/components/program.ts";
import { explainInPreview } from "../../src/components/explain-in-preview.ts";
import type { PlannedProgram } from "../../src/doctor/planned/planned-program.ts";
import { runApi, TOKEN } from "../infra/sandbox/cloudflare-api/run-api.ts";

const DOMAIN_FILE = `domain: example.com
mailServer: { host: mail.example.com, addresses: [203.0.113.25] }
`;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function mock(isPreview: boolean): Promise<void> {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => ({
        id: `id-of-${name}`,
        state: { ...inputs, accountKeyPem: "key", privateKeyPem: "key", fullChainPem: "chain" },
      }),
      call: () => ({}),
    },
    "mail",
    "prod",
    isPreview,
  );
}

/** What the program reads of a zone with a wildcard, in a preview or an update. */
async function inventory(isPreview: boolean): Promise<Inventory> {
  await using api = await runApi({
    preload: [
      {
        zone: "example.com",
        records: [{ type: "A", name: "*", content: "192.0.2.80", ttl: 1, proxied: false }],
      },
    ],
  });
  const folder = await mkdtemp(join(tmpdir(), "explain-in-preview-"));
  try {
    await writeFile(join(folder, "example.com.yaml"), DOMAIN_FILE);
    vi.stubEnv("CLOUDFLARE_API_TOKEN", TOKEN);
    vi.stubEnv("CLOUDFLARE_BASE_URL", api.api.url);
    await mock(isPreview);
    return await readInventory({ domainsFolder: folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function notices({ domains }: Inventory): readonly string[] {
  return (domains[0]?.notices ?? []).map(({ level, message }) => `${level}: ${message}`);
}

test("a preview says one line of each client, before and after, and an update says none", async () => {
  const previewed = notices(await inventory(true));
  for (const { title } of CLIENTS) {
    expect(previewed.filter((notice) => notice.startsWith(`info: ${title}: `))).toHaveLength(1);
  }
  expect(previewed).toContainEqual(
    expect.stringMatching(
      /^info: Delta Chat: imap mail\.example\.com:993 TLS, .+; today not known: what 192\.0\.2\.80/,
    ),
  );
  expect(previewed.filter((notice) => notice.includes("gets worse"))).toEqual([]);
  expect(notices(await inventory(false)).filter((notice) => notice.includes("today"))).toEqual([]);
});

test("the engine is told of them with the domain", async () => {
  const previewed = await inventory(true);
  const said = vi.spyOn(console, "log").mockReturnValue();
  vi.spyOn(console, "warn").mockReturnValue();
  deployInventory(previewed);
  await pulumi.runtime.disconnect();
  expect(said.mock.calls.flat()).toContainEqual(
    expect.stringContaining("Delta Chat: imap mail.example.com:993"),
  );
});

test("a failure of the explanation fails no preview", async () => {
  await mock(true);
  const broken = { domains: undefined } as unknown as PlannedProgram;
  expect(await explainInPreview(broken)).toEqual([]);
});
