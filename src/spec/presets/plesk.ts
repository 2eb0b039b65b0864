import type { Preset } from "../preset.ts";

/** Plesk Obsidian. Port 25 takes submissions too, but it is for mail between servers (RFC 6409 §3.1) and often blocked. */
export const plesk: Preset = {
  name: "plesk",
  title: "Plesk",
  kind: "panel",
  verified: "2026-11-23",
  sources: [
    "https://docs.plesk.com/zh-CN/obsidian/customer-guide/plesk-%E5%BF%AB%E9%80%9F%E5%85%A5%E9%97%A8/%E8%AE%BE%E7%BD%AE%E9%82%AE%E4%BB%B6%E5%B8%90%E6%88%B7/2-access-your-mailbox.65691/",
    "https://support.plesk.com/hc/en-us/articles/12376970141207-How-does-mail-autodiscover-work",
    "https://docs.plesk.com/en-US/obsidian/administrator-guide/mail/configuring-serverwide-mail-settings.59430/",
    "https://www.plesk.com/kb/support/how-does-mail-autodiscover-work/",
    "https://www.plesk.com/kb/support/how-does-spamassassin-training-work-in-plesk",
    "https://support.rebel.ca/hc/en-us/articles/49277866161691",
  ],
  values: [],
  hasClientSettings: true,
  defaults: ({ domain }) => ({
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
    },
    username: "address",
    // The address that Plesk gives a domain's webmail; from memory, not verified.
    webmail: `https://webmail.${domain}/`,
  }),
  facts: {
    discovery: {},
    autodiscoverSrv: undefined,
    // Plesk answers at these names and at the domain itself, where the domain has web hosting.
    answers: ["autoconfig", "autodiscover"],
    // The place of the setting is from memory, not verified.
    answersRemedy:
      "Switch mail autodiscover off in Tools & Settings, Mail Server Settings, so that the domain's own web site does not answer beside the published documents.",
    // Where SpamAssassin is switched on for the mailbox.
    spamTraining: true,
  },
};
