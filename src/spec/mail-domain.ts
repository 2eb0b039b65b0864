/**
 * The one model. Every record, document, certificate name and check is derived from a `MailDomain`;
 * a second place that knows a port or a host is a defect.
 */

/** How a connection is protected: TLS from the first byte (RFC 8314 §3), STARTTLS (RFC 2595, 3207), or not at all. */
export type TlsMode = "implicit" | "starttls" | "plain";

export type IncomingProtocol = "imap" | "pop3";

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
  /** Folders that receive the full chain and the key. */
  readonly deployTo: readonly DirectoryTarget[];
}

export interface DirectoryTarget {
  readonly kind: "directory";
  readonly path: string;
}

export interface MailDomain {
  /** A-label, lower case, no trailing dot. */
  readonly domain: string;
  readonly displayName: string;
  readonly displayShortName: string;
  readonly mailServer: MailServer;
  readonly username: UsernameForm;
  readonly publish: PublishTarget;
  readonly certificate: CertificateSpec;
}
