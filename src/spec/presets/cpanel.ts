import type { Preset } from "../preset.ts";

/** cPanel & WHM, which shows these ports under Email Accounts, Connect Devices. */
export const cpanel: Preset = {
  name: "cpanel",
  title: "cPanel",
  kind: "panel",
  verified: "2026-11-23",
  sources: [
    "https://docs.cpanel.net/whm/server-configuration/tweak-settings",
    "https://lochstudios.com.au/help/cpanel/general-imap-pop-smtp-mail-settings-explained",
    "https://github.com/Domain-Connect/Templates/blob/master/secureserver.net.cpanel_email.json",
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
    // The service subdomain; from memory, not verified.
    webmail: `https://webmail.${domain}/`,
  }),
  facts: {
    discovery: {},
    autodiscoverSrv: undefined,
    answers: ["autoconfig", "autodiscover"],
    // The setting also makes the SRV record to cpanelemaildiscovery.cpanel.net.
    answersRemedy:
      "Switch Thunderbird and Outlook autodiscover and autoconfig support off in WHM, Tweak Settings, Domains (autodiscover_proxy_subdomains), so that cPanel makes no such names in its own zone.",
    // SpamAssassin is there, but moving mail over IMAP trains nothing by default; from memory, not verified.
    spamTraining: false,
  },
};
