/** An account in memory, of one zone, beside one zone of another account, for the tests of the edge. */
import type {
  EdgeBinding,
  EdgeCustomDomain,
  EdgeRecord,
  EdgeRoute,
  EdgeScript,
  EdgeWorld,
} from "../../../../infra/sandbox/edge/edge-world.ts";

export interface MemoryWorld extends EdgeWorld {
  /** Stores an ES module and tells the subscribers. */
  setScript(
    name: string,
    source: string,
    extra?: { readonly bindings?: readonly EdgeBinding[]; readonly workersDevEnabled?: boolean },
  ): void;
  readonly values: Map<string, string>;
  alwaysUseHttps: boolean;
}

export function memoryWorld(
  given: {
    readonly records?: readonly EdgeRecord[];
    /** Those of `other.test`, a zone of another account. */
    readonly foreignRecords?: readonly EdgeRecord[];
    readonly routes?: readonly EdgeRoute[];
    readonly customDomains?: readonly EdgeCustomDomain[];
    readonly workersSubdomain?: string;
  } = {},
): MemoryWorld {
  const scripts = new Map<string, EdgeScript>();
  const values = new Map<string, string>();
  const listeners = new Set<() => void>();
  let version = 0;
  const world: MemoryWorld = {
    alwaysUseHttps: false,
    zones: () => [
      { id: "z1", name: "example.test", alwaysUseHttps: world.alwaysUseHttps },
      { id: "z2", name: "other.test", alwaysUseHttps: false, isForeign: true },
    ],
    records: (zoneId) => (zoneId === "z1" ? given.records : given.foreignRecords) ?? [],
    routes: (zoneId) => (zoneId === "z1" ? (given.routes ?? []) : []),
    customDomains: () => given.customDomains ?? [],
    scripts: () => scripts,
    kv: () => values,
    workersSubdomain: given.workersSubdomain ?? null,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    values,
    setScript: (name, source, extra = {}) => {
      version += 1;
      const body = new TextEncoder().encode(source);
      scripts.set(name, {
        mainModule: "worker.mjs",
        modules: [{ name: "worker.mjs", contentType: "application/javascript+module", body }],
        compatibilityDate: "2026-01-01",
        bindings: extra.bindings ?? [],
        etag: `v${String(version)}`,
        workersDevEnabled: extra.workersDevEnabled ?? false,
      });
      for (const listener of listeners) listener();
    },
  };
  return world;
}
