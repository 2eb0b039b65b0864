import type { Preset } from "../preset.ts";

/** Fastmail. Mail clients log in with an app password, so password authentication is what the documents should say. */
export const fastmail: Preset = {
  name: "fastmail",
  title: "Fastmail",
  kind: "hosted",
  verified: "2026-11-23",
  sources: [
    "https://www.fastmail.help/hc/en-us/articles/360060591153",
    "https://www.fastmail.help/hc/en-us/articles/1500000280261",
    "https://github.com/thunderbird/autoconfig/blob/master/ispdb/messagingengine.com.xml",
  ],
  values: [],
  hasClientSettings: true,
  defaults: ({ domain }) => ({
    mailServer: {
      host: "imap.fastmail.com",
      imap: { tls: "implicit", port: 993 },
      pop3: { host: "pop.fastmail.com", tls: "implicit", port: 995 },
      submission: { host: "smtp.fastmail.com", tls: "implicit", port: 465 },
    },
    username: "address",
    webmail: "https://app.fastmail.com/",
    // The page gives SRV records for these three, without a path.
    calDav: "https://caldav.fastmail.com/",
    cardDav: "https://carddav.fastmail.com/",
    jmap: "https://api.fastmail.com/",
    mx: [
      { host: "in1-smtp.messagingengine.com", priority: 10 },
      { host: "in2-smtp.messagingengine.com", priority: 20 },
    ],
    // Neutral by Fastmail's own advice; a file that has no other senders may say -all.
    spf: "v=spf1 include:spf.messagingengine.com ?all",
    dkim: ["fm1", "fm2", "fm3"].map((selector) => ({
      selector,
      cname: `${selector}.${domain}.dkim.fmhosted.com`,
    })),
    guessNames: [],
  }),
  facts: {
    discovery: {},
    autodiscoverSrv: "autodiscover.fastmail.com",
    answers: [],
    answersRemedy: undefined,
    spamTraining: undefined,
  },
};
