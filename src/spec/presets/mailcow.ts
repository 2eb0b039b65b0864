import type { Preset } from "../preset.ts";

/** mailcow: dockerized with its unchanged port bindings. */
export const mailcow: Preset = {
  name: "mailcow",
  title: "mailcow",
  kind: "panel",
  verified: "2026-11-23",
  sources: [
    "https://github.com/mailcow/mailcow-dockerized-docs/blob/master/docs/client/client-manual.en.md",
    "https://github.com/mailcow/mailcow-dockerized-docs/blob/master/docs/getstarted/prerequisite-dns.en.md",
    "https://github.com/mailcow/mailcow-dockerized-docs/blob/master/docs/post_installation/reverse-proxy/r_p-traefik3.en.md",
    "https://github.com/mailcow/mailcow-dockerized-docs/blob/master/docs/manual-guides/Rspamd/u-e-rspamd-work-with-spamdata.en.md",
    "https://github.com/mailcow/mailcow-dockerized-docs/blob/master/docs/post_installation/reverse-proxy/r_p-pangolin.en.md",
  ],
  values: [],
  hasClientSettings: true,
  defaults: ({ mailHost }) => ({
    mailServer: {
      imap: [
        { tls: "implicit", port: 993 },
        { tls: "starttls", port: 143 },
      ],
      pop3: [
        { tls: "implicit", port: 995 },
        { tls: "starttls", port: 110 },
      ],
      submission: [
        { tls: "implicit", port: 465 },
        { tls: "starttls", port: 587 },
      ],
      sieve: true,
    },
    username: "address",
    ...(mailHost === undefined
      ? {}
      : {
          webmail: `https://${mailHost}/SOGo/`,
          calDav: `https://${mailHost}/SOGo/dav/`,
          cardDav: `https://${mailHost}/SOGo/dav/`,
        }),
  }),
  facts: {
    discovery: {},
    autodiscoverSrv: undefined,
    answers: ["autoconfig", "autodiscover", "mta-sts"],
    answersRemedy:
      "Set AUTODISCOVER_SAN=n in mailcow.conf, so that mailcow asks for no certificates of names that no longer lead to it; its own answers are then not asked.",
    spamTraining: true,
  },
};
