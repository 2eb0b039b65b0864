/** Bad input through the whole program: refused before the first change, in words that say what to do. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PreloadZone } from "../../../infra/sandbox/cloudflare-api/preload-zone.ts";
import { startCloudflareApi } from "../../../infra/sandbox/cloudflare-api/start-cloudflare-api.ts";
import type { TokenScopes } from "../../../infra/sandbox/cloudflare-api/token-scopes.ts";
import { deployLocally } from "../../../infra/sandbox/program/deploy-locally.ts";
import { MailAutodiscoverError, type ErrorCode } from "../../../src/errors.ts";
import { readStore, temporaryFolder } from "./run-sandbox.ts";

const TOKEN = "t".repeat(40);

interface Case {
  readonly what: string;
  /** Domain files. */
  readonly files: readonly string[];
  readonly zone?: Omit<PreloadZone, "zone" | "records"> & { readonly records?: PreloadZone["records"] };
  readonly tokenScopes?: TokenScopes;
  readonly code: ErrorCode;
  /** Parts of the message. */
  readonly message: readonly string[];
  /** Parts of the remedy, or of the message where each problem has its own. */
  readonly remedy: readonly string[];
}

const EXAMPLE = "domain: example.test\nmailServer: { host: mail.example.test, addresses: [203.0.113.25] }\n";
const WILDCARD = { type: "A", name: "*", content: "192.0.2.80" } as const;

/** Near the least quota that there is: 200 records, of the free plan. */
const FULL = Array.from({ length: 190 }, (_, index) => {
  return { type: "A", name: `host-${index}`, content: "192.0.2.80" } as const;
});

const CASES: readonly Case[] = [
  {
    what: "a zone that the token does not see",
    files: [EXAMPLE],
    tokenScopes: { zones: ["other.test"] },
    code: "zone-not-found",
    message: ["example.test", "can see these zones: other.test"],
    remedy: ["Add the zone to Cloudflare", "Zone / Zone / Read"],
  },
  {
    what: "a token that may not edit records",
    files: [EXAMPLE],
    tokenScopes: { dnsEdit: false },
    code: "cloudflare-token-refused",
    message: ["cannot change the DNS records of example.test"],
    remedy: ["Zone / DNS / Edit", "nothing was changed"],
  },
  {
    what: "two sets of addresses for a shared mail host",
    files: [
      EXAMPLE,
      "domain: other.test\nmailServer: { host: mail.example.test, addresses: [203.0.113.26] }\n",
    ],
    code: "plan-refused",
    message: ["mail.example.test has two sets of addresses", "203.0.113.25", "other.test gives 203.0.113.26"],
    remedy: ["Make the files of example.test and other.test say the same."],
  },
  {
    what: "a guessed name in one file that is the mail host of another",
    files: [
      "domain: example.test\nmailServer: { host: box.example.test, addresses: [203.0.113.25] }\nguessNames: [mail]\n",
      "domain: other.test\nmailServer: { host: mail.example.test, addresses: [203.0.113.26] }\n",
    ],
    code: "plan-refused",
    message: [
      "mail.example.test is wanted twice",
      "example.test wants CNAME box.example.test",
      "other.test wants A 203.0.113.26",
    ],
    remedy: ["Make the files of example.test and other.test say the same."],
  },
  {
    what: "a preset without the value that it needs",
    files: ["domain: example.test\npreset: microsoft365\n"],
    code: "invalid-spec",
    message: ["mxHost", "Microsoft 365", "example-com.mail.protection.outlook.com"],
    remedy: [],
  },
  {
    what: "a zone at the limit of its quota",
    files: [EXAMPLE],
    zone: { records: FULL },
    code: "plan-refused",
    message: ["example.test would hold 204 records", "its quota is 200 (plan free)"],
    remedy: ["Remove records that are no longer used, or upgrade the zone's plan."],
  },
  {
    what: "a record of somebody else in the way",
    files: [EXAMPLE],
    zone: { records: [{ type: "CNAME", name: "autodiscover", content: "autodiscover.outlook.com" }] },
    code: "plan-refused",
    message: [
      "autodiscover.example.test/CNAME is in the way",
      "CNAME autodiscover.outlook.com, left by Microsoft 365",
    ],
    remedy: ["into the file of example.test:", "replace:\n      - autodiscover.example.test/CNAME"],
  },
  {
    what: "a wildcard that the file forbids",
    files: [`${EXAMPLE}wildcard: forbid\n`],
    zone: { records: [WILDCARD] },
    code: "plan-refused",
    message: ["answered by *.example.test: A 192.0.2.80"],
    remedy: ["Give the name a record of its own, take the wildcard away, or set wildcard: allow."],
  },
  {
    what: "a loss that nobody accepted",
    files: ["domain: dept.example.test\nmailServer: { host: mail.example.net }\n"],
    zone: { records: [WILDCARD] },
    code: "plan-refused",
    message: ["dept.example.test", "A 192.0.2.80 of *.example.test"],
    remedy: ["name it in wildcard: { accept: [...] }"],
  },
  {
    what: "several of them, told at once",
    files: [
      `${EXAMPLE}wildcard: forbid\n`,
      "domain: other.test\nmailServer: { host: mail.example.test, addresses: [203.0.113.26] }\n",
    ],
    zone: {
      records: [...FULL, WILDCARD, { type: "CNAME", name: "autoconfig", content: "panel.example.net" }],
      routes: [{ pattern: "autodiscover.example.test/*", script: "shop" }],
    },
    code: "plan-refused",
    message: [
      "has two sets of addresses",
      "CNAME panel.example.net",
      "its quota is 200",
      "belongs to the Worker shop",
      "answered by *.example.test",
    ],
    remedy: ["Mend them and run again; nothing was changed."],
  },
];

test.each(CASES)("$what: refused as $code, with nothing changed", async (given) => {
  await using folder = await temporaryFolder();
  const domains = join(folder.path, "domains");
  await mkdir(domains);
  for (const [index, file] of given.files.entries()) {
    await writeFile(join(domains, `${index}.yaml`), file);
  }
  const api = await startCloudflareApi({
    stateFile: join(folder.path, "cloudflare.json"),
    host: "127.0.0.1",
    port: 0,
    apiToken: TOKEN,
    ...(given.tokenScopes === undefined ? {} : { tokenScopes: given.tokenScopes }),
    accountId: "5a17d0bb5a17d0bb5a17d0bb5a17d0bb",
    zones: ["other.test"],
    preload: [{ zone: "example.test", records: [], ...given.zone }],
    workersSubdomain: "sandbox",
  });
  const before = await readStore(folder.path);
  const error = await deployLocally({
    config: {
      "mail-autodiscover:domains": domains,
      "mail-autodiscover:acmeDirectory": "https://127.0.0.1:1/dir",
    },
    apiToken: TOKEN,
    baseUrl: api.url,
    stateFolder: join(folder.path, "state"),
    log: () => undefined,
    signal: new AbortController().signal,
  }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  await api.close();
  expect(error).toBeInstanceOf(MailAutodiscoverError);
  const { code, message, remedy } = error as MailAutodiscoverError;
  expect({ code, message }).toMatchObject({ code: given.code });
  for (const part of given.message) expect(message).toContain(part);
  for (const part of given.remedy) expect(`${message}\n${remedy}`).toContain(part);
  expect(`${message}${remedy}`).not.toContain(TOKEN);
  expect(await readStore(folder.path)).toBe(before);
});
