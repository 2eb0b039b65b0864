import type { Preset } from "../preset.ts";

/** Migadu, which serves Mozilla's autoconfig for its customers' domains by itself. */
export const migadu: Preset = {
  name: "migadu",
  title: "Migadu",
  kind: "hosted",
  verified: "2026-11-23",
  // Migadu's admin panel shows the records to customers only; these repeat them.
  sources: [
    "https://gist.github.com/tennox/f2836fb57e2ac3b54c0c044b7777eb35",
    "https://github.com/droposhado/terraform-cloudflare-migadu",
  ],
  values: [],
  hasClientSettings: true,
  defaults: ({ domain }) => ({
    mailServer: {
      host: "imap.migadu.com",
      imap: { tls: "implicit", port: 993 },
      pop3: { host: "pop.migadu.com", tls: "implicit", port: 995 },
      submission: { host: "smtp.migadu.com", tls: "implicit", port: 465 },
    },
    username: "address",
    webmail: "https://webmail.migadu.com/",
    mx: [
      { host: "aspmx1.migadu.com", priority: 10 },
      { host: "aspmx2.migadu.com", priority: 20 },
    ],
    spf: "v=spf1 include:spf.migadu.com -all",
    dkim: ["key1", "key2", "key3"].map((selector) => ({
      selector,
      cname: `${selector}.${domain}._domainkey.migadu.com`,
    })),
    guessNames: [],
  }),
  facts: {
    discovery: { autoconfig: "autoconfig.migadu.com" },
    autodiscoverSrv: "autodiscover.migadu.com",
    answers: [],
    answersRemedy: undefined,
    spamTraining: undefined,
  },
};
