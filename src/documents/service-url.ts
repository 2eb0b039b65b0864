import type { HttpService } from "../spec/mail-domain.ts";

const HTTPS_PORT = 443;

/** Returns the https URL of a service, its context path included. */
export function serviceUrl({ host, port, path }: HttpService): string {
  return `https://${host}${port === HTTPS_PORT ? "" : `:${port}`}${path}`;
}

/**
 * Returns the URL of a JMAP server's session resource. A server that is named by its host alone answers at its own
 * well-known path (RFC 8620 §2.2). Session resources have no final slash, which a context path always bears.
 */
export function jmapSessionUrl(service: HttpService): string {
  const path = service.path === "/" ? "/.well-known/jmap" : service.path.replace(/\/$/, "");
  return serviceUrl({ ...service, path });
}
