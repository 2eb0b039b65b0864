import { renderAutoconfigXml } from "../documents/autoconfig-xml.ts";
import { renderAutodiscoverPox } from "../documents/autodiscover-pox.ts";
import { hasServers, type ClientSettings } from "../documents/client-settings.ts";
import { renderSettingsText } from "../documents/settings-text.ts";
import { XML } from "./autodiscover-post.ts";
import { JSON_TYPE, TEXT } from "./responses.ts";

/** A document that is the same for everybody who asks. */
export interface PlainDocument {
  readonly contentType: string;
  /** Returns undefined where the domain has no such document. */
  readonly render: (settings: ClientSettings) => string | undefined;
}

export type PlainDocumentName = "autoconfig" | "autodiscover" | "mtaSts" | "pacc" | "text";

/** The documents that a GET fetches and that depend on nothing but the domain's settings. */
export const PLAIN_DOCUMENTS: Readonly<Record<PlainDocumentName, PlainDocument>> = {
  autoconfig: {
    contentType: XML,
    render: (settings) => (hasServers(settings) ? renderAutoconfigXml(settings) : undefined),
  },
  // Without LoginName and User: Delta Chat asks so, and Thunderbird after a redirect.
  autodiscover: {
    contentType: XML,
    render: (settings) => (hasServers(settings) ? renderAutodiscoverPox(settings, undefined) : undefined),
  },
  mtaSts: { contentType: TEXT, render: ({ mtaStsPolicy }) => mtaStsPolicy },
  // The very bytes whose digest stands in DNS.
  pacc: { contentType: JSON_TYPE, render: ({ pacc }) => pacc },
  text: {
    contentType: TEXT,
    render: (settings) => (hasServers(settings) ? renderSettingsText(settings) : undefined),
  },
};
