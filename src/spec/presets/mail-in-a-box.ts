import type { Preset } from "../preset.ts";

/** Mail-in-a-Box. It closes ports 143 and 110 to the outside; 587 with STARTTLS stays open beside 465. */
export const mailInABox: Preset = {
  name: "mailInABox",
  title: "Mail-in-a-Box",
  kind: "panel",
  verified: "2026-11-23",
  sources: [
    "https://github.com/mail-in-a-box/mailinabox/blob/main/management/templates/mail-guide.html",
    "https://github.com/mail-in-a-box/mailinabox/blob/main/conf/mozilla-autoconfig.xml",
    "https://github.com/mail-in-a-box/mailinabox/blob/main/setup/mail-postfix.sh",
    "https://github.com/mail-in-a-box/mailinabox/blob/main/setup/spamassassin.sh",
    "https://github.com/mail-in-a-box/mailinabox/blob/main/management/web_update.py",
  ],
  values: [],
  hasClientSettings: true,
  defaults: ({ mailHost }) => ({
    mailServer: {
      imap: { tls: "implicit", port: 993 },
      pop3: { tls: "implicit", port: 995 },
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
          webmail: `https://${mailHost}/mail/`,
          calDav: `https://${mailHost}/cloud/remote.php/caldav/`,
          cardDav: `https://${mailHost}/cloud/remote.php/carddav/`,
        }),
  }),
  facts: {
    discovery: {},
    autodiscoverSrv: undefined,
    // At autodiscover the box offers ActiveSync (Z-Push), which the published documents do not.
    answers: ["autoconfig", "autodiscover", "mta-sts"],
    answersRemedy:
      "Give these names custom DNS records in the box's admin panel that lead elsewhere, so that the box neither serves them nor asks for their certificates.",
    spamTraining: true,
  },
};
