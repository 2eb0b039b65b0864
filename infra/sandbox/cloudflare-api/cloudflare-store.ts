import type { StoredCustomDomain, StoredNamespace, StoredRecord, StoredRoute } from "./stored-state.ts";
import type { StoredBinding, StoredScript, StoredState, StoredZone } from "./stored-state.ts";
import { timestamp } from "./identifiers.ts";
import { readState, renderState, writeState } from "./state-file.ts";

export interface ZoneSummary {
  readonly id: string;
  readonly name: string;
  readonly modifiedOn: string;
  /** The zone setting `always_use_https`. */
  readonly alwaysUseHttps: boolean;
  /** True for a zone of somebody else's account. */
  readonly isForeign: boolean;
}

export interface ScriptModule {
  readonly name: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

export interface ScriptView {
  readonly mainModule: string;
  readonly modules: readonly ScriptModule[];
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  readonly bindings: readonly StoredBinding[];
  /** Changes with every change of code or metadata. */
  readonly etag: string;
  readonly workersDevEnabled: boolean;
}

/**
 * The emulated account: one immutable state, replaced as a whole by `commit`, so that a batch applies entirely or not at all
 * and a reader never sees half a change. Every commit is on disk before it returns.
 */
export class CloudflareStore {
  readonly workersSubdomain: string | null;
  readonly #file: string;
  readonly #listeners: Set<() => void> = new Set();
  readonly #scriptViews: WeakMap<StoredScript, ScriptView> = new WeakMap();
  readonly #kvViews: WeakMap<StoredNamespace, ReadonlyMap<string, string>> = new WeakMap();
  #state: StoredState;
  #onDisk: string | undefined;
  #version = 0;

  constructor(file: string, accountId: string, workersSubdomain: string | null) {
    this.#file = file;
    this.workersSubdomain = workersSubdomain;
    this.#state = readState(file, accountId);
    this.#onDisk = undefined;
    this.commit(this.#state);
  }

  get accountId(): string {
    return this.#state.accountId;
  }

  get state(): StoredState {
    return this.#state;
  }

  /** Counts the commits of this process: what was computed from a state is stale when this has moved. */
  get version(): number {
    return this.#version;
  }

  commit(next: StoredState): void {
    const text = renderState(next);
    if (text !== this.#onDisk) writeState(this.#file, text);
    this.#onDisk = text;
    this.#state = next;
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }

  /** Replaces one zone and stamps its time of modification. */
  updateZone(zoneId: string, change: (zone: StoredZone) => Partial<StoredZone>): void {
    const zones = this.#state.zones.map((zone) =>
      zone.id === zoneId ? { ...zone, ...change(zone), modifiedOn: timestamp() } : zone,
    );
    this.commit({ ...this.#state, zones });
  }

  /** Calls `listener` after each change; the returned function ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Every zone of the world, those of other accounts too. */
  zones(): readonly ZoneSummary[] {
    return this.#state.zones.map(({ id, name, modifiedOn, settings, account }) => ({
      id,
      name,
      modifiedOn,
      alwaysUseHttps: settings["always_use_https"] === "on",
      isForeign: account !== undefined,
    }));
  }

  zone(zoneId: string): StoredZone | undefined {
    return this.#state.zones.find((zone) => zone.id === zoneId);
  }

  records(zoneId: string): readonly StoredRecord[] {
    return this.zone(zoneId)?.records ?? [];
  }

  routes(zoneId: string): readonly StoredRoute[] {
    return this.zone(zoneId)?.routes ?? [];
  }

  customDomains(): readonly StoredCustomDomain[] {
    return this.#state.customDomains;
  }

  script(name: string): StoredScript | undefined {
    return this.#state.scripts.find((script) => script.name === name);
  }

  scripts(): ReadonlyMap<string, ScriptView> {
    return new Map(this.#state.scripts.map((script) => [script.name, this.#viewScript(script)]));
  }

  namespace(namespaceId: string): StoredNamespace | undefined {
    return this.#state.kvNamespaces.find((namespace) => namespace.id === namespaceId);
  }

  /** Keys to values as text; empty for an unknown namespace. */
  kv(namespaceId: string): ReadonlyMap<string, string> {
    const namespace = this.namespace(namespaceId);
    if (namespace === undefined) return new Map();
    const known = this.#kvViews.get(namespace);
    if (known !== undefined) return known;
    const view = new Map(
      namespace.entries.map((entry) => [
        entry.key,
        Buffer.from(entry.value, entry.encoding).toString("utf8"),
      ]),
    );
    this.#kvViews.set(namespace, view);
    return view;
  }

  #viewScript(script: StoredScript): ScriptView {
    const known = this.#scriptViews.get(script);
    if (known !== undefined) return known;
    const view: ScriptView = {
      mainModule: script.mainModule,
      modules: script.modules.map(({ name, contentType, base64 }) => ({
        name,
        contentType,
        body: Buffer.from(base64, "base64"),
      })),
      compatibilityDate: script.compatibilityDate,
      compatibilityFlags: script.compatibilityFlags,
      bindings: script.bindings,
      etag: script.etag,
      workersDevEnabled: script.workersDev.enabled,
    };
    this.#scriptViews.set(script, view);
    return view;
  }
}
