/** What the edge has to know of the account: a view over whatever stores it, read anew at each request. */

export interface EdgeZone {
  readonly id: string;
  /** Apex, A-labels, lower case. */
  readonly name: string;
  /** The zone setting `always_use_https`. */
  readonly alwaysUseHttps: boolean;
  /** True for a zone of another account. Default false. */
  readonly isForeign?: boolean;
}

export interface EdgeRecord {
  readonly type: string;
  /** FQDN, lower case, no trailing dot; may start with `*.`. */
  readonly name: string;
  readonly content: string;
  readonly proxied: boolean;
}

export interface EdgeRoute {
  readonly pattern: string;
  /** Absent switches Workers off for what the pattern matches. */
  readonly script?: string | undefined;
}

export interface EdgeCustomDomain {
  readonly hostname: string;
  /** The script's name. */
  readonly service: string;
}

export interface EdgeModule {
  readonly name: string;
  /** As uploaded, for example `application/javascript+module`. */
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** A binding as the API stores it: `type` says which further keys there are. */
export interface EdgeBinding {
  readonly name: string;
  readonly type: string;
  readonly [key: string]: unknown;
}

export interface EdgeScript {
  readonly mainModule: string;
  readonly modules: readonly EdgeModule[];
  readonly compatibilityDate: string;
  readonly bindings: readonly EdgeBinding[];
  /** Changes with every change of code or bindings: it decides when the runtime is started anew. */
  readonly etag: string;
  readonly workersDevEnabled: boolean;
}

export interface EdgeWorld {
  zones(): readonly EdgeZone[];
  records(zoneId: string): readonly EdgeRecord[];
  routes(zoneId: string): readonly EdgeRoute[];
  customDomains(): readonly EdgeCustomDomain[];
  scripts(): ReadonlyMap<string, EdgeScript>;
  kv(namespaceId: string): ReadonlyMap<string, string>;
  /** The account's `workers.dev` subdomain; null where none was chosen. */
  readonly workersSubdomain: string | null;
  /** Calls `listener` after each change; the returned function ends it. */
  subscribe(listener: () => void): () => void;
}
