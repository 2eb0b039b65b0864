import * as z from "zod";
import type { MailServerFile } from "./domain-file.ts";

const port = z
  .int("a port is a whole number")
  .min(1, "a port is at least 1")
  .max(65535, "a port is at most 65535");

const endpoint = z
  .strictObject({
    host: z.string().optional().describe("Host name of this service. Default: mailServer.host."),
    port: port.optional().describe("Default: the registered port of the protocol and TLS mode."),
    tls: z
      .enum(["implicit", "starttls", "plain"])
      .optional()
      .describe(
        "implicit: TLS from the first byte (RFC 8314, default); starttls; plain only with allowPlaintext.",
      ),
  })
  .describe("One place where a server answers.");

const service = z.union([z.literal(false), endpoint, z.array(endpoint)]);

const sieve = z.strictObject({
  host: z.string().optional().describe("Host name of ManageSieve. Default: mailServer.host."),
  port: port.optional().describe("Default: 4190."),
});

const mailServer = z
  .strictObject({
    host: z.string().optional().describe("Name of the mail server. A hosted preset may give it."),
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
    sieve: z
      .union([z.boolean(), sieve])
      .optional()
      .describe("ManageSieve (RFC 5804), STARTTLS; true: mailServer.host at 4190. Default: false."),
    spamTraining: z
      .boolean()
      .optional()
      .describe(
        "Whether the spam filter learns from mail moved to the junk folder over IMAP: people are told. " +
          "Default: the preset's, else nothing is said.",
      ),
    allowPlaintext: z
      .boolean()
      .optional()
      .describe("Opt-in to tls: plain: passwords cross the network readable. Default: false."),
  })
  .describe("Where mail is read and sent. Only a hosted preset makes it dispensable.");

/** The `mailServer` block of a domain file. */
export const mailServerSchema: z.ZodType<MailServerFile> = mailServer;

/** The keys of each of its blocks, by the block's own key. */
export const MAIL_SERVER_KEYS: Readonly<Record<string, readonly string[]>> = {
  mailServer: Object.keys(mailServer.shape),
  imap: Object.keys(endpoint.shape),
  pop3: Object.keys(endpoint.shape),
  submission: Object.keys(endpoint.shape),
  sieve: Object.keys(sieve.shape),
};
