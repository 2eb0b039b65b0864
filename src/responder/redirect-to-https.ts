import type { ResponderAnswer, ResponderRequest } from "./exchange.ts";
import { redirect } from "./responses.ts";
import { AUTODISCOVER_PATH, type DocumentName } from "./route-of.ts";

/** Services of Exchange that are not here; a redirect would make clients believe in them. */
const EXCHANGE_PATH =
  /^\/(autodiscover\/autodiscover\.(svc|json)|ews|mapi|microsoft-server-activesync)(\/|$)/i;

/**
 * Returns the answer over plain HTTP; undefined where nothing is there. Outlook's plain-HTTP step takes 301
 * and 302 only, and expects the one spelling of the path. The others keep path and query.
 */
export function redirectToHttps(
  { host, path, search }: ResponderRequest,
  route: DocumentName | undefined,
): ResponderAnswer | undefined {
  const origin = `https://${host}`;
  const isForOutlook = host.startsWith("autodiscover.") && !EXCHANGE_PATH.test(path);
  if (route === "autodiscover" || (route === undefined && isForOutlook)) {
    return redirect(302, `${origin}${AUTODISCOVER_PATH}`);
  }
  return route === undefined ? undefined : redirect(301, `${origin}${path}${search}`);
}
