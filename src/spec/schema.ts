import * as z from "zod";

const endpoint = z
  .strictObject({
    host: z.string().optional().describe("Host name of this service. Default: mailServer.host."),
    port: z
      .int("a port is a whole number")
      .min(1, "a port is at least 1")
      .max(65535, "a port is at most 65535")
      .optional()
      .describe("Default: the registered port of the protocol and TLS mode."),
    tls: z
      .enum(["implicit", "starttls", "plain"])
      .optional()
      .describe(
        "implicit: TLS from the first byte (RFC 8314, default); starttls; plain only with allowPlaintext.",
      ),
  })
  .describe("One place where a server answers.");

const service = z.union([z.literal(false), endpoint, z.array(endpoint)]);

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

const mailServer = z
  .strictObject({
    host: z.string().describe("Name of the mail server."),
    addresses: z
      .array(z.string())
      .optional()
      .describe(
        "IPv4 and IPv6 addresses to publish for the host. Default: none, its records are kept elsewhere.",
      ),
    imap: service
      .optional()
      .describe("IMAP endpoints, preferred first; false: not offered. Default: 993 implicit."),
    pop3: service.optional().describe("POP3 endpoints, preferred first. Default: false."),
    submission: service
      .optional()
      .describe("Message submission, preferred first. Default: 465 implicit, then 587 STARTTLS."),
    allowPlaintext: z
      .boolean()
      .optional()
      .describe("Opt-in to tls: plain: passwords cross the network readable. Default: false."),
  })
  .describe("Where mail is read and sent.");

const certificate = z.strictObject({
  additionalNames: z
    .array(z.string())
    .optional()
    .describe("Names beside the domain, its wildcard and the mail server."),
  keyType: z
    .enum(["P-256", "P-384", "RSA-2048", "RSA-3072", "RSA-4096"])
    .optional()
    .describe("Default: P-256."),
  profile: z.string().min(1).optional().describe("ACME profile. Default: the CA's own default."),
  deployTo: z
    .array(
      z.strictObject({ directory: z.string().min(1).describe("Folder for fullchain.pem and privkey.pem.") }),
    )
    .optional()
    .describe("Where the certificate goes. Default: the program's certificateDirectory, where it has one."),
});

/** The domain file as an operator writes it. Host names and addresses are checked by `parseMailDomain`. */
export const domainFileSchema: z.ZodType<DomainFile> = z
  .strictObject({
    domain: z.string().describe("The mail domain: what stands behind the @."),
    displayName: z
      .string()
      .min(1)
      .max(60)
      .optional()
      .describe("Name shown by mail clients. Default: the domain."),
    displayShortName: z
      .string()
      .min(1)
      .max(20)
      .optional()
      .describe("Short name. Default: the display name, cut."),
    mailServer,
    username: z.enum(["address", "localPart"]).optional().describe("The user name's form. Default: address."),
    publish: z.union([worker, origin]).optional().describe("Where the documents are published."),
    certificate: certificate.optional().describe("How the certificate is issued and where it goes."),
  })
  .describe("A mail domain.");

export interface EndpointFile {
  host?: string | undefined;
  port?: number | undefined;
  tls?: "implicit" | "starttls" | "plain" | undefined;
}

export type ServiceFile = false | EndpointFile | EndpointFile[];

/** The shape of a domain file after the schema, before names are checked and defaults set. */
export interface DomainFile {
  domain: string;
  displayName?: string | undefined;
  displayShortName?: string | undefined;
  mailServer: {
    host: string;
    addresses?: string[] | undefined;
    imap?: ServiceFile | undefined;
    pop3?: ServiceFile | undefined;
    submission?: ServiceFile | undefined;
    allowPlaintext?: boolean | undefined;
  };
  username?: "address" | "localPart" | undefined;
  publish?: { srvTarget?: string | undefined } | { origin: string } | undefined;
  certificate?:
    | {
        additionalNames?: string[] | undefined;
        keyType?: "P-256" | "P-384" | "RSA-2048" | "RSA-3072" | "RSA-4096" | undefined;
        profile?: string | undefined;
        deployTo?: { directory: string }[] | undefined;
      }
    | undefined;
}

/** Returns the JSON Schema (draft 2020-12) of a domain file, for editors. */
export function domainFileJsonSchema(): unknown {
  return z.toJSONSchema(domainFileSchema, { io: "input" });
}

/** The keys that an object of the schema knows at a path; used to name the nearest one of an unknown key. */
export const KNOWN_KEYS: Readonly<Record<string, readonly string[]>> = {
  "": ["domain", "displayName", "displayShortName", "mailServer", "username", "publish", "certificate"],
  mailServer: Object.keys(mailServer.shape),
  publish: [...Object.keys(worker.shape), ...Object.keys(origin.shape)],
  certificate: Object.keys(certificate.shape),
  deployTo: ["directory"],
  imap: Object.keys(endpoint.shape),
  pop3: Object.keys(endpoint.shape),
  submission: Object.keys(endpoint.shape),
};
