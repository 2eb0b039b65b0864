import type { ZonePlan } from "../../../src/dns/preload-zone.ts";

/** What the emulated account remembers between two runs: the content of `cloudflare.json`. The API token is not in it. */

export interface StoredState {
  readonly version: 1;
  readonly accountId: string;
  /** Sorted by name. */
  readonly zones: readonly StoredZone[];
  /** Sorted by name. */
  readonly scripts: readonly StoredScript[];
  /** In the order of their creation, as are records, routes and custom domains. */
  readonly kvNamespaces: readonly StoredNamespace[];
  readonly customDomains: readonly StoredCustomDomain[];
}

export interface StoredZone {
  /** 32 hexadecimal digits, like every id of the API. */
  readonly id: string;
  /** Apex: A-labels, lower case, no trailing dot. */
  readonly name: string;
  /** Absent: free, as in every state of before there were plans. */
  readonly plan?: ZonePlan;
  /** Absent: the plan's. */
  readonly recordQuota?: number;
  /** A zone of somebody else's account: it answers in the world, and no token of ours sees it. Absent: ours. */
  readonly account?: "other";
  readonly createdOn: string;
  readonly modifiedOn: string;
  /** Only what differs from the defaults of a new zone. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly records: readonly StoredRecord[];
  readonly routes: readonly StoredRoute[];
}

export type RecordData = Readonly<Record<string, string | number>>;

export interface StoredRecord {
  readonly id: string;
  /** Upper case. */
  readonly type: string;
  /** FQDN: A-labels, lower case, no trailing dot; may start with `*.`. */
  readonly name: string;
  /** The text form; TXT exactly as it was sent, with or without quotes. */
  readonly content: string;
  /** Seconds; 1 means automatic (300). */
  readonly ttl: number;
  readonly proxied: boolean;
  readonly priority?: number;
  /** The components of the types that have them (SRV, CAA, TLSA, ...). */
  readonly data?: RecordData;
  readonly settings: Readonly<Record<string, boolean>>;
  readonly comment: string | null;
  /** `name:value`; absent where there are none. */
  readonly tags?: readonly string[];
  readonly commentModifiedOn?: string;
  /** The script whose custom domain made this record; such a record cannot be edited. */
  readonly workerService?: string;
  readonly createdOn: string;
  readonly modifiedOn: string;
}

export interface StoredRoute {
  readonly id: string;
  readonly pattern: string;
  /** Absent: Workers are switched off for the pattern. */
  readonly script?: string;
}

export interface StoredModule {
  readonly name: string;
  /** As uploaded, for example `application/javascript+module`. */
  readonly contentType: string;
  readonly base64: string;
}

export interface StoredBinding {
  readonly name: string;
  readonly type: string;
  readonly [key: string]: unknown;
}

export interface StoredScript {
  readonly name: string;
  readonly mainModule: string;
  /** False for the older service worker syntax (`body_part`). */
  readonly hasModules: boolean;
  /** The main module first, as the download gives them. */
  readonly modules: readonly StoredModule[];
  readonly bindings: readonly StoredBinding[];
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  /** As sent; absent where it was not sent. */
  readonly observability?: unknown;
  readonly logpush: boolean;
  readonly usageModel: string;
  /** A digest of code and metadata. */
  readonly etag: string;
  readonly workersDev: { readonly enabled: boolean; readonly previewsEnabled: boolean };
  readonly createdOn: string;
  readonly modifiedOn: string;
}

export interface StoredKvEntry {
  readonly key: string;
  readonly encoding: "utf8" | "base64";
  readonly value: string;
  readonly metadata?: unknown;
}

export interface StoredNamespace {
  readonly id: string;
  readonly title: string;
  /** Sorted by key, as the API lists them. */
  readonly entries: readonly StoredKvEntry[];
}

export interface StoredCustomDomain {
  readonly id: string;
  readonly hostname: string;
  readonly service: string;
  readonly zoneId: string;
  readonly zoneName: string;
  readonly certId: string;
  /** The record that came with it and goes with it. */
  readonly recordId: string;
}

export function emptyState(accountId: string): StoredState {
  return { version: 1, accountId, zones: [], scripts: [], kvNamespaces: [], customDomains: [] };
}
