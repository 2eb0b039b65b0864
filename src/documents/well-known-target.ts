import type { ClientSettings } from "./client-settings.ts";
import { jmapSessionUrl, serviceUrl } from "./service-url.ts";

/** Services with a well-known path of their own (RFC 6764 §5, RFC 8620 §2.2). */
export type WellKnownService = "caldav" | "carddav" | "jmap";

/**
 * Returns where `/.well-known/<service>` of the mail domain leads; undefined where the domain has no such service, or where
 * its server is the domain itself and answers that very path.
 */
export function wellKnownTarget(settings: ClientSettings, service: WellKnownService): string | undefined {
  const place = { caldav: settings.calDav, carddav: settings.cardDav, jmap: settings.jmap }[service];
  if (place === undefined) return undefined;
  const target = service === "jmap" ? jmapSessionUrl(place) : serviceUrl(place);
  const own = `https://${settings.domain}/.well-known/${service}`;
  return target === own || target === `${own}/` ? undefined : target;
}
