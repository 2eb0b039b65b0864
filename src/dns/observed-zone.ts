/** A record as the zone holds it. */
export interface ObservedRecord {
  readonly id: string;
  /** Upper case; also of types that this module never writes. */
  readonly type: string;
  /** FQDN, A-labels, lower case, no final dot; may start with `*.`. */
  readonly name: string;
  /** The text form of the API: TXT with or without quotes, SRV without its priority. */
  readonly content: string;
  /** Seconds; 1 is Cloudflare's "automatic". */
  readonly ttl: number;
  readonly proxied: boolean;
  readonly priority?: number | undefined;
  /** The components of SRV, CAA, TLSA and their like, where the API gives them. */
  readonly data?: Readonly<Record<string, string | number>> | undefined;
  readonly comment?: string | undefined;
  /** RFC 3339 time in UTC at which the record was made, where the API gives it. */
  readonly createdOn?: string | undefined;
}

/** A Worker route of a zone; without a script Workers are switched off for the pattern. */
export interface ObservedRoute {
  readonly id: string;
  readonly pattern: string;
  readonly script: string | undefined;
}

/** A host that a Worker has as a whole. */
export interface ObservedCustomDomain {
  readonly hostname: string;
  readonly service: string;
}

/** Everything that is known of a zone before a change. */
export interface ObservedZone {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** Apex: A-labels, lower case, no final dot. */
  readonly name: string;
  /** `free`, `pro`, `business`, `enterprise`, or another word of Cloudflare's. */
  readonly plan: string;
  readonly records: readonly ObservedRecord[];
  /** Most records that the zone may hold; undefined where Cloudflare does not say. */
  readonly recordQuota: number | undefined;
  readonly routes: readonly ObservedRoute[];
  readonly customDomains: readonly ObservedCustomDomain[];
}
