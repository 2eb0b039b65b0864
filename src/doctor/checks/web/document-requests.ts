import type { WorldRequest } from "../../../clients/world/world.ts";
import { renderPoxRequest } from "../../../clients/ladder/pox-request.ts";
import type { Mailbox } from "../../../clients/ladder/discovery.ts";

/** Where a document is looked for: at its discovery name, or at the domain's own host. */
export interface DocumentRequest {
  readonly at: "label" | "apex";
  readonly request: WorldRequest;
}

const AUTODISCOVER_PATH = "/autodiscover/autodiscover.xml";
/** Outlook alone writes the path in three ways. */
const OTHER_SPELLINGS: readonly string[] = [
  "/Autodiscover/Autodiscover.xml",
  "/AutoDiscover/AutoDiscover.xml",
];

/** Returns the requests for autoconfig in the order of Thunderbird, each with and without the address. */
export function autoconfigRequests({ address, domain }: Mailbox): readonly DocumentRequest[] {
  const places = ["https", "http"].flatMap((scheme) => [
    { at: "label" as const, url: `${scheme}://autoconfig.${domain}/mail/config-v1.1.xml` },
    { at: "apex" as const, url: `${scheme}://${domain}/.well-known/autoconfig/mail/config-v1.1.xml` },
  ]);
  return places.flatMap(({ at, url }) => [
    { at, request: { method: "GET" as const, url: `${url}?emailaddress=${encodeURIComponent(address)}` } },
    { at, request: { method: "GET" as const, url } },
  ]);
}

/** Returns the requests for Autodiscover POX: the question as Outlook and Thunderbird send it, and the bare GET of Delta Chat. */
export function poxRequests(mailbox: Mailbox): readonly DocumentRequest[] {
  const hosts = [
    { at: "label" as const, host: `autodiscover.${mailbox.domain}` },
    { at: "apex" as const, host: mailbox.domain },
  ];
  return hosts.flatMap(({ at, host }) => [
    { at, request: poxPost(mailbox, `https://${host}${AUTODISCOVER_PATH}`) },
    { at, request: { method: "GET" as const, url: `https://${host}${AUTODISCOVER_PATH}` } },
  ]);
}

/** Returns the same question in the spellings of the path that only Outlook uses. */
export function spelledPoxRequests(mailbox: Mailbox): readonly DocumentRequest[] {
  return OTHER_SPELLINGS.map((path) => ({
    at: "label",
    request: poxPost(mailbox, `https://autodiscover.${mailbox.domain}${path}`),
  }));
}

/** Returns the question of Autodiscover POX for any URL. */
export function poxPost({ address }: Mailbox, url: string): WorldRequest {
  return {
    method: "POST",
    url,
    headers: { "content-type": "text/xml; charset=utf-8" },
    body: renderPoxRequest(address),
  };
}

/** Returns the requests of Autodiscover V2 for the place of POX, its protocol in two spellings (Outlook sends `Autodiscoverv1`). */
export function jsonRequests({ address, domain }: Mailbox): readonly WorldRequest[] {
  const base = `https://autodiscover.${domain}/autodiscover/autodiscover.json`;
  const who = encodeURIComponent(address);
  return [
    { method: "GET", url: `${base}?Email=${who}&Protocol=Autodiscoverv1` },
    { method: "GET", url: `${base}/v1.0/${who}?Protocol=AutodiscoverV1` },
  ];
}

export function plainAutodiscover({ domain }: Mailbox): WorldRequest {
  return { method: "GET", url: `http://autodiscover.${domain}${AUTODISCOVER_PATH}` };
}

export function paccRequest({ domain }: Mailbox): WorldRequest {
  return { method: "GET", url: `https://ua-auto-config.${domain}/.well-known/user-agent-configuration.json` };
}

export function mtaStsRequest({ domain }: Mailbox): WorldRequest {
  return { method: "GET", url: `https://mta-sts.${domain}/.well-known/mta-sts.txt` };
}

export function profileRequest({ domain }: Mailbox): WorldRequest {
  return { method: "GET", url: `https://autoconfig.${domain}/${domain}.mobileconfig` };
}
