import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensurePebble } from "../../../infra/sandbox/acme/ensure-pebble.ts";
import {
  startPebble,
  type PebbleOptions,
  type RunningPebble,
} from "../../../infra/sandbox/acme/start-pebble.ts";
import type { StoredRecord } from "../../../infra/sandbox/cloudflare-api/stored-state.ts";
import {
  startCloudflareApi,
  type CloudflareApi,
} from "../../../infra/sandbox/cloudflare-api/start-cloudflare-api.ts";
import { startDns, type Dns } from "../../../infra/sandbox/dns/start-dns.ts";
import { ACME_HOST, startAcmeGate, type AcmeGate } from "./acme-gate.ts";
import { startFaultGate, type FaultGate } from "./fault-gate.ts";
import { member, parseJson } from "./acme-request.ts";
import type { GateRequest, GateRule } from "./gate-exchange.ts";

export const API_TOKEN = "certificate-world-token-000000000000000000";
const ACCOUNT_ID = "5a17d0bb5a17d0bb5a17d0bb5a17d0bb";

export interface CertificateWorldOptions {
  /** Zones that the token can edit. */
  readonly zones: readonly string[];
  readonly pebble?: Partial<PebbleOptions>;
  /** Made anew with each CA, after the DNS has its address. */
  readonly rules?: (dns: Dns) => readonly GateRule[];
}

/** What an order needs of the world, each service behind a gate. */
export interface CertificateWorld {
  readonly folder: string;
  readonly acme: AcmeGate;
  readonly api: CloudflareApi;
  /** Kinds: `createRecord`, `deleteRecord`, `listRecords`, `other`. */
  readonly apiGate: FaultGate;
  readonly dns: Dns;
  readonly pebble: RunningPebble;
  /** Stack config that leads the providers here. */
  readonly config: Readonly<Record<string, string>>;
  zone(name: string): { readonly id: string; readonly name: string };
  /** The challenge records that stand in the zone. */
  challengeRecords(zone: string): readonly StoredRecord[];
  /** Writes a record as somebody else would. */
  addRecord(
    zone: string,
    record: Partial<StoredRecord> & Pick<StoredRecord, "type" | "name" | "content">,
  ): void;
  /** Moves the times in the comments of the records at a name into the past. */
  ageChallengeRecords(zone: string, name: string, milliseconds: number): void;
  close(): Promise<void>;
}

/** Starts Pebble (each order proves its names anew), the API, the DNS, and the gates. */
export async function startCertificateWorld(options: CertificateWorldOptions): Promise<CertificateWorld> {
  const folder = await mkdtemp(join(tmpdir(), "certificate-world-"));
  const cacheDir = join(import.meta.dirname, "../../../.cache");
  const { path: pebblePath } = await ensurePebble({ cacheDir, log: (line) => console.log(line) });
  const api = await startCloudflareApi({
    stateFile: join(folder, "cloudflare.json"),
    host: "127.0.0.1",
    port: 0,
    apiToken: API_TOKEN,
    accountId: ACCOUNT_ID,
    zones: options.zones,
    workersSubdomain: null,
  });
  const apiGate = await startFaultGate({
    upstream: new URL(api.url).origin,
    read: (raw) => readApiRequest(raw, api),
  });
  const dns = await startDns({
    store: api.store,
    host: "127.0.0.1",
    port: 0,
    authoritativePort: 0,
    edgeAddress: "127.0.0.1",
    mailAddress: "127.0.0.1",
    mailHosts: () => new Set(),
    extraHosts: () => new Map(),
  });
  const stateDir = join(folder, "acme");
  const pebble = await startPebble({
    pebblePath,
    stateDir,
    dnsServer: `${dns.recursive.host}:${dns.recursive.port}`,
    names: [ACME_HOST],
    authorizationReusePercent: 0,
    // Asked for a second of patience, each order of many would take one or two.
    retryAfter: { authz: 0, order: 0 },
    ...options.pebble,
  });
  const acme = await startAcmeGate(pebble, stateDir, options.rules?.(dns));
  const caFile = join(folder, "ca-bundle.pem");
  await writeFile(caFile, `${acme.ca.trim()}\n${await pebble.rootPem()}`);

  const zone = (name: string): { readonly id: string; readonly name: string } => {
    const found = api.store.zones().find((each) => each.name === name);
    if (found === undefined) throw new Error(`no zone ${name}`);
    return { id: found.id, name };
  };
  const challengeRecords = (name: string): readonly StoredRecord[] =>
    api.store
      .records(zone(name).id)
      .filter((record) => record.type === "TXT" && record.name.startsWith("_acme-challenge."));
  return {
    folder,
    acme,
    api,
    apiGate,
    dns,
    pebble,
    config: {
      "cloudflare:apiToken": API_TOKEN,
      "cloudflare:baseUrl": `${apiGate.origin}${new URL(api.url).pathname}`,
      "mail-autodiscover:network": JSON.stringify({
        resolver: `${dns.recursive.host}:${dns.recursive.port}`,
        authoritative: `${dns.authoritative.host}:${dns.authoritative.port}`,
        caFile,
        connectTo: acme.connectTo,
        allowPrivate: true,
      }),
    },
    zone,
    challengeRecords,
    addRecord: (name, record) => addRecord(api, zone(name).id, record),
    ageChallengeRecords: (name, owner, milliseconds) => {
      api.store.updateZone(zone(name).id, ({ records }) => ({
        records: records.map((record) =>
          record.name === owner ? { ...record, comment: aged(record.comment, milliseconds) } : record,
        ),
      }));
    },
    close: async () => {
      await acme.close();
      await apiGate.close();
      await pebble.close();
      await dns.close();
      await api.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The payload of what makes or deletes a record is the record's name. */
function readApiRequest(
  { method, path, body }: Pick<GateRequest, "method" | "path" | "body">,
  api: CloudflareApi,
): Pick<GateRequest, "kind" | "payload"> {
  const [, zoneId, recordId] = /\/zones\/([^/]+)\/dns_records(?:\/([^/?]+))?/u.exec(path) ?? [];
  if (zoneId === undefined) return { kind: "other", payload: undefined };
  switch (method) {
    case "POST":
      return { kind: "createRecord", payload: member(parseJson(body), "name") };
    case "DELETE":
      return {
        kind: "deleteRecord",
        payload: api.store.records(zoneId).find(({ id }) => id === recordId)?.name,
      };
    case "GET":
      return { kind: "listRecords", payload: undefined };
    default:
      return { kind: "other", payload: undefined };
  }
}

let made = 0;

function addRecord(api: CloudflareApi, zoneId: string, record: object): void {
  made += 1;
  const now = new Date().toISOString();
  const base = { ttl: 60, proxied: false, settings: {}, comment: null, createdOn: now, modifiedOn: now };
  const added = { id: made.toString(16).padStart(32, "0"), ...base, ...record } as StoredRecord;
  api.store.updateZone(zoneId, ({ records }) => ({ records: [...records, added] }));
}

/** The time in a comment of the form `mail-autodiscover challenge <8 hex> <ISO time>`. */
function aged(comment: string | null, milliseconds: number): string | null {
  return (
    comment?.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/u, (time) =>
      new Date(Date.parse(time) - milliseconds).toISOString(),
    ) ?? null
  );
}
