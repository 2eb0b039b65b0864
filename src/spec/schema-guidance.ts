import * as z from "zod";
import type { DomainFile } from "./domain-file.ts";
import { LANGUAGES } from "./languages.ts";
import { shownText } from "./shown-text.ts";

/** Longest text about the help page: documents with several of them stay below 10 kB, which every client reads. */
const MAX_TEXT_LENGTH = 100;
const MAX_TEXTS = 12;
const MAX_CLIENT_ID_LENGTH = 200;

const help = z.strictObject({
  url: z.string().describe("https URL of your own page about setting up mail."),
  texts: z
    .record(z.string(), shownText(MAX_TEXT_LENGTH))
    .refine((texts) => Object.keys(texts).length <= MAX_TEXTS, `has more than ${MAX_TEXTS} texts`)
    .optional()
    .describe("What the page is about, by language tag (BCP 47): { en: Mail settings }. Default: none."),
});

const oauth2 = z.strictObject({
  issuer: z.string().describe("https URL of the authorization server, exactly as it names itself."),
  authUrl: z.string().describe("https URL of the authorization endpoint."),
  tokenUrl: z.string().describe("https URL of the token endpoint."),
  scopes: z.array(z.string()).min(1).describe("Scopes that mail clients ask for."),
  clientId: z
    .string()
    .min(1)
    .max(MAX_CLIENT_ID_LENGTH)
    .optional()
    .describe("Client id that any mail client may use. Default: none."),
});

type GuidanceKey = "help" | "languages" | "oauth2" | "aliases";

/** What a domain file says to people and to clients beside its servers. */
export const guidanceShape: { readonly [K in GuidanceKey]: z.ZodType<DomainFile[K]> } = {
  help: help.optional().describe("Your own help page, named in the documents. Default: none."),
  languages: z
    .array(z.enum(LANGUAGES))
    .min(1)
    .optional()
    .describe("Languages of the settings page, the default one first. Default: en."),
  oauth2: oauth2
    .optional()
    .describe("An OAuth2 server that mail clients may use instead of the password. Default: none."),
  aliases: z
    .array(z.string())
    .optional()
    .describe("Further mail domains with the same settings. Default: none."),
};

/** The keys of each of its blocks, by the block's own key. */
export const GUIDANCE_KEYS: Readonly<Record<string, readonly string[]>> = {
  help: Object.keys(help.shape),
  oauth2: Object.keys(oauth2.shape),
};
