import { NO_FACTS, type Preset } from "../preset.ts";

/**
 * Zoho Mail for organisations, whose hosts bear `pro` in their names. The account lives in one data centre. Only those
 * are taken whose MX, SPF and client hosts could all be verified; others are written out in the file. The DKIM key is
 * made in the Admin console, so it comes from the file's `dkim`.
 */
export const zoho: Preset = {
  name: "zoho",
  title: "Zoho Mail",
  kind: "hosted",
  verified: "2026-11-23",
  sources: [
    "https://www.zoho.com/mail/help/adminconsole/configure-email-delivery.html",
    "https://wiki.brostweb.com/books/external-accounts/chapter/zoho/export/html",
    "https://support.bolddesk.com/kb/article/15603/how-to-configure-imap-in-zoho-mail",
    "https://github.com/thunderbird/autoconfig/blob/master/ispdb/zoho.eu.xml",
    "https://github.com/Domain-Connect/Templates/blob/master/zoho.com.zmail_hosting.json",
  ],
  values: [
    {
      key: "region",
      description:
        "the end of the address at which the account signs in: com (mail.zoho.com), eu (mail.zoho.eu) or in (mail.zoho.in)",
      pattern: /^(com|eu|in)$/,
      example: "eu",
      isRequired: true,
    },
  ],
  hasClientSettings: true,
  defaults: ({ values }) => {
    const zone = `zoho.${values["region"] ?? "com"}`;
    return {
      mailServer: {
        host: `imappro.${zone}`,
        imap: { tls: "implicit", port: 993 },
        pop3: { host: `poppro.${zone}`, tls: "implicit", port: 995 },
        submission: [
          { host: `smtppro.${zone}`, tls: "implicit", port: 465 },
          { host: `smtppro.${zone}`, tls: "starttls", port: 587 },
        ],
      },
      username: "address",
      webmail: `https://mail.${zone}/`,
      mx: [
        { host: `mx.${zone}`, priority: 10 },
        { host: `mx2.${zone}`, priority: 20 },
        { host: `mx3.${zone}`, priority: 50 },
      ],
      // Accounts of 2026 are told zohomail.*; older guides name zoho.* here.
      spf: `v=spf1 include:zohomail.${values["region"] ?? "com"} ~all`,
      guessNames: [],
    };
  },
  facts: NO_FACTS,
};
