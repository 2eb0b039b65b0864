/** The documents of `render`, with a line of help each. */
export const DOCUMENT_NAMES = {
  autoconfig: "Mozilla's autoconfig 1.1 (Thunderbird and most others)",
  autodiscover: "Microsoft's POX settings; with --address as a POST gets it, without as a GET",
  "autodiscover-v2": "the JSON that leads to POX",
  mobileconfig: "Apple's configuration profile, unsigned",
  pacc: "user-agent-configuration.json",
  "pacc-txt": "the TXT record with the digest of pacc",
  "mta-sts": "the MTA-STS policy",
  "settings-text": "the manual settings as text",
  "settings-page": "the manual settings as a page (HTML)",
  "client-settings": "the KV entry of which the Worker makes all of these",
} as const;

export type RenderedName = keyof typeof DOCUMENT_NAMES;
