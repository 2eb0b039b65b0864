import type { Preset } from "../preset.ts";

/**
 * mox as its quickstart sets it up: implicit TLS only, no POP3, no ManageSieve. Its webmail listens at an internal
 * address alone, so there is no public place to name; a file whose listener has WebmailHTTPS says `webmail`.
 */
export const mox: Preset = {
  name: "mox",
  title: "mox",
  kind: "panel",
  verified: "2026-11-23",
  sources: [
    "https://github.com/mjl-/mox/blob/main/quickstart.go",
    "https://github.com/mjl-/mox/blob/main/http/web.go",
    "https://github.com/mjl-/mox/blob/main/admin/admin.go",
    "https://github.com/mjl-/mox/blob/main/config/config.go",
  ],
  values: [],
  hasClientSettings: true,
  defaults: () => ({
    mailServer: {
      imap: { tls: "implicit", port: 993 },
      pop3: false,
      submission: { tls: "implicit", port: 465 },
    },
    username: "address",
  }),
  facts: {
    discovery: {},
    autodiscoverSrv: undefined,
    // Autodiscover is answered at the host and the domain, not at a name of its own (http/web.go, autoconfigMatch).
    answers: ["autoconfig", "mta-sts"],
    answersRemedy:
      "Disable AutoconfigHTTPS and MTASTSHTTPS in the public listener of mox.conf, so that mox asks for no certificates of names that no longer lead to it.",
    // New accounts get AutomaticJunkFlags: a message moved to Junk or Spam is flagged, and the flag trains the filter.
    spamTraining: true,
  },
};
