import type { ZonePlan } from "./zone-plan.ts";

/** A record that somebody else made before; the fields are the API's own. */
export interface PreloadRecord {
  readonly type: string;
  /** FQDN, or relative to the zone; `@` is the apex. */
  readonly name: string;
  readonly content?: string | undefined;
  /** Seconds. Default 1, automatic. */
  readonly ttl?: number | undefined;
  readonly proxied?: boolean | undefined;
  readonly priority?: number | undefined;
  readonly data?: Readonly<Record<string, string | number>> | undefined;
  readonly comment?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** A zone as somebody else left it. */
export interface PreloadZone {
  readonly zone: string;
  readonly records: readonly PreloadRecord[];
  /** Default `free`. */
  readonly plan?: ZonePlan | undefined;
  /** Most records that the zone may hold. Default: the plan's. */
  readonly recordQuota?: number | undefined;
  /** `other`: a zone of somebody else's account, which the token does not see but the world resolves. */
  readonly account?: "other" | undefined;
  /** Scripts that are there beside those that routes and custom domains name. */
  readonly scripts?: readonly string[] | undefined;
  /** Without a script Workers are switched off for the pattern. */
  readonly routes?: readonly { readonly pattern: string; readonly script?: string | undefined }[] | undefined;
  readonly customDomains?: readonly { readonly hostname: string; readonly service: string }[] | undefined;
}
