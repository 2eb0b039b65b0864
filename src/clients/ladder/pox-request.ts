import { OUTLOOK_RESPONSE_SCHEMA } from "../../documents/autodiscover-pox.ts";
import { escapeXml } from "../../documents/xml.ts";

const REQUEST_SCHEMA = "http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006";

/** Renders the request of Autodiscover POX for an address, the schema of Outlook asked for (MS-OXDSCLI §2.2.3). */
export function renderPoxRequest(address: string): string {
  return [
    `<?xml version="1.0" encoding="utf-8"?>`,
    `<Autodiscover xmlns="${REQUEST_SCHEMA}">`,
    `  <Request>`,
    `    <EMailAddress>${escapeXml(address)}</EMailAddress>`,
    `    <AcceptableResponseSchema>${OUTLOOK_RESPONSE_SCHEMA}</AcceptableResponseSchema>`,
    `  </Request>`,
    `</Autodiscover>`,
    ``,
  ].join("\n");
}
