/** A document of the size of ours. */
export const MINIMAL_TEMPLATE = `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="DOMAIN"><domain>DOMAIN</domain><displayName>DOMAIN</displayName>
<incomingServer type="imap"><hostname>mail.DOMAIN</hostname><port>993</port><socketType>SSL</socketType>
<username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer>
<outgoingServer type="smtp"><hostname>mail.DOMAIN</hostname><port>465</port><socketType>SSL</socketType>
<username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></outgoingServer>
</emailProvider></clientConfig>
`;

/** The least Worker that answers both requests with a template. */
export const MINIMAL_WORKER: string = `
const template = ${JSON.stringify(MINIMAL_TEMPLATE)};
export default { async fetch(request) {
  const domain = request.method === "GET"
    ? new URL(request.url).hostname.replace("autoconfig.", "")
    : /<EMailAddress>[^@<]*@([^<]*)/.exec(await request.text())?.[1] ?? "";
  const document = template.replaceAll("DOMAIN", domain);
  return new Response(document, { headers: { "content-type": "text/xml", "content-length": String(document.length) } });
} };
`;
