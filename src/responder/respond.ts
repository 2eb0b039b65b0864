import { renderAutoconfigXml } from "../documents/autoconfig-xml.ts";
import {
  OUTLOOK_RESPONSE_SCHEMA,
  POX_ERROR,
  renderAutodiscoverPox,
  renderAutodiscoverPoxError,
} from "../documents/autodiscover-pox.ts";
import { hasServers, type ClientSettings } from "../documents/client-settings.ts";
import { renderSettingsText } from "../documents/settings-text.ts";
import { MAX_REQUEST_BYTES, parsePoxRequest } from "./pox-request.ts";
import { document, methodNotAllowed, notFound, optionsOf, redirect, uncached } from "./responses.ts";
import { domainOfAddress, domainOfHost, type TenantStore } from "./tenant.ts";

export interface ResponderOptions {
  readonly tenants: TenantStore;
  readonly now: () => Date;
}

const XML = "text/xml; charset=utf-8";
const TEXT = "text/plain; charset=utf-8";
const AUTOCONFIG_PATHS = new Set(["/mail/config-v1.1.xml", "/.well-known/autoconfig/mail/config-v1.1.xml"]);
const AUTODISCOVER_PATH = "/autodiscover/autodiscover.xml";
const MTA_STS_PATH = "/.well-known/mta-sts.txt";
/** Services of Exchange that are not here; a redirect would make clients believe in them. */
const EXCHANGE_PATH = /^\/(autodiscover\/autodiscover\.svc|ews|mapi|microsoft-server-activesync)(\/|$)/i;
const READ = ["GET", "HEAD"] as const;
const READ_AND_POST = ["GET", "HEAD", "POST"] as const;

/**
 * Answers one request for any of the domains. It needs no credential, reads no `Authorization`, never answers 401,
 * and neither stores nor logs an address.
 */
export async function respond(request: Request, options: ResponderOptions): Promise<Response> {
  const url = new URL(request.url);
  const route = routeOf(url);
  if (url.protocol === "http:") {
    const redirected = redirectToHttps(url, route);
    if (redirected !== undefined) return redirected;
  }
  switch (route) {
    case "autoconfig":
      return readOnly(request, url, options, (settings) =>
        hasServers(settings) ? document(renderAutoconfigXml(settings), XML) : undefined,
      );
    case "settings":
      return readOnly(request, url, options, (settings) =>
        hasServers(settings) ? document(renderSettingsText(settings), TEXT) : undefined,
      );
    case "mtaSts":
      return readOnly(request, url, options, ({ mtaStsPolicy }) =>
        mtaStsPolicy === undefined ? undefined : document(mtaStsPolicy, TEXT),
      );
    case "autodiscover":
      return autodiscover(request, url, options);
    default:
      return notFound();
  }
}

type Route = "autoconfig" | "autodiscover" | "settings" | "mtaSts";

/** Paths of autodiscover are compared without case: Outlook alone sends three spellings. */
function routeOf(url: URL): Route | undefined {
  if (AUTOCONFIG_PATHS.has(url.pathname)) return "autoconfig";
  if (url.pathname.toLowerCase() === AUTODISCOVER_PATH) return "autodiscover";
  // The policy counts at its own name only (RFC 8461 §3.3).
  if (url.pathname === MTA_STS_PATH && url.hostname.startsWith("mta-sts.")) return "mtaSts";
  return url.pathname === "/" && url.hostname.startsWith("autoconfig.") ? "settings" : undefined;
}

/**
 * Outlook's plain-HTTP step takes 301 and 302 only, and expects the one spelling of the path. The others keep path and
 * query.
 */
function redirectToHttps(url: URL, route: Route | undefined): Response | undefined {
  const origin = `https://${url.hostname}`;
  const isForOutlook = url.hostname.startsWith("autodiscover.") && !EXCHANGE_PATH.test(url.pathname);
  if (route === "autodiscover" || isForOutlook) return redirect(302, `${origin}${AUTODISCOVER_PATH}`);
  return route === undefined ? undefined : redirect(301, `${origin}${url.pathname}${url.search}`);
}

async function readOnly(
  request: Request,
  url: URL,
  options: ResponderOptions,
  render: (settings: ClientSettings) => ReturnType<typeof document> | undefined,
): Promise<Response> {
  const settings = await options.tenants(domainOfHost(url.hostname));
  const answer = settings === undefined ? undefined : render(settings);
  if (answer === undefined) return notFound();
  if (request.method === "OPTIONS") return optionsOf(READ);
  return request.method === "GET" || request.method === "HEAD" ? answer(request) : methodNotAllowed(READ);
}

async function autodiscover(request: Request, url: URL, options: ResponderOptions): Promise<Response> {
  const byHost = await options.tenants(domainOfHost(url.hostname));
  if (request.method === "OPTIONS") return optionsOf(READ_AND_POST);
  if (request.method === "POST") return autodiscoverPost(request, byHost, options);
  if (request.method !== "GET" && request.method !== "HEAD") return methodNotAllowed(READ_AND_POST);
  return hasServers(byHost) ? document(renderAutodiscoverPox(byHost, undefined), XML)(request) : notFound();
}

/** Every outcome has status 200: any other one makes Outlook try the next, often worse, endpoint. */
async function autodiscoverPost(
  request: Request,
  byHost: ClientSettings | undefined,
  options: ResponderOptions,
): Promise<Response> {
  const fail = (error: { readonly code: number; readonly message: string }): Response =>
    uncached(renderAutodiscoverPoxError(error, options.now()), XML);
  const body = await readBody(request);
  const parsed = body === undefined ? ({ ok: false } as const) : parsePoxRequest(body);
  if (!parsed.ok) return fail(POX_ERROR.invalidRequest);
  if (parsed.responseSchema !== undefined && parsed.responseSchema !== OUTLOOK_RESPONSE_SCHEMA) {
    return fail(POX_ERROR.schemaNotProvided);
  }
  if (parsed.address === undefined) return fail(POX_ERROR.invalidRequest);
  const domain = domainOfAddress(parsed.address);
  const settings = domain === undefined ? undefined : await tenantOfAddress(domain, byHost, options);
  if (!hasServers(settings)) return fail(POX_ERROR.addressNotFound);
  return uncached(renderAutodiscoverPox(settings, parsed.address), XML);
}

/** A host of one tenant never answers for another; a host of none (an SRV target) answers by the address. */
async function tenantOfAddress(
  domain: string,
  byHost: ClientSettings | undefined,
  options: ResponderOptions,
): Promise<ClientSettings | undefined> {
  if (byHost !== undefined) return byHost.domain === domain ? byHost : undefined;
  return options.tenants(domain);
}

/** Reads at most the limit and one octet: a long body costs its sender, not the Worker. */
async function readBody(request: Request): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = (request.body as ReadableStream<Uint8Array> | null)?.getReader();
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    length += part.value.byteLength;
    if (length > MAX_REQUEST_BYTES) {
      await reader?.cancel();
      return undefined;
    }
    chunks.push(part.value);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}
