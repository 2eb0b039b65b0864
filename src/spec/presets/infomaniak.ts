import { NO_FACTS, type Preset } from "../preset.ts";

/** Infomaniak's Mail Service. The Manager makes a DKIM key for each service, so it comes from the file's `dkim`. */
export const infomaniak: Preset = {
  name: "infomaniak",
  title: "Infomaniak",
  kind: "hosted",
  verified: "2026-11-23",
  sources: [
    "https://www.infomaniak.com/en/support/faq/admin2/email-service?i=2",
    "https://www.infomaniak.com/en/support/faq/admin2/email-service?i=5",
    "https://www.infomaniak.com/en/support/faq/2199/manage-spf-records",
    "https://www.infomaniak.com/en/support/faq/search?page=3&q=dns",
  ],
  values: [],
  hasClientSettings: true,
  defaults: () => ({
    mailServer: {
      host: "mail.infomaniak.com",
      imap: { tls: "implicit", port: 993 },
      // Supported, but the page tells clients to use IMAP.
      pop3: { tls: "implicit", port: 995 },
      submission: { tls: "implicit", port: 465 },
    },
    username: "address",
    webmail: "https://mail.infomaniak.com/",
    mx: [{ host: "mta-gw.infomaniak.ch", priority: 5 }],
    spf: "v=spf1 include:spf.infomaniak.ch -all",
    guessNames: [],
  }),
  facts: NO_FACTS,
};
