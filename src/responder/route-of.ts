/** What a path leads to. */
export type DocumentName =
  | "autoconfig"
  | "autodiscover"
  | "autodiscoverJson"
  | "mtaSts"
  | "pacc"
  | "page"
  | "text"
  | "profile"
  | "caldav"
  | "carddav"
  | "jmap";

export const AUTODISCOVER_PATH = "/autodiscover/autodiscover.xml";
const AUTODISCOVER_JSON = "/autodiscover/autodiscover.json";

const ANY_HOST: ReadonlyMap<string, DocumentName> = new Map([
  ["/mail/config-v1.1.xml", "autoconfig"],
  ["/.well-known/autoconfig/mail/config-v1.1.xml", "autoconfig"],
  [AUTODISCOVER_PATH, "autodiscover"],
  ["/.well-known/caldav", "caldav"],
  ["/.well-known/carddav", "carddav"],
  ["/.well-known/jmap", "jmap"],
]);

const AUTOCONFIG_HOST: ReadonlyMap<string, DocumentName> = new Map([
  ["/", "page"],
  ["/settings.txt", "text"],
  ["/mobileconfig", "profile"],
]);

/**
 * Returns what a host and a path stand for. Paths of autodiscover are compared without case: Outlook alone sends three
 * spellings. The page and the profile are at the autoconfig name only, so that no document path can ever be HTML.
 */
export function routeOf(host: string, path: string): DocumentName | undefined {
  const exact = ANY_HOST.get(path);
  if (exact !== undefined) return exact;
  if (/^\/autodiscover\//i.test(path)) return autodiscoverRoute(path.toLowerCase());
  if (host.startsWith("autoconfig.")) {
    const named = path === `/${host.slice("autoconfig.".length)}.mobileconfig`;
    return named ? "profile" : AUTOCONFIG_HOST.get(path);
  }
  // The policy counts at its own name only (RFC 8461 §3.3), and the PACC document at the one that its record stands beside.
  if (path === "/.well-known/mta-sts.txt" && host.startsWith("mta-sts.")) return "mtaSts";
  const isPacc = path === "/.well-known/user-agent-configuration.json" && host.startsWith("ua-auto-config.");
  return isPacc ? "pacc" : undefined;
}

function autodiscoverRoute(path: string): DocumentName | undefined {
  if (path === AUTODISCOVER_PATH) return "autodiscover";
  return path === AUTODISCOVER_JSON || path.startsWith(`${AUTODISCOVER_JSON}/v1.0/`)
    ? "autodiscoverJson"
    : undefined;
}
