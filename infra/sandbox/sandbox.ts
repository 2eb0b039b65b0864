import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deployToFolder } from "../../src/adapters/folders/certificate-folder.ts";
import { isWithin } from "../../src/spec/host-name.ts";
import { startCloudflareApi, type CloudflareApi } from "./cloudflare-api/start-cloudflare-api.ts";
import { ensurePebble } from "./acme/ensure-pebble.ts";
import { startPebble, type RunningPebble } from "./acme/start-pebble.ts";
import { openAuthority, type Authority } from "./authority/open-authority.ts";
import { startDns, type Dns } from "./dns/start-dns.ts";
import { startEdge, type Edge } from "./edge/start-edge.ts";
import { allMailHosts, edgeHosts, mailPlaces, type SandboxInventory } from "./inventory.ts";
import { planListeners } from "./listen-plan.ts";
import { startMailServer, type MailServer } from "./mail/start-mail-server.ts";
import type { SandboxOptions } from "./options.ts";
import { STACK, PROJECT } from "./program/deployment.ts";

/** The CA's name in the sandbox: it stays while its port changes, so an account is not made anew at each run. */
export const ACME_HOST = "acme.sandbox.test";

/** What Pebble calls itself in CAA records (`caaIdentities` of its directory). */
export const PEBBLE_CAA_ISSUER = "pebble.letsencrypt.org";

/** 32 hexadecimal digits, as Cloudflare's account ids are. */
const ACCOUNT_ID = "5a17d0bb5a17d0bb5a17d0bb5a17d0bb";
const WORKERS_SUBDOMAIN = "sandbox";

export interface MailUser {
  readonly address: string;
  readonly password: string;
}

/** The running world. */
export interface Sandbox {
  readonly api: CloudflareApi;
  readonly apiToken: string;
  readonly pebble: RunningPebble;
  readonly dns: Dns;
  readonly edge: Edge;
  readonly mail: MailServer;
  readonly users: readonly MailUser[];
  readonly workersDevHost: string;
  /** PEM file of every root that the world's servers chain to. */
  readonly caBundle: string;
  readonly certificateDirectory: string;
  readonly acmeDirectory: string;
  /** What a client would use, to where it listens. */
  readonly map: Readonly<Record<string, string>>;
  /** `host:port:ip:port` rules for program, providers and checks. */
  readonly connectTo: readonly string[];
  close(): Promise<void>;
}

