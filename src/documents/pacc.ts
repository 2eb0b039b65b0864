import type { HttpService } from "../spec/mail-domain.ts";
import type { MailProtocol, ServerSettings } from "./client-settings.ts";
import { implicitEndpoint } from "./implicit-endpoint.ts";
import { jmapSessionUrl, serviceUrl } from "./service-url.ts";

/** Limits of `info.provider`, in characters (draft-ietf-mailmaint-pacc). */
const MAX_NAME_LENGTH = 60;
const MAX_SHORT_NAME_LENGTH = 20;

const HTTPS_PORT = 443;
/** There is no port in the format: TLS from the first byte at the registered port (RFC 8314 §3) is what a host means. */
const PORTS: Readonly<Record<MailProtocol, number>> = { imap: 993, pop3: 995, submission: 465 };

/**
 * Renders the PACC document (draft-ietf-mailmaint-pacc): one canonical line, since a digest of its bytes stands in DNS.
 *
 * Undefined where what the format can say is no account: nothing to read mail with, or to send it; and where the user name
 * is not the address, for which it has no word. A reader that found half an account would not look further.
 */
export function renderPacc(settings: ServerSettings): string | undefined {
  const imap = host(settings, "imap");
  const pop3 = host(settings, "pop3");
  const submit = host(settings, "submission");
  const jmap = url(settings.jmap, jmapSessionUrl);
  const isAccount = jmap !== undefined || ((imap ?? pop3) !== undefined && submit !== undefined);
  if (!isAccount || settings.username !== "address") return undefined;
  const { displayName, displayShortName, help, oauth2 } = settings;
  // JSON.stringify leaves out what is undefined and keeps this order: the same settings give the same bytes.
  return JSON.stringify({
    authentication: {
      "oauth-public": oauth2 === undefined ? undefined : { issuer: oauth2.issuer },
      password: true,
    },
    info: {
      help: help === undefined ? undefined : { documentation: help.url },
      provider: {
        name: cut(displayName, MAX_NAME_LENGTH),
        shortName: cut(displayShortName, MAX_SHORT_NAME_LENGTH),
      },
    },
    protocols: {
      caldav: davUrl(settings.calDav),
      carddav: davUrl(settings.cardDav),
      imap,
      jmap,
      pop3,
      // Renamed in draft -03: readers of either draft take the one they know.
      smtp: submit,
      submit,
    },
  });
}

function host(settings: ServerSettings, protocol: MailProtocol): { readonly host: string } | undefined {
  const endpoint = implicitEndpoint(settings, protocol);
  return endpoint?.port === PORTS[protocol] ? { host: endpoint.host } : undefined;
}

/** The format wants a context path: a server at the root of its host is left to SRV and the well-known path (RFC 6764 §6). */
function davUrl(service: HttpService | undefined): { readonly url: string } | undefined {
  return service?.path === "/" ? undefined : url(service, serviceUrl);
}

function url(
  service: HttpService | undefined,
  render: (service: HttpService) => string,
): { readonly url: string } | undefined {
  return service?.port === HTTPS_PORT ? { url: render(service) } : undefined;
}

/** One space between words, none at the ends: what is cut may end in one. */
function cut(text: string, length: number): string {
  return Array.from(text.trim().replace(/\s+/gu, " ")).slice(0, length).join("").trim();
}
