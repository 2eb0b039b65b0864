import { z } from "zod";
import { canonicalName } from "./comparison/canonical-name.ts";

export const ZONE_PLANS = ["free", "pro", "business", "enterprise"] as const;

/** `plan.legacy_id` of a zone. */
export type ZonePlan = (typeof ZONE_PLANS)[number];

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

const RECORD = z
  .strictObject({
    type: z.string(),
    name: z.string(),
    content: z.string().optional(),
    ttl: z.number().optional(),
    proxied: z.boolean().optional(),
    priority: z.number().optional(),
    data: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    comment: z.string().optional(),
    tags: z.array(z.string()).optional(),
  })
  .refine(({ content, data }) => content !== undefined || data !== undefined, "has neither content nor data");

const PRELOAD = z
  .array(
    z.strictObject({
      zone: z.string(),
      records: z.array(RECORD),
      plan: z.enum(ZONE_PLANS).optional(),
      recordQuota: z.int().min(1).optional(),
      account: z.literal("other").optional(),
      scripts: z.array(z.string()).optional(),
      routes: z.array(z.strictObject({ pattern: z.string(), script: z.string().optional() })).optional(),
      customDomains: z.array(z.strictObject({ hostname: z.string(), service: z.string() })).optional(),
    }),
  )
  .superRefine((zones, context) => {
    for (const [index, { zone }] of zones.entries()) {
      const isTwice = zones
        .slice(0, index)
        .some((other) => canonicalName(other.zone) === canonicalName(zone));
      if (isTwice)
        context.addIssue({ code: "custom", path: [index, "zone"], message: `${zone} stands there twice` });
    }
  });

export type PreloadResult =
  | { readonly ok: true; readonly zones: readonly PreloadZone[] }
  | { readonly ok: false; readonly reason: string };

/** What to do about a file that is none. */
export const PRELOAD_REMEDY =
  'Write [{ "zone": "example.test", "records": [{ "type", "name", "content", "ttl", "proxied" }] }]; a zone may have "plan", "recordQuota", "account", "scripts", "routes", "customDomains" too.';

/** Reads zones as a JSON file describes them, or names every problem at once. */
export function parsePreload(text: string): PreloadResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : "it is not JSON" };
  }
  const parsed = PRELOAD.safeParse(value);
  if (parsed.success) return { ok: true, zones: parsed.data };
  const issues = parsed.error.issues.map(({ path, message }) =>
    [path.map(String).join("."), message].filter(Boolean).join(": "),
  );
  return { ok: false, reason: issues.join("; ") };
}
