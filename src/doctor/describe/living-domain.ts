import type { ClientServer } from "../../clients/discovery.ts";
import type { MailPortView } from "../../clients/world.ts";

/** Settings that some place publishes for the domain. */
export interface PublishedSettings {
  /** URL without its query, or `_imaps._tcp.example.com SRV` and its like. */
  readonly source: string;
  readonly servers: readonly ClientServer[];
  /** Undefined where the place says nothing about it. */
  readonly username: "address" | "localPart" | undefined;
  readonly displayName?: string | undefined;
  readonly webmail?: string | undefined;
}

/** A mail port that was looked at. */
export interface LivingPort extends ClientServer {
  readonly view: MailPortView;
}

/** A DKIM key found under one of the usual selectors. */
export type LivingDkim =
  | { readonly selector: string; readonly cname: string }
  | { readonly selector: string; readonly publicKey: string };

/** What a domain looks like from the outside, as far as its file could say it. */
export interface LivingDomain {
  /** A-labels. */
  readonly domain: string;
  readonly mx: readonly { readonly priority: number; readonly host: string }[];
  readonly spf: string | undefined;
  readonly dmarc: string | undefined;
  readonly tlsRpt: string | undefined;
  readonly dkim: readonly LivingDkim[];
  /** `flags tag value`. */
  readonly caa: readonly string[];
  /** The MTA-STS policy's text; undefined where the domain has none. */
  readonly mtaSts: string | undefined;
  /** In the order in which they are believed. */
  readonly published: readonly PublishedSettings[];
  readonly ports: readonly LivingPort[];
  /** Addresses by host, of the mail hosts. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly sieve: { readonly host: string; readonly port: number } | undefined;
  /** https URLs of services that SRV records name. */
  readonly calDav: string | undefined;
  readonly cardDav: string | undefined;
  readonly jmap: string | undefined;
  /** CNAME targets at the discovery names and at `_domainkey`, by name. */
  readonly aliases: ReadonlyMap<string, string>;
  /** What a wildcard answers; undefined where there is none. */
  readonly wildcard: string | undefined;
  /** What could not be looked up, one `NAME TYPE: reason` each. */
  readonly unknown: readonly string[];
}
