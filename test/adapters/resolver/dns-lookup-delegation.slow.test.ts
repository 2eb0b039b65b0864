import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ensurePebble } from "../../../infra/sandbox/acme/ensure-pebble.ts";
import { startPebble, type RunningPebble } from "../../../infra/sandbox/acme/start-pebble.ts";
import { startDns, type Dns } from "../../../infra/sandbox/dns/start-dns.ts";
import { openAcmeService } from "../../../src/adapters/acme/acme-client.ts";
import { openAuthoritativeResolver } from "../../../src/adapters/resolver/authoritative-resolver.ts";
import { openCloudflareChallenges } from "../../../src/adapters/cloudflare/cloudflare-challenge.ts";
import { openDnsLookup } from "../../../src/adapters/resolver/dns-lookup.ts";
import { createCertificateKey } from "../../../src/certificates/certificate-key.ts";
import { systemClock } from "../../../src/certificates/clock.ts";
import type { IssuanceProgress } from "../../../src/certificates/order/issuance-progress.ts";
import {
  issueCertificate,
  type IssuedCertificate,
} from "../../../src/certificates/order/issue-certificate.ts";
import { runApi, type RunningApi } from "../../infra/sandbox/cloudflare-api/run-api.ts";

/** Pebble's own issuer domain name. */
const PEBBLE = "pebble.letsencrypt.org";
const caa = (value: string): object => ({ type: "CAA", name: "@", data: { flags: 0, tag: "issue", value } });
const alias = (name: string, content: string): object => ({ type: "CNAME", name, content });

let directory: string;
let api: RunningApi;
let dns: Dns;
let pebble: RunningPebble;
let privateKeyPem: string;
let accountKeyPem: string;
let progress: IssuanceProgress[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "delegation-"));
  const cacheDir = join(import.meta.dirname, "../../../.cache");
  const { path } = await ensurePebble({ cacheDir, log: (line) => console.log(line) });
  api = await runApi({
    preload: [
      // Each name that nobody made is an alias, the challenge's own, too.
      { zone: "example.test", records: [alias("*", "web.example.test"), caa(PEBBLE)] },
      {
        zone: "other.test",
        records: [
          alias("_acme-challenge.mail", "step.other.test"),
          alias("step", "shared.acme.example.test"),
          alias("_acme-challenge.web", "shared.acme.example.test"),
          alias("_acme-challenge.lost", "lost.elsewhere.test"),
        ],
      },
      { zone: "forbidden.test", records: [caa("other-ca.test")] },
    ] as never,
  });
  dns = await startDns({
    store: api.api.store,
    host: "127.0.0.1",
    port: 0,
    authoritativePort: 0,
    edgeAddress: "127.0.0.2",
    mailAddress: "127.0.0.3",
    mailHosts: () => new Set(),
    extraHosts: () => new Map(),
  });
  pebble = await startPebble({
    pebblePath: path,
    stateDir: join(directory, "pebble"),
    dnsServer: address(dns.recursive),
    env: { PEBBLE_AUTHZREUSE: "0" },
  });
  privateKeyPem = await createCertificateKey("P-256");
  accountKeyPem = await createCertificateKey("P-256");
});

beforeEach(() => {
  progress = [];
});

afterAll(async () => {
  await pebble?.close();
  await dns?.close();
  await api?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

describe("a certificate of names that are delegated into a zone of ours", () => {
  test("is issued, with the values of two names at one target, and leaves no record behind", async () => {
    const names = ["*.example.test", "example.test", "mail.other.test", "web.other.test"];
    const issued = await issue(names);
    expect(issued.names).toEqual(names);
    const published = progress.filter((each) => each.kind === "published");
    // The CA gives authorizations in any order.
    expect(published.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      { kind: "published", name: "_acme-challenge.example.test", count: 2 },
      { kind: "published", name: "shared.acme.example.test", count: 2 },
    ]);
    expect(challengesLeft()).toEqual([]);
  });

  test("is refused before any order where the target is in no zone of ours, or CAA forbids the CA", async () => {
    const before = pebble.requests().orders;
    await expect(issue(["lost.other.test", "forbidden.test"])).rejects.toMatchObject({
      code: "preflight-failed",
      message: expect.stringMatching(/lost\.elsewhere\.test.*forbidden\.test forbid the CA/su) as string,
    });
    expect(pebble.requests().orders).toBe(before);
    expect(challengesLeft()).toEqual([]);
  });
});

async function issue(names: readonly string[]): Promise<IssuedCertificate> {
  const zones = ["example.test", "forbidden.test"].map((name) => ({ name, id: api.zoneId(name) }));
  const authoritative = address(dns.authoritative);
  const ca = await readFile(pebble.tlsCaFile, "utf8");
  return await issueCertificate(
    { names, privateKeyPem },
    {
      acme: openAcmeService({ directoryUrl: pebble.directoryUrl, accountKeyPem, network: { ca } }),
      challenges: openCloudflareChallenges({ client: api.client, zones }),
      propagation: openAuthoritativeResolver({ authoritative }),
      lookup: openDnsLookup({ resolver: address(dns.recursive), authoritative }),
      clock: systemClock,
      report: (each) => progress.push(each),
    },
  );
}

function challengesLeft(): readonly string[] {
  const zones = api.api.store.zones().flatMap(({ id }) => api.api.store.records(id));
  return zones.filter(({ type }) => type === "TXT").map(({ name }) => name);
}

function address({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host}:${port}`;
}
