import { z } from "zod";
import { CLIENT_NAMES, type PromptKind } from "../../../src/clients/ladder/discovery.ts";
import type { DiscoveryJson } from "../../../src/doctor/render-discovery-json.ts";

const PROMPT_KINDS = [
  "certificate",
  "password",
  "redirect",
  "foreign-host",
  "untrusted-source",
  "document",
] as const satisfies readonly PromptKind[];

const Server = z.strictObject({
  protocol: z.enum(["imap", "pop3", "submission"]),
  host: z.string(),
  port: z.int().min(1).max(65_535),
  tls: z.enum(["implicit", "starttls", "plain"]),
});
/** What a client finds, the same in every report. */
export const DiscoverySchema: z.ZodType<DiscoveryJson> = z.strictObject({
  client: z.enum(CLIENT_NAMES),
  outcome: z.enum(["configured", "manual", "failed", "unknown"]),
  incoming: Server.nullable(),
  outgoing: Server.nullable(),
  username: z.string().nullable(),
  source: z.string().nullable(),
  steps: z.array(
    z.strictObject({
      what: z.string(),
      target: z.string(),
      answer: z.string(),
      ms: z.number().min(0),
    }),
  ),
  prompts: z.array(z.strictObject({ kind: z.enum(PROMPT_KINDS), target: z.string(), text: z.string() })),
  passwordSentTo: z.array(z.string()),
  assumptions: z.array(z.string()),
  ms: z.number().min(0),
});

/** The contract of `--json`, version 1: a change here is a change for everybody who reads it. */
export const ReportSchema: z.ZodType = z.strictObject({
  version: z.literal(1),
  domains: z.array(
    z.strictObject({
      domain: z.string(),
      findings: z.array(
        z.strictObject({
          code: z.string().regex(/^[a-z0-9-]+$/),
          status: z.enum(["pass", "warn", "fail", "unknown"]),
          subject: z.string().min(1),
          expected: z.string().optional(),
          observed: z.string().optional(),
          remedy: z.string().optional(),
          isAside: z.literal(true).optional(),
        }),
      ),
      clients: z.array(DiscoverySchema),
    }),
  ),
});
