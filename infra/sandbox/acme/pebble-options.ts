import type { ApiCertificate } from "./api-certificate.ts";

/** Seconds, sent as Retry-After while a validation or an order is under way. Pebble's example has 3 and 5; here they only cost time. */
const RETRY_AFTER = { authz: 1, order: 1 };

const DAY_SECONDS = 24 * 60 * 60;

/** One profile: Pebble takes one at random for an order that names none. */
const DEFAULT_PROFILES: Readonly<Record<string, PebbleProfile>> = {
  classic: { description: "90 days, the default of Let's Encrypt", validityPeriod: 90 * DAY_SECONDS },
};

export interface PebbleProfile {
  readonly description: string;
  /** Seconds. */
  readonly validityPeriod: number;
}

/** What Pebble v2.10.1 can be told by its command line, its configuration file and its environment. */
export interface PebbleOptions {
  readonly pebblePath: string;
  /** Keeps the configuration, the API's TLS files and the roots of all runs. */
  readonly stateDir: string;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Names beside loopback by which clients reach the API. */
  readonly names?: readonly string[];
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly managementPort?: number;
  /** `ip:port` of the DNS that validations ask. Pebble asks it over TCP alone. */
  readonly dnsServer: string;
  /** Where http-01 and tls-alpn-01 would connect; no dns-01 order does. Default 80 and 443. */
  readonly httpPort?: number;
  readonly tlsPort?: number;
  /** Default true: legacy members and challenge bodies other than `{}` are refused. */
  readonly strict?: boolean;
  /** Default one, `classic`, of 90 days. */
  readonly profiles?: Readonly<Record<string, PebbleProfile>>;
  /** By key id, base64url HMAC keys; given, each new account must bind to one. */
  readonly externalAccountKeys?: Readonly<Record<string, string>>;
  /** Names, with all below them, that get no order (rejectedIdentifier). */
  readonly blockedDomains?: readonly string[];
  /** What the directory says of CAA; Pebble itself looks no CAA record up. Its default is `pebble.letsencrypt.org`. */
  readonly caaIdentities?: readonly string[];
  /** Seconds; default 1 each, 0 sends none. A coin decides whether Pebble says it as a number or a date. */
  readonly retryAfter?: { readonly authz: number; readonly order: number };
  /** Of all good nonces, percent that are refused. Pebble's default is 5. */
  readonly nonceRejectPercent?: number;
  /** How often, percent, a valid authorization is used again. Default 50; 0 still is one in a hundred (`wfe.go`, v2.10.1). */
  readonly authorizationReusePercent?: number;
  /** A validation begins after a random whole number of seconds below this: 3 gives 0 to 2. Default none. */
  readonly validationDelaySeconds?: number;
  /** Pebble's own variables; they come before what the options above say. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface PebblePlaces {
  /** `ip:port`. */
  readonly listen: string;
  readonly management: string;
  readonly tls: ApiCertificate;
}

/** Returns the content of Pebble's configuration file. */
export function pebbleConfig(options: PebbleOptions, { listen, management, tls }: PebblePlaces): object {
  return {
    pebble: {
      listenAddress: listen,
      managementListenAddress: management,
      certificate: tls.certificateFile,
      privateKey: tls.keyFile,
      httpPort: options.httpPort ?? 80,
      tlsPort: options.tlsPort ?? 443,
      externalAccountBindingRequired: options.externalAccountKeys !== undefined,
      externalAccountMACKeys: options.externalAccountKeys ?? {},
      retryAfter: options.retryAfter ?? RETRY_AFTER,
      keyAlgorithm: "ecdsa",
      profiles: options.profiles ?? DEFAULT_PROFILES,
      ...(options.blockedDomains === undefined ? {} : { domainBlocklist: options.blockedDomains }),
      ...(options.caaIdentities === undefined ? {} : { caaIdentities: options.caaIdentities }),
    },
  };
}

/** Returns the variables that Pebble reads. */
export function pebbleEnvironment(options: PebbleOptions): Readonly<Record<string, string>> {
  const { nonceRejectPercent, authorizationReusePercent = 50, validationDelaySeconds } = options;
  return {
    ...(validationDelaySeconds === undefined
      ? { PEBBLE_VA_NOSLEEP: "1" }
      : { PEBBLE_VA_SLEEPTIME: String(validationDelaySeconds) }),
    ...(nonceRejectPercent === undefined ? {} : { PEBBLE_WFE_NONCEREJECT: String(nonceRejectPercent) }),
    PEBBLE_AUTHZREUSE: String(authorizationReusePercent),
    ...options.env,
  };
}
