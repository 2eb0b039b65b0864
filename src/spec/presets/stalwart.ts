import type { Preset } from "../preset.ts";

/** Stalwart with its default listeners, which speak implicit TLS only; ManageSieve has STARTTLS. */
export const stalwart: Preset = {
  name: "stalwart",
  title: "Stalwart",
  kind: "panel",
  verified: "2026-11-23",
  sources: [
    "https://stalw.art/docs/server/clients/",
    "https://stalw.art/docs/server/autoconfig",
    "https://stalw.art/docs/install/dns",
    "https://github.com/stalwartlabs/stalwart/issues/2167",
  ],
  values: [],
  hasClientSettings: true,
  defaults: ({ mailHost }) => ({
    mailServer: {
      imap: { tls: "implicit", port: 993 },
      pop3: { tls: "implicit", port: 995 },
      submission: { tls: "implicit", port: 465 },
      sieve: true,
    },
    username: "address",
    ...(mailHost === undefined ? {} : { jmap: `https://${mailHost}/` }),
  }),
  facts: {
    discovery: {},
    autodiscoverSrv: undefined,
    // The third since 0.16.
    answers: ["autoconfig", "autodiscover", "ua-auto-config", "mta-sts"],
    // The page on DNS describes automatic publication; leaving single names out is from memory, not verified.
    answersRemedy:
      "Leave these names out of Stalwart's automatic DNS management, so that it does not replace the records of the published documents; its own answers are then not asked.",
    // Junk alone: folders below it do not count (issue 2167).
    spamTraining: true,
  },
};