/** Starts every part, or none: where one cannot start, those before it are ended. */
export async function startSandbox(
  options: SandboxOptions,
  inventory: SandboxInventory,
  log: (line: string) => void,
): Promise<Sandbox> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer().catch(() => undefined);
  };
  try {
    return { ...(await start(options, inventory, log, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  options: SandboxOptions,
  inventory: SandboxInventory,
  log: (line: string) => void,
  closers: (() => Promise<unknown>)[],
): Promise<Omit<Sandbox, "close">> {
  const { state } = options;
  const { domains, zones, preload } = inventory;
  await mkdir(state, { recursive: true, mode: 0o700 });
  const pebbleProgram = await ensurePebble({ cacheDir: join(import.meta.dirname, "../../.cache"), log });
  log(`Pebble ${pebbleProgram.version}`);
  const plan = await planListeners(options);

  const apiToken = randomBytes(30).toString("base64url");
  const api = await startCloudflareApi({
    stateFile: join(state, "cloudflare.json"),
    host: "127.0.0.1",
    port: 0,
    apiToken,
    accountId: ACCOUNT_ID,
    zones,
    preload,
    workersSubdomain: WORKERS_SUBDOMAIN,
  });
  closers.push(() => api.close());

  const users = domains.map(({ domain }) => ({
    address: `alice@${domain}`,
    password: randomBytes(12).toString("base64url"),
  }));
  const certificateDirectory = join(state, "certificates");
  await mkdir(certificateDirectory, { recursive: true, mode: 0o700 });
  const authority = await openAuthority(join(state, "edge-authority"));
  await certifyForeignMailHosts(inventory, authority, certificateDirectory);
  const mail = await startMailServer({
    host: plan.mailHost,
    ports: plan.mailPorts,
    certificateRoot: certificateDirectory,
    users: () => users,
  });
  closers.push(() => mail.close());

  const edge = await startEdge({
    world: api.store,
    authority,
    host: plan.http.host,
    httpPort: plan.http.port,
    httpsPort: plan.https.port,
    report: log,
  });
  closers.push(() => edge.close());

  const workersDevHost = `${PROJECT}-${STACK}.${WORKERS_SUBDOMAIN}.workers.dev`;
  const dns = await startDns({
    store: api.store,
    host: plan.dns.host,
    port: plan.dns.port,
    authoritativePort: 0,
    edgeAddress: edge.https.host,
    mailAddress: plan.mailHost,
    mailHosts: () => allMailHosts(domains),
    extraHosts: () => new Map([[workersDevHost, edge.https.host]]),
  });
  closers.push(() => dns.close());

  const pebble = await startPebble({
    pebblePath: pebbleProgram.path,
    stateDir: join(state, "acme"),
    dnsServer: `${dns.recursive.host}:${dns.recursive.port}`,
    names: [ACME_HOST],
  });
  closers.push(() => pebble.close());

  const caBundle = join(state, "ca-bundle.pem");
  const roots = [
    await readFile(pebble.rootsFile, "utf8"),
    authority.rootPem,
    await readFile(pebble.tlsCaFile, "utf8"),
  ];
  await writeFile(caBundle, roots.map((pem) => `${pem.trim()}\n`).join(""));

  const map = clientMap(inventory, edge, mail, workersDevHost);
  const acmePort = new URL(pebble.directoryUrl).port;
  return {
    api,
    apiToken,
    pebble,
    dns,
    edge,
    mail,
    users,
    workersDevHost,
    caBundle,
    certificateDirectory,
    acmeDirectory: `https://${ACME_HOST}${new URL(pebble.directoryUrl).pathname}`,
    map,
    connectTo: [
      ...Object.entries(map).map(([from, to]) => `${from}:${to}`),
      `${ACME_HOST}:443:${new URL(pebble.directoryUrl).hostname}:${acmePort}`,
    ],
  };
}

/** A mail host in none of the zones is somebody else's: it presents a certificate that is trusted, but not issued here. */
async function certifyForeignMailHosts(
  { domains, zones }: SandboxInventory,
  authority: Authority,
  folder: string,
): Promise<void> {
  for (const host of allMailHosts(domains)) {
    if (zones.some((zone) => isWithin(host, zone))) continue;
    const { certPem, keyPem } = await authority.issue([host]);
    await deployToFolder({ path: join(folder, host), fullChainPem: certPem, privateKeyPem: keyPem });
  }
}

function clientMap(
  inventory: SandboxInventory,
  edge: Edge,
  mail: MailServer,
  workersDevHost: string,
): Readonly<Record<string, string>> {
  const place = ({ host, port }: { readonly host: string; readonly port: number }): string =>
    `${host}:${port}`;
  const hosts = [...edgeHosts(inventory), workersDevHost];
  return Object.fromEntries([
    ...hosts.flatMap((host) => [
      [`${host}:80`, place(edge.http)],
      [`${host}:443`, place(edge.https)],
    ]),
    ...[...mailPlaces(inventory.domains)].map(([name, service]) => [name, place(mail.endpoints[service])]),
  ]);
}

/** Returns the stack config that tells program and providers where this world is. */
export function sandboxConfig(sandbox: Sandbox, domainsFolder: string): Readonly<Record<string, string>> {
  const { host, port } = sandbox.dns.authoritative;
  return {
    "mail-autodiscover:domains": domainsFolder,
    "mail-autodiscover:acmeDirectory": sandbox.acmeDirectory,
    "mail-autodiscover:caaIssuer": PEBBLE_CAA_ISSUER,
    "mail-autodiscover:certificateDirectory": sandbox.certificateDirectory,
    "mail-autodiscover:network": JSON.stringify({
      resolver: `${sandbox.dns.recursive.host}:${sandbox.dns.recursive.port}`,
      authoritative: `${host}:${port}`,
      caFile: sandbox.caBundle,
      connectTo: sandbox.connectTo,
      allowPrivate: true,
    }),
  };
}

/** Writes what a person's or a test's clients need; the passwords are the sandbox's own, made at each start. */
export async function writeEndpoints(sandbox: Sandbox, folder: string): Promise<string> {
  const place = ({ host, port }: { readonly host: string; readonly port: number }): string =>
    `${host}:${port}`;
  const file = join(folder, "endpoints.json");
  const endpoints = {
    dns: place(sandbox.dns.recursive),
    authoritativeDns: place(sandbox.dns.authoritative),
    http: place(sandbox.edge.http),
    https: place(sandbox.edge.https),
    caBundle: sandbox.caBundle,
    cloudflareApi: sandbox.api.url,
    acmeDirectory: sandbox.pebble.directoryUrl,
    mail: Object.fromEntries(Object.entries(sandbox.mail.endpoints).map(([name, at]) => [name, place(at)])),
    users: sandbox.users,
    map: sandbox.map,
  };
  await writeFile(file, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
  return file;
}
