import * as z from "zod";
import type { DomainFile } from "./domain-file.ts";
import { GUESS_LABELS } from "./guess-labels.ts";
import { CERTIFICATE_KEYS, certificateSchema } from "./schema-certificate.ts";
import { DELIVERY_KEYS, deliveryShape } from "./schema-delivery.ts";
import { GUIDANCE_KEYS, guidanceShape } from "./schema-guidance.ts";
import { MAIL_SERVER_KEYS, mailServerSchema } from "./schema-mail-server.ts";
import { shownText } from "./shown-text.ts";

const preset = z
  .object({ name: z.string().describe("The preset's name.") })
  .catchall(z.string())
  .describe("A preset's name and the values that it needs.");

const origin = z
  .strictObject({
    origin: z
      .string()
      .describe("Host outside Cloudflare that serves the documents (mail-autodiscover serve)."),
  })
  .describe("Publish at a host of your own.");

const worker = z
  .strictObject({
    srvTarget: z
      .string()
      .optional()
      .describe("Host of the _autodiscover._tcp SRV record. Default: the Worker's workers.dev host."),
  })
  .describe("Publish with the Cloudflare Worker (default).");

const wildcardPolicy = z.enum(["shadow", "forbid", "allow"]);

const wildcard = z.strictObject({
  policy: wildcardPolicy
    .optional()
    .describe("shadow: an explicit record at each discovery name (default); forbid: fail; allow: warn."),
  accept: z
    .array(z.string())
    .optional()
    .describe("Names that may lose the wildcard through records of this module. Default: none."),
});

const httpsUrl = (what: string): z.ZodOptional<z.ZodString> =>
  z.string().optional().describe(`https URL of ${what}. Default: there is none.`);

const domainFile = z
  .strictObject({
    domain: z.string().describe("The mail domain: what stands behind the @."),
    displayName: shownText(60).optional().describe("Name shown by mail clients. Default: the domain."),
    displayShortName: shownText(20).optional().describe("Short name. Default: the display name, cut."),
    preset: z
      .union([z.string(), preset])
      .optional()
      .describe("A mail provider or server program whose settings are known. Default: none."),
    mailServer: mailServerSchema.optional().describe("Where mail is read and sent."),
    username: z.enum(["address", "localPart"]).optional().describe("The user name's form. Default: address."),
    webmail: httpsUrl("the place where people read mail in a browser"),
    calDav: httpsUrl("the calendar server (RFC 6764), its path being the context path"),
    cardDav: httpsUrl("the address book server (RFC 6764), its path being the context path"),
    jmap: httpsUrl("the JMAP server (RFC 8620)"),
    ...deliveryShape,
    guessNames: z
      .array(z.enum(GUESS_LABELS))
      .optional()
      .describe(
        "Labels below the domain that lead to the mail server, for clients that guess. " +
          "Default: those of imap, smtp, mail and pop that its services and certificate answer.",
      ),
    ...guidanceShape,
    publish: z.union([worker, origin]).optional().describe("Where the documents are published."),
    certificate: certificateSchema.optional().describe("How the certificate is issued and where it goes."),
    adopt: z
      .array(z.string())
      .optional()
      .describe("Records of somebody else that become this module's unchanged, as NAME/TYPE."),
    replace: z
      .array(z.string())
      .optional()
      .describe("Records of somebody else that are overwritten or displaced, as NAME/TYPE."),
    wildcard: z
      .union([wildcardPolicy, wildcard])
      .optional()
      .describe("What to do about a wildcard record of the zone. Default: shadow."),
  })
  .describe("A mail domain.");

/** The domain file as an operator writes it. Host names, addresses and texts are checked by `parseMailDomain`. */
export const domainFileSchema: z.ZodType<DomainFile> = domainFile;

/** Returns the JSON Schema (draft 2020-12) of a domain file, for editors. */
export function domainFileJsonSchema(): unknown {
  return z.toJSONSchema(domainFileSchema, { io: "input" });
}

/** The keys that an object of the schema knows at a path; used to name the nearest one of an unknown key. */
export const KNOWN_KEYS: Readonly<Record<string, readonly string[]>> = {
  "": Object.keys(domainFile.shape),
  ...MAIL_SERVER_KEYS,
  ...DELIVERY_KEYS,
  ...GUIDANCE_KEYS,
  preset: Object.keys(preset.shape),
  publish: [...Object.keys(worker.shape), ...Object.keys(origin.shape)],
  ...CERTIFICATE_KEYS,
  wildcard: Object.keys(wildcard.shape),
};
