import { NO_FACTS, type Preset } from "../preset.ts";

/**
 * Proton Mail. Mail is decrypted by Proton's own programs: IMAP exists only at 127.0.0.1, through Bridge, with a password
 * that Bridge makes, and `smtp.protonmail.ch` takes tokens made for devices. No client can be set up from the outside, so
 * the preset gives delivery alone.
 */
export const proton: Preset = {
  name: "proton",
  title: "Proton Mail",
  kind: "hosted",
  verified: "2026-11-23",
  sources: [
    "https://proton.me/support/anti-spoofing-custom-domain",
    "https://proton.me/support/smtp-submission",
    "https://domainsecurityscanner.com/guides/proton-mail",
  ],
  // The three targets share their label wherever the records are public; Proton shows it to customers only.
  values: [
    {
      key: "dkimId",
      description:
        "the label that the three DKIM targets share, which Proton's settings show under Domain names, DKIM",
      pattern: /^d[a-z2-7]{20,62}$/,
      example: "dexampleexampleexampleexampleexampleexampleexample2345",
      isRequired: false,
    },
  ],
  hasClientSettings: false,
  defaults: ({ values }) => ({
    webmail: "https://mail.proton.me/",
    mx: [
      { host: "mail.protonmail.ch", priority: 10 },
      { host: "mailsec.protonmail.ch", priority: 20 },
    ],
    spf: "v=spf1 include:_spf.protonmail.ch ~all",
    dkim:
      values["dkimId"] === undefined
        ? undefined
        : ["protonmail", "protonmail2", "protonmail3"].map((selector) => ({
            selector,
            cname: `${selector}.domainkey.${values["dkimId"]}.domains.proton.ch`,
          })),
    guessNames: [],
  }),
  facts: NO_FACTS,
};
