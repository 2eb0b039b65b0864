import { NO_FACTS, type Preset } from "../preset.ts";

/**
 * mailbox.org. The user name is the account's main address; an alias of the domain cannot log in. The preset suits
 * accounts whose main address lies in the domain.
 */
export const mailboxOrg: Preset = {
  name: "mailboxOrg",
  title: "mailbox.org",
  kind: "hosted",
  verified: "2026-11-23",
  sources: [
    "https://kb.mailbox.org/en/private/custom-domains/using-e-mails-with-a-custom-domain",
    "https://kb.mailbox.org/en/private/custom-domains/spf-dkim-and-dmarc-how-to-improve-the-spam-reputation-of-your-domain",
    "https://kb.mailbox.org/en/private/e-mail/e-mail-configuration",
  ],
  values: [],
  hasClientSettings: true,
  defaults: () => ({
    mailServer: {
      host: "imap.mailbox.org",
      imap: { tls: "implicit", port: 993 },
      pop3: { host: "pop3.mailbox.org", tls: "implicit", port: 995 },
      submission: [
        { host: "smtp.mailbox.org", tls: "implicit", port: 465 },
        { host: "smtp.mailbox.org", tls: "starttls", port: 587 },
      ],
    },
    username: "address",
    webmail: "https://login.mailbox.org/",
    // Guides of 2026 name four of equal rank; older ones three, the last with 20.
    mx: [1, 2, 3, 4].map((number) => ({ host: `mxext${number}.mailbox.org`, priority: 10 })),
    spf: "v=spf1 include:mailbox.org ~all",
    // DNS compares without regard to case; the page writes MBO0001.
    dkim: [1, 2, 3, 4].map((number) => ({
      selector: `mbo000${number}`,
      cname: `mbo000${number}._domainkey.mailbox.org`,
    })),
    guessNames: [],
  }),
  facts: NO_FACTS,
};
