import type { DiscoveryLabel } from "./discovery-labels.ts";
import type { Language } from "./languages.ts";

/**
 * The one model. Every record, document, certificate name and check is derived from a `MailDomain`;
 * a second place that knows a port or a host is a defect.
 */

/** How a connection is protected: TLS from the first byte (RFC 8314 §3), STARTTLS (RFC 2595, 3207), or not at all. */
export type TlsMode = "implicit" | "starttls" | "plain";

/** One place where a server answers. */
export interface Endpoint {
  /** A-label host name, lower case, no trailing dot. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  readonly tls: TlsMode;
}

/** `address`: the full address is the user name (default, RFC 6186 §4); `localPart`: only what stands before the `@`. */
export type UsernameForm = "address" | "localPart";

export interface MailServer {
  readonly host: string;
  /** IPv4 and RFC 5952 IPv6 addresses to publish for `host`; empty where somebody else keeps its records. */
  readonly addresses: readonly string[];
  /** Preferred first. Empty where the service is not offered. */
  readonly imap: readonly Endpoint[];
  readonly pop3: readonly Endpoint[];
  readonly submission: readonly Endpoint[];
  /** ManageSieve (RFC 5804), STARTTLS; empty where it is not offered. */
  readonly sieve: readonly Endpoint[];
  /** Whether moving mail to the junk folder over IMAP trains the filter, as the file says; undefined leaves it to the preset. */
  readonly spamTraining: boolean | undefined;
}

/** A service under one https URL: CalDAV, CardDAV (RFC 6764) or JMAP (RFC 8620). */
export interface HttpService {
  readonly host: string;
  /** 1 to 65535; 443 where the URL names none. */
  readonly port: number;
  /** Context path with its final slash, `/` where the URL names none. */
  readonly path: string;
}

/** Where the documents are served: by the Cloudflare Worker, or by a host outside Cloudflare. */
export type PublishTarget =
  | {
      readonly kind: "worker";
      /** Host of the `_autodiscover._tcp` SRV record; absent means the Worker's `workers.dev` host. */
      readonly srvTarget: string | undefined;
    }
  | { readonly kind: "origin"; readonly host: string };

export type KeyType = "P-256" | "P-384" | "RSA-2048" | "RSA-3072" | "RSA-4096";

export interface CertificateSpec {
  /** Names beside the default ones (the domain, its wildcard, the mail server), A-labels. */
  readonly additionalNames: readonly string[];
  readonly keyType: KeyType;
  /** The ACME profile (for example `tlsserver`); absent means the CA's default. */
  readonly profile: string | undefined;
  /** `single`: one certificate for everything; `separate`: the mail server never holds the wildcard's key. */
  readonly layout: CertificateLayout;
  /** Another number makes another key with the next certificate. Default 0. */
  readonly keyVersion: number;
  /** An issuer's common name in the chain to prefer; absent means the CA's default chain. */
  readonly preferredChain: string | undefined;
  /**
   * Names outside the zones that the token can edit whose `_acme-challenge` is a CNAME into one that it can (RFC 8555
   * §8.4 with RFC 1034 §3.6.2): they are asked for as if their zone were here.
   */
  readonly delegatedNames: readonly string[];
  /** True: the certificate is revoked when its resource is deleted. Default false: it may still be presented somewhere. */
  readonly revokeOnDelete: boolean;
  /**
   * What a failed renewal is while a sixth of the life is left: `warn` (default) keeps the present certificate and goes
   * on, `error` fails the update.
   */
  readonly renewalFailure: "warn" | "error";
  /**
   * Key of the stack's config, below `mail-autodiscover:`, that holds a certificate bought elsewhere: PEM of its chain and
   * its private key, as a secret. Absent: the module orders one.
   */
  readonly provided: string | undefined;
  /** Folders that receive the full chain and the key. */
  readonly deployTo: readonly DirectoryTarget[];
}

export type CertificateLayout = "single" | "separate";

/** Which certificate of the layout `separate`: that of the mail server, or that of the domain and its wildcard. */
export type CertificateRole = "mail" | "domain";

export interface DirectoryTarget {
  readonly kind: "directory";
  readonly path: string;
  /** Default `mail`: servers that read mail ports need that one. Without meaning where the layout is `single`. */
  readonly certificate: CertificateRole;
}

/** A mail exchanger; the host `.` says that the domain takes no mail (RFC 7505). */
export interface MailExchanger {
  /** 0 to 65535, the lowest is asked first. */
  readonly priority: number;
  readonly host: string;
}

/** An SPF policy (RFC 7208): terms in their order, without the version and without `all`. */
export interface SpfPolicy {
  /** Mechanisms and modifiers, lower case names: `mx`, `include:_spf.example.net`, `ip4:192.0.2.0/24`. */
  readonly terms: readonly string[];
  readonly all: "-all" | "~all" | "?all" | undefined;
}

/** A DKIM key record (RFC 6376): its text, or the provider's name that holds it. */
export type DkimKey =
  | { readonly selector: string; readonly text: string }
  | { readonly selector: string; readonly cname: string };

/** An MTA-STS policy (RFC 8461 §3.2); its `mx` lines are the domain's exchangers. */
export interface MtaStsPolicy {
  readonly mode: "testing" | "enforce" | "none";
  /** 86,400 to 31,557,600. Default 604,800, a week: long enough to protect, short enough to leave. */
  readonly maxAgeSeconds: number;
}

/** Who may issue certificates (RFC 8659). */
export interface CaaPolicy {
  /** Issuer domain names beside the module's own CA and those that Cloudflare's edge needs. */
  readonly issuers: readonly string[];
  /** `mailto:` or `https:` URL for reports; undefined for none. */
  readonly iodef: string | undefined;
  /** Binds the CA to the module's own account and to dns-01 (RFC 8657). Default true. */
  readonly bindAccount: boolean;
}

/** What the domain says about delivery: only what its file or preset asks for. */
export interface Delivery {
  /** Sorted as written; empty where the file asks for none. */
  readonly mx: readonly MailExchanger[];
  readonly spf: SpfPolicy | undefined;
  readonly dkim: readonly DkimKey[];
  /** The record's text, `v=DMARC1; ...` (RFC 9989). */
  readonly dmarc: string | undefined;
  readonly mtaSts: MtaStsPolicy | undefined;
  /** `mailto:` and `https:` URLs that receive reports (RFC 8460); empty for no record. */
  readonly tlsRpt: readonly string[];
  readonly caa: CaaPolicy | undefined;
}

/** A record named in `adopt` or `replace`. */
export interface RecordName {
  /** As written, in A-labels and lower case: an FQDN, or relative to the domain; `@` is the domain itself. */
  readonly name: string;
  /** Upper case. */
  readonly type: string;
}

/**
 * What to do about a wildcard that answers for names which clients probe: `shadow` (default) puts a record of its own at
 * each discovery name, `forbid` fails the preview, `allow` warns.
 */
export interface WildcardPolicy {
  readonly policy: "shadow" | "forbid" | "allow";
  /** FQDNs that may lose the wildcard through records of this module. */
  readonly accept: readonly string[];
}

/** What the preset's server or provider answers by itself, so that the module does not contradict it. */
export interface PresetFacts {
  /** The preset's key, for example `plesk`; `none` without one. */
  readonly name: string;
  /** Shown to people, for example `Plesk`. */
  readonly title: string;
  /** Discovery labels that a hosted provider serves: the name becomes a DNS-only CNAME to this host. */
  readonly discovery: Readonly<Partial<Record<DiscoveryLabel, string>>>;
  /** Target of `_autodiscover._tcp` at the provider; undefined where it has none. */
  readonly autodiscoverSrv: string | undefined;
  /** Discovery labels at which a panel would answer by itself. */
  readonly answers: readonly DiscoveryLabel[];
  /** How to switch the panel's own answers off, one sentence; undefined where there are none. */
  readonly answersRemedy: string | undefined;
  /** Whether moving mail to the junk folder over IMAP trains the filter; undefined where it is not known. */
  readonly spamTraining: boolean | undefined;
}

/** The operator's own page about setting up mail. */
export interface HelpPage {
  /** https URL. */
  readonly url: string;
  /** What the page is about, by BCP 47 language tag in its canonical form; empty where the file gives none. */
  readonly texts: Readonly<Record<string, string>>;
}

/** An OAuth2 authorization server that the mail server takes tokens of, beside passwords (RFC 6749, RFC 7628). */
export interface OAuth2Server {
  /** https URL as the server writes it: clients compare it octet by octet (RFC 8414 §3.3). */
  readonly issuer: string;
  readonly authUrl: string;
  readonly tokenUrl: string;
  /** At least one. */
  readonly scopes: readonly string[];
  /** Of a public client for everybody; undefined where clients bring their own. */
  readonly clientId: string | undefined;
}

export interface MailDomain {
  /** A-label, lower case, no trailing dot. */
  readonly domain: string;
  /** The domain of whose file this one is an alias; undefined where it has a file of its own. */
  readonly aliasOf: string | undefined;
  readonly displayName: string;
  readonly displayShortName: string;
  readonly mailServer: MailServer;
  readonly username: UsernameForm;
  /** Where people read mail in a browser; undefined where there is no such place. */
  readonly webmail: string | undefined;
  readonly calDav: HttpService | undefined;
  readonly cardDav: HttpService | undefined;
  readonly jmap: HttpService | undefined;
  readonly help: HelpPage | undefined;
  /** Languages of the settings page, the default one first. At least one. */
  readonly languages: readonly Language[];
  readonly oauth2: OAuth2Server | undefined;
  readonly delivery: Delivery;
  /** Names for clients that guess, published as CNAME to the mail host. */
  readonly guessNames: GuessNames;
  readonly preset: PresetFacts;
  readonly publish: PublishTarget;
  readonly certificate: CertificateSpec;
  /** Records of somebody else that become ours unchanged. */
  readonly adopt: readonly RecordName[];
  /** Records of somebody else that are overwritten or displaced. */
  readonly replace: readonly RecordName[];
  readonly wildcard: WildcardPolicy;
}

export interface GuessNames {
  /** Labels below the domain: `imap`, `smtp`, `mail`, `pop`. */
  readonly labels: readonly string[];
  /** True where the file names them: then a record of somebody else in the way is a problem, else it is left alone. */
  readonly isAsked: boolean;
}
