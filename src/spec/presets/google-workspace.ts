import { NO_FACTS, type Preset } from "../preset.ts";

/**
 * Gmail of Google Workspace. Clients log in with OAuth 2.0, or with an app password where the administrator allows them;
 * the account's own password is refused. Our documents announce a password; clients that know these host names use
 * OAuth 2.0 instead. The DKIM key is made in the Admin console, one a domain, so it comes from the file's `dkim`.
 */
export const googleWorkspace: Preset = {
  name: "googleWorkspace",
  title: "Google Workspace",
  kind: "hosted",
  verified: "2026-11-23",
  sources: [
    "https://support.google.com/a/answer/33786",
    "https://intodns.ai/citations/google-workspace-mx-records",
    "https://github.com/thunderbird/autoconfig/blob/master/ispdb/googlemail.com.xml",
    "https://corspot.com/2026/02/25/new-mx-records-for-using-gmail-with-google-workspace/",
  ],
  values: [],
  hasClientSettings: true,
  defaults: () => ({
    mailServer: {
      host: "imap.gmail.com",
      imap: { tls: "implicit", port: 993 },
      pop3: { host: "pop.gmail.com", tls: "implicit", port: 995 },
      submission: { host: "smtp.gmail.com", tls: "implicit", port: 465 },
    },
    username: "address",
    webmail: "https://mail.google.com/",
    // One record since April 2023. Domains with the five older `aspmx` ones may keep them through the file's `mx`.
    mx: [{ host: "smtp.google.com", priority: 1 }],
    spf: "v=spf1 include:_spf.google.com ~all",
    guessNames: [],
  }),
  facts: NO_FACTS,
};
