import type { ClientServer } from "../../clients/ladder/discovery.ts";
import type { MailPortView, MailProtocol } from "../../clients/world/world.ts";
import type { HelpFile, OAuth2File } from "../../spec/domain-file.ts";

/** Settings that some place publishes for the domain. */
export interface PublishedSettings {
  /** URL without its query, or `_imaps._tcp.example.com SRV` and its like. */
  readonly source: string;
  readonly servers: readonly ClientServer[];
  /** Undefined where the place says nothing about it. */
  readonly username: "address" | "localPart" | undefined;
  readonly webmail?: string | undefined;
  /** What the domain's own autoconfig document says of the domain; a provider's document speaks of the provider. */
  readonly own?: OwnWords | undefined;
}

/** What an autoconfig document says beside servers. */
export interface OwnWords {
  /** The document as it came. */
  readonly document: string;
  readonly displayName: string | undefined;
  readonly displayShortName: string | undefined;
  readonly calDav: string | undefined;
  readonly cardDav: string | undefined;
  /** A session resource at the well-known path stands for its host. */
  readonly jmap: string | undefined;
  readonly help: HelpFile | undefined;
  readonly oauth2: OAuth2File | undefined;
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
  /** Places of documents that answer with something else, one line each. */
  readonly misplaced: readonly string[];
  /** By protocol, what SRV records say: an empty list where they say that it is not offered. */
  readonly srv: ReadonlyMap<MailProtocol, readonly ClientServer[]>;
  /** Host that `_autodiscover._tcp` names. */
  readonly autodiscoverTarget: string | undefined;
  readonly ports: readonly LivingPort[];
  /** Addresses by host, of the mail hosts that hold them themselves: an alias holds none. */
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
  /** False where the name does not exist at all (NXDOMAIN). */
  readonly exists: boolean;
  /** What could not be looked up, one line for each reason. */
  readonly unknown: readonly string[];
}
