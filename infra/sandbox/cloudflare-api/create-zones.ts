import { MailAutodiscoverError } from "../../../src/errors.ts";
import { ApiRefusal } from "./api-refusal.ts";
import { attachCustomDomain } from "./attach-custom-domain.ts";
import { createRecord } from "./change-records.ts";
import type { CloudflareStore } from "./cloudflare-store.ts";
import { foreignScript } from "./foreign-script.ts";
import { deriveId, newId, timestamp } from "./identifiers.ts";
import type { PreloadZone } from "./preload-zone.ts";
import { readWorkerRoute } from "./read-worker-route.ts";
import { normaliseHost } from "./record-name.ts";
import type { StoredState, StoredZone } from "./stored-state.ts";
import { zoneRules } from "./zone-rules.ts";

/**
 * Adds the zones that the account lacks. What is preloaded belongs to a zone's first creation: in a later run the zone is
 * what the former runs made of it.
 *
 * @throws MailAutodiscoverError `invalid-config` for a zone name, record, route or custom domain that the service would refuse.
 */
export function createZones(
  store: CloudflareStore,
  names: readonly string[],
  preload: readonly PreloadZone[],
): void {
  const wanted = new Set([...names, ...preload.map(({ zone }) => zone)].map(readZoneName));
  const known = new Set(store.state.zones.map(({ name }) => name));
  const missing = [...wanted].filter((name) => !known.has(name));
  if (missing.length === 0) return;
  const items = preload.filter(({ zone }) => missing.includes(readZoneName(zone)));
  const created = missing.map((name) =>
    emptyZone(
      store.accountId,
      name,
      items.filter(({ zone }) => readZoneName(zone) === name),
    ),
  );
  const zones = [...store.state.zones, ...created].toSorted(byName);
  // A route or custom domain needs its script, and a record the names of all zones: each after all of the others.
  const withScripts = items.reduce(addScripts, { ...store.state, zones });
  store.commit(
    [addRecords, addRoutes, addCustomDomains].reduce((state, add) => items.reduce(add, state), withScripts),
  );
}

function emptyZone(accountId: string, name: string, items: readonly PreloadZone[]): StoredZone {
  const plan = items.find((item) => item.plan !== undefined)?.plan ?? "free";
  const recordQuota = items.find((item) => item.recordQuota !== undefined)?.recordQuota;
  const isForeign = items.some(({ account }) => account === "other");
  const now = timestamp();
  return {
    id: deriveId("zone", accountId, name),
    name,
    // Only what differs from a zone's default is stored.
    ...(plan === "free" ? {} : { plan }),
    ...(recordQuota === undefined ? {} : { recordQuota }),
    ...(isForeign ? { account: "other" } : {}),
    createdOn: now,
    modifiedOn: now,
    settings: {},
    records: [],
    routes: [],
  };
}

function addScripts(state: StoredState, item: PreloadZone): StoredState {
  const { scripts = [], routes = [], customDomains = [] } = item;
  const named = [
    ...scripts,
    ...routes.flatMap(({ script }) => script ?? []),
    ...customDomains.map(({ service }) => service),
  ];
  const missing = [...new Set(named)].filter((name) => !state.scripts.some((script) => script.name === name));
  if (missing.length === 0) return state;
  const created = missing.map((name) => foreignScript(name, timestamp()));
  return { ...state, scripts: [...state.scripts, ...created].toSorted(byName) };
}

function addRecords(state: StoredState, item: PreloadZone): StoredState {
  return item.records.reduce(
    (before, record) =>
      attempt(item, `${record.name}/${record.type}`, () =>
        changeZone(before, item, (zone) => ({
          records: createRecord(zone.records, defined(record), zoneRules(before, zone)).records,
        })),
      ),
    state,
  );
}

function addRoutes(state: StoredState, item: PreloadZone): StoredState {
  return (item.routes ?? []).reduce(
    (before, route) =>
      attempt(item, `route ${route.pattern}`, () =>
        changeZone(before, item, (zone) => ({
          routes: [...zone.routes, { id: newId(), ...readWorkerRoute(before, zone, defined(route)) }],
        })),
      ),
    state,
  );
}

function addCustomDomains(state: StoredState, item: PreloadZone): StoredState {
  return (item.customDomains ?? []).reduce(
    (before, domain) =>
      attempt(
        item,
        `custom domain ${domain.hostname}`,
        () => attachCustomDomain(before, { ...domain }).state,
      ),
    state,
  );
}

function changeZone(
  state: StoredState,
  item: PreloadZone,
  change: (zone: StoredZone) => Partial<StoredZone>,
): StoredState {
  const name = readZoneName(item.zone);
  const zones = state.zones.map((zone) => (zone.name === name ? { ...zone, ...change(zone) } : zone));
  return { ...state, zones };
}

function attempt(item: PreloadZone, what: string, change: () => StoredState): StoredState {
  try {
    return change();
  } catch (cause) {
    if (!(cause instanceof ApiRefusal)) throw cause;
    const { message } = cause.entry.error_chain?.[0] ?? cause.entry;
    throw new MailAutodiscoverError(
      "invalid-config",
      `Cannot preload ${what} into zone ${readZoneName(item.zone)}: ${message}`,
      { remedy: "Correct it in the file given to --preload.", cause },
    );
  }
}

/** What is undefined was not sent. */
function defined(fields: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function readZoneName(name: string): string {
  const host = normaliseHost(name);
  if (host === undefined || host.startsWith("*.")) {
    throw new MailAutodiscoverError("invalid-config", `"${name}" is no zone name.`, {
      remedy: "Name zones by their apex, for example example.test.",
    });
  }
  return host;
}
