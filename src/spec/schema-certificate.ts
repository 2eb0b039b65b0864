import * as z from "zod";
import type { CertificateFile } from "./domain-file.ts";

const deployTarget = z.strictObject({
  directory: z.string().min(1).describe("Folder for fullchain.pem and privkey.pem."),
  certificate: z
    .enum(["mail", "domain"])
    .optional()
    .describe("Which certificate of the layout separate goes there. Default: mail."),
});

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
  layout: z
    .enum(["single", "separate"])
    .optional()
    .describe(
      "separate: a certificate of its own for the mail server, which then never holds the wildcard's key. Default: single.",
    ),
  keyVersion: z
    .int("a key version is a whole number")
    .min(0, "a key version is at least 0")
    .optional()
    .describe("Another number makes another key. Default: 0."),
  preferredChain: z
    .string()
    .min(1)
    .optional()
    .describe("Common name of an issuer in the chain to prefer. Default: the CA's default chain."),
  delegatedNames: z
    .array(z.string())
    .optional()
    .describe("Names of other zones whose _acme-challenge is a CNAME into a zone of this token."),
  revokeOnDelete: z
    .boolean()
    .optional()
    .describe("Revoke the certificate with its resource. Default: false."),
  renewalFailure: z
    .enum(["warn", "error"])
    .optional()
    .describe("What a failed renewal is while a sixth of the life is left. Default: warn."),
  provided: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, "a config key has letters, digits, - and _ only")
    .optional()
    .describe("Config key below mail-autodiscover: with a bought certificate and its key, PEM, as a secret."),
  deployTo: z
    .array(deployTarget)
    .optional()
    .describe("Where the certificate goes. Default: the program's certificateDirectory, where it has one."),
});

/** How the certificate is issued and where it goes. */
export const certificateSchema: z.ZodType<CertificateFile> = certificate;

export const CERTIFICATE_KEYS: Readonly<Record<string, readonly string[]>> = {
  certificate: Object.keys(certificate.shape),
  deployTo: Object.keys(deployTarget.shape),
};
