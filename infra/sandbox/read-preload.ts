import { readFile } from "node:fs/promises";
import { z } from "zod";
import { MailAutodiscoverError } from "../../src/errors.ts";
import type { PreloadZone } from "./cloudflare-api/preload-zone.ts";
import { ZONE_PLANS } from "./cloudflare-api/zone-plan.ts";

const RECORD = z.strictObject({
  type: z.string(),
  name: z.string(),
  content: z.string().optional(),
  ttl: z.number().optional(),
  proxied: z.boolean().optional(),
  priority: z.number().optional(),
  data: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  comment: z.string().optional(),
  tags: z.array(z.string()).optional(),
});

const PRELOAD = z.array(
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
);

/** Reads the file given to `--preload`. @throws MailAutodiscoverError `usage`, with every problem at once */
export async function readPreload(file: string): Promise<readonly PreloadZone[]> {
  const problem = (message: string, cause?: unknown): MailAutodiscoverError =>
    new MailAutodiscoverError("usage", `--preload ${file}: ${message}`, {
      remedy:
        'Write [{ "zone": "example.test", "records": [{ "type", "name", "content", "ttl", "proxied" }] }]; a zone may have "plan", "recordQuota", "account", "scripts", "routes", "customDomains" too.',
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw problem(cause instanceof Error ? cause.message : "cannot be read", cause);
  }
  const parsed = PRELOAD.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`);
  throw problem(issues.join("; "));
}
