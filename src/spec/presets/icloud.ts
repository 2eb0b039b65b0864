import { NO_FACTS, type Preset } from "../preset.ts";

/**
 * iCloud+ Custom Email Domain. Its addresses are aliases: the user name is the name of the Apple Account's own iCloud
 * address, which no document can derive from an address of the domain, so the preset gives delivery alone.
 */
export const icloud: Preset = {
  name: "icloud",
  title: "iCloud+ Custom Email Domain",
  kind: "hosted",
  verified: "2026-11-23",
  sources: [
    "https://support.apple.com/HT202304",
    "https://www.suped.com/email-deliverability/answers/how-do-i-set-up-and-use-custom-email-domains-with-icloud-and-what-are-common-issues-with-it",
    "https://github.com/Domain-Connect/Templates/blob/master/icloud.com.custom_email_domain.json",
    "https://github.com/thunderbird/autoconfig/blob/master/ispdb/me.com.xml",
  ],
  values: [],
  hasClientSettings: false,
  defaults: ({ domain }) => ({
    webmail: "https://www.icloud.com/mail/",
    mx: [
      { host: "mx01.mail.icloud.com", priority: 10 },
      { host: "mx02.mail.icloud.com", priority: 10 },
    ],
    spf: "v=spf1 include:icloud.com ~all",
    dkim: [{ selector: "sig1", cname: `sig1.dkim.${domain}.at.icloudmailadmin.com` }],
    guessNames: [],
  }),
  facts: NO_FACTS,
};
