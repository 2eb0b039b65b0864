/** A document somewhat smaller than ours: two thirds of autoconfig, half of POX. */
export const MINIMAL_TEMPLATE = `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="DOMAIN"><domain>DOMAIN</domain><displayName>DOMAIN</displayName>
<incomingServer type="imap"><hostname>mail.DOMAIN</hostname><port>993</port><socketType>SSL</socketType>
<username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer>
<outgoingServer type="smtp"><hostname>mail.DOMAIN</hostname><port>465</port><socketType>SSL</socketType>
<username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></outgoingServer>
</emailProvider></clientConfig>
`;

/** The least Worker that answers both requests with a template: it knows no domain, and believes any. */
export const MINIMAL_WORKER: string = minimalWorker("");

/**
 * The least Worker that serves the domains in KV and no other. Like ours it reads an entry anew after a minute, which counts
 * for more here than in earnest: a contender is asked for a small part of each minute only. An entry is what stands in the
 * template's place, here the domain's own name.
 */
export const MINIMAL_KV_WORKER: string = minimalWorker(`
  let { entry, until } = known.get(domain) ?? { until: 0 };
  if (Date.now() >= until) {
    entry = await MAIL_DOMAINS.get(domain);
    known.set(domain, { entry, until: Date.now() + 60_000 });
  }
  if (entry === null) return new Response("Not found", { status: 404 });`);

function minimalWorker(findTenant: string): string {
  const value = findTenant === "" ? "domain" : "entry";
  return `
const template = ${JSON.stringify(MINIMAL_TEMPLATE)};
const known = new Map();
export default { async fetch(request, { MAIL_DOMAINS }) {
  const domain = request.method === "GET"
    ? new URL(request.url).hostname.replace("autoconfig.", "")
    : /<EMailAddress>[^@<]*@([^<]*)/.exec(await request.text())?.[1] ?? "";${findTenant}
  const document = template.replaceAll("DOMAIN", ${value});
  return new Response(document, { headers: { "content-type": "text/xml", "content-length": String(document.length) } });
} };
`;
}
