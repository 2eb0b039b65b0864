import { MailAutodiscoverError } from "../errors.ts";

/** Reads one key of the stack's configuration, `namespace:key`; undefined where it is not set. */
export type ConfigReader = (key: string) => string | undefined;

/** Where the world is, for closed networks; the same words as the options of the checks. */
export interface NetworkSettings {
  /** `ip:port` of the resolver; undefined means the system's. */
  readonly resolver?: string | undefined;
  /** `ip:port` that answers for every zone as its own servers would; undefined means the servers that NS records name. */
  readonly authoritative?: string | undefined;
  /** PEM file of the roots that are trusted instead of the system's. */
  readonly caFile?: string | undefined;
  /** `host:port:ip:port`: a connection to the first pair is made to the second. */
  readonly connectTo?: readonly string[] | undefined;
  readonly allowPrivate?: boolean | undefined;
  /** DNS over HTTPS servers (URLs) to ask where port 53 is blocked. Default: public ones, none in a closed network. */
  readonly doh?: readonly string[] | undefined;
}

/** What the certificate provider needs, from `cloudflare:` and `mail-autodiscover:` config or the environment. */
export interface ProviderSettings {
  readonly apiToken: string | undefined;
  readonly baseUrl: string | undefined;
  readonly network: NetworkSettings;
}

export const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";
export const LETS_ENCRYPT_STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory";

/** Reads the settings that the providers share. @throws MailAutodiscoverError `invalid-config` */
export function readProviderSettings(config: ConfigReader, environment: NodeJS.ProcessEnv): ProviderSettings {
  return {
    apiToken: config("cloudflare:apiToken") ?? environment["CLOUDFLARE_API_TOKEN"],
    baseUrl: config("cloudflare:baseUrl") ?? environment["CLOUDFLARE_BASE_URL"],
    network: parseNetworkSettings(config("mail-autodiscover:network")),
  };
}

/** Returns the ACME directory: a URL, `staging` for Let's Encrypt's staging, or Let's Encrypt (default). */
export function acmeDirectory(text: string | undefined): string {
  if (text === undefined || text === "" || text === "production") return LETS_ENCRYPT;
  if (text === "staging") return LETS_ENCRYPT_STAGING;
  if (URL.canParse(text) && new URL(text).protocol === "https:") return text;
  throw invalid("acmeDirectory", text, "Write an https URL, production, or staging.");
}

/**
 * Issuer domain names of public CAs by the host of their directory (RFC 8659 §4.2), as their documentation gives them:
 * letsencrypt.org/docs/caa, pki.goog/faq, sectigo.com (ZeroSSL); verified 2026-11-23.
 */
const CAA_ISSUERS: Readonly<Record<string, string>> = {
  "acme-v02.api.letsencrypt.org": "letsencrypt.org",
  "acme-staging-v02.api.letsencrypt.org": "letsencrypt.org",
  "dv.acme-v02.api.pki.goog": "pki.goog",
  "acme.zerossl.com": "sectigo.com",
};

/** Returns the issuer domain name of a CA for CAA records: as configured, else as known; undefined for another CA. */
export function caaIssuer(directoryUrl: string, text: string | undefined): string | undefined {
  return text === undefined || text === "" ? CAA_ISSUERS[new URL(directoryUrl).hostname] : text;
}

/**
 * Returns the hours between two runs of a pipeline from `7d` or `12h`; undefined where nothing is said.
 * @throws MailAutodiscoverError `invalid-config`
 */
export function parseSchedule(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const [, count = "", unit] = /^(\d{1,4})\s*([hd])$/.exec(text.trim()) ?? [];
  const hours = Number(count) * (unit === "d" ? 24 : 1);
  if (hours > 0) return hours;
  throw invalid("schedule", text, "Write how often the pipeline runs, such as 7d or 12h.");
}

/**
 * Returns a whole number from 0; undefined where nothing is said.
 * @throws MailAutodiscoverError `invalid-config`
 */
export function parseKeyVersion(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text);
  throw invalid("acmeKeyVersion", text, "Write a whole number.");
}

function parseNetworkSettings(text: string | undefined): NetworkSettings {
  if (text === undefined || text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below, as for any other text that is not an object.
  }
  throw invalid("network", text, "Write an object with resolver, caFile, connectTo and allowPrivate.");
}

function invalid(key: string, value: string, remedy: string): MailAutodiscoverError {
  return new MailAutodiscoverError("invalid-config", `mail-autodiscover:${key} is not usable: ${value}`, {
    remedy,
  });
}
