import * as z from "zod";
import type { DomainFile } from "./domain-file.ts";

/** RFC 8461 §3.2: at most 31,557,600 seconds, about a year; below a day a policy hardly outlives an attack. */
const MAX_AGE_SECONDS = { min: 86_400, max: 31_557_600 } as const;

const exchanger = z
  .strictObject({
    host: z.string().describe("Name of the mail exchanger."),
    priority: z
      .int("a priority is a whole number")
      .min(0, "a priority is at least 0")
      .max(65535, "a priority is at most 65535")
      .optional()
      .describe("The lowest is asked first. Default: 10, and 10 more for each further exchanger."),
  })
  .describe("A mail exchanger.");

const dkimKey = z
  .strictObject({
    selector: z.string().describe("The selector: what stands before ._domainkey."),
    publicKey: z
      .string()
      .min(1)
      .optional()
      .describe("The public key in base64, or the whole record text (v=DKIM1; ...)."),
    keyType: z.enum(["rsa", "ed25519"]).optional().describe("Type of a base64 key. Default: rsa."),
    cname: z.string().optional().describe("Name at the provider that holds the key, in place of publicKey."),
  })
  .describe("A DKIM key (RFC 6376).");

const mtaSts = z.strictObject({
  mode: z
    .enum(["testing", "enforce", "none"])
    .describe("testing: failures are only reported; enforce: mail is held back; none: the policy ends."),
  maxAgeSeconds: z
    .int("maxAgeSeconds is a whole number")
    .min(MAX_AGE_SECONDS.min, `maxAgeSeconds is at least ${MAX_AGE_SECONDS.min}, a day`)
    .max(MAX_AGE_SECONDS.max, `maxAgeSeconds is at most ${MAX_AGE_SECONDS.max}`)
    .optional()
    .describe("Seconds that senders keep the policy. Default: 604800, a week."),
});

const caa = z.strictObject({
  issuers: z
    .array(z.string())
    .optional()
    .describe("Issuers beside this module's CA and those of Cloudflare's edge, for example sectigo.com."),
  iodef: z.string().optional().describe("mailto: or https: URL for reports of refused requests."),
  bindAccount: z
    .boolean()
    .optional()
    .describe(
      "Binds the CA to this module's account and to dns-01 (RFC 8657). With the Worker only at the mail host: " +
        "at the domain Cloudflare's edge needs the same CA with its own account. Default: true.",
    ),
});

/** The keys of a domain file about delivery: what other mail servers and CAs read. */
export const deliveryShape: {
  readonly [key in "mx" | "spf" | "dkim" | "dmarc" | "mtaSts" | "tlsRpt" | "caa"]: z.ZodType<DomainFile[key]>;
} = {
  mx: z
    .union([z.literal(false), z.array(exchanger)])
    .optional()
    .describe("Mail exchangers; false: the domain takes no mail (RFC 7505). Default: no MX record is kept."),
  spf: z
    .string()
    .optional()
    .describe('SPF policy (RFC 7208), for example "v=spf1 mx -all". Default: no record is kept.'),
  dkim: z.array(dkimKey).optional().describe("DKIM keys, one each selector. Default: none is kept."),
  dmarc: z
    .string()
    .optional()
    .describe('DMARC policy (RFC 9989), for example "v=DMARC1; p=quarantine". Default: no record is kept.'),
  mtaSts: mtaSts.optional().describe("MTA-STS policy (RFC 8461); its hosts are those of mx. Default: none."),
  tlsRpt: z
    .array(z.string())
    .optional()
    .describe("mailto: and https: URLs that receive TLS reports (RFC 8460). Default: none."),
  caa: z
    .union([z.boolean(), caa])
    .optional()
    .describe("Who may issue certificates (RFC 8659); true: what this module needs. Default: no record."),
};

/** The keys of each of these blocks, by the block's own key. */
export const DELIVERY_KEYS: Readonly<Record<string, readonly string[]>> = {
  mx: Object.keys(exchanger.shape),
  dkim: Object.keys(dkimKey.shape),
  mtaSts: Object.keys(mtaSts.shape),
  caa: Object.keys(caa.shape),
};
