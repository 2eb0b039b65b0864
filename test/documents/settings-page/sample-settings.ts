import type { ServerSettings } from "../../../src/documents/client-settings.ts";
import type { SettingsPageOptions } from "../../../src/documents/settings-page/render-settings-page.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";
import { serverSettings } from "../server-settings.ts";

/** A domain that offers all that the page can show. */
export const fullSettings: ServerSettings = {
  ...serverSettings(
    sampleDomain({
      displayName: "Example Mail",
      mailServer: { pop3: {}, sieve: true },
      webmail: "https://webmail.example.com/",
      calDav: "https://dav.example.com/",
      cardDav: "https://dav.example.com/",
      jmap: "https://jmap.example.com:8443/session/",
      languages: ["en", "de", "zh"],
      help: { url: "https://www.example.com/help", texts: { en: "Help with mail", de: "Hilfe zu E-Mail" } },
      oauth2: {
        issuer: "https://login.example.com",
        authUrl: "https://login.example.com/authorize",
        tokenUrl: "https://login.example.com/token",
        scopes: ["mail"],
      },
    }),
  ),
  spamTraining: true,
};

/** A domain of which its file says no more than it must. */
export const minimalSettings: ServerSettings = serverSettings(sampleDomain());

/** A server of the old kind: POP3 alone, the local part as user name, no encryption. */
export const pop3Settings: ServerSettings = {
  ...serverSettings(
    sampleDomain({
      username: "localPart",
      mailServer: {
        imap: false,
        pop3: { tls: "plain" },
        submission: { tls: "starttls" },
        allowPlaintext: true,
      },
    }),
  ),
  spamTraining: true,
};

/** The page of `fullSettings`, with a profile. */
export function fullOptions(language: string): SettingsPageOptions {
  return { language, host: "autoconfig.example.com", profilePath: "/example.com.mobileconfig" };
}
