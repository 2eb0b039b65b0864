import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { sampleDomain, type SampleInput } from "../spec/sample-domain.ts";

/** A file that uses every key which documents are made of. */
export const EVERYTHING: SampleInput = {
  displayName: "Example Mail",
  displayShortName: "Example",
  mailServer: { pop3: {}, sieve: true },
  webmail: "https://webmail.example.com/",
  calDav: "https://dav.example.com/dav",
  cardDav: "https://dav.example.com/dav",
  jmap: "https://jmap.example.com",
  languages: ["de", "en"],
  help: {
    url: "https://www.example.com/help/mail",
    texts: { en: "Mail settings", de: "E-Mail-Einstellungen", zh: "邮件设置" },
  },
  oauth2: {
    issuer: "https://login.example.com",
    authUrl: "https://login.example.com/authorize",
    tokenUrl: "https://login.example.com/token",
    scopes: ["openid", "mail"],
    clientId: "mail-client",
  },
};

/** Domains of which every document has a golden file. */
export const DOMAINS: Readonly<Record<string, MailDomain>> = {
  minimal: sampleDomain(),
  pop3: sampleDomain({ mailServer: { pop3: [{ tls: "starttls" }, { tls: "implicit" }] } }),
  "pop3-only": sampleDomain({ mailServer: { imap: false, pop3: {} } }),
  "local-part": sampleDomain({ username: "localPart" }),
  "special-characters": sampleDomain({
    displayName: `Tom & Anna's <"Mail">`,
    displayShortName: `T&A's <"M">`,
    help: { url: "https://www.example.com/a&b'c", texts: { en: `"Tom" & <Anna>` } },
  }),
  starttls: sampleDomain({ mailServer: { imap: { tls: "starttls" }, submission: { tls: "starttls" } } }),
  everything: sampleDomain(EVERYTHING),
  panel: sampleDomain({ preset: "mailcow" }),
};
