import type { Cloudflare } from "cloudflare";
import { readFileSync } from "node:fs";
import { openAcmeService } from "../../adapters/acme-client.ts";
import { openRenewalInfo } from "../../adapters/acme-renewal-info.ts";
import type { AcmeNetwork } from "../../adapters/acme-transport.ts";
import { openAuthoritativeResolver } from "../../adapters/authoritative-resolver.ts";
import { openCloudflare } from "../../adapters/cloudflare-api.ts";
import { openCloudflareChallenges } from "../../adapters/cloudflare-challenge.ts";
import { openDnsLookup } from "../../adapters/dns-lookup.ts";
import { systemClock } from "../../certificates/clock.ts";
import type {
  AcmeService,
  ChallengeStore,
  Clock,
  DnsLookup,
  PropagationCheck,
  RenewalInfoSource,
} from "../../certificates/ports.ts";
import type { RenewalKnowledge } from "../../certificates/renewal-information.ts";
import {
  readProviderSettings,
  type ConfigReader,
  type NetworkSettings,
  type ProviderSettings,
} from "../settings.ts";

/**
 * Longest time of one create or update, in milliseconds: the engine's first interrupt does not reach a dynamic
 * provider, so each call has to end by itself.
 */
const OPERATION_TIMEOUT_MS = 180_000;

/** The outside as the providers see it, once configured. */
export class ProviderContext {
  readonly clock: Clock;
  /** What `diff` learned of renewals, by certificate: a preview cannot store it, the `update` of the same run can. */
  readonly renewals: Map<string, RenewalKnowledge> = new Map();
  readonly #interrupt = new AbortController();
  readonly #orders = new Map<string, AcmeService>();
  readonly #renewalInfo = new Map<string, RenewalInfoSource>();
  #lookup: DnsLookup | undefined;
  #settings: ProviderSettings = readProviderSettings(() => undefined, {});
  #ca: string | undefined;

  constructor(clock: Clock = systemClock) {
    this.clock = clock;
  }

  configure(config: ConfigReader): void {
    this.#settings = readProviderSettings(config, process.env);
    const { caFile } = this.#settings.network;
    this.#ca = caFile === undefined ? undefined : readFileSync(caFile, "utf8");
    this.#orders.clear();
    this.#renewalInfo.clear();
    this.#lookup = undefined;
  }

  get network(): NetworkSettings {
    return this.#settings.network;
  }

  /** PEM roots trusted instead of the system's; undefined for the system's. */
  get ca(): string | undefined {
    return this.#ca;
  }

  acme(
    directoryUrl: string,
    accountKeyPem: string,
    externalAccountBinding?: { readonly kid: string; readonly hmacKey: string },
  ): AcmeService {
    return openAcmeService({
      directoryUrl,
      accountKeyPem,
      externalAccountBinding,
      network: this.#acmeNetwork(),
    });
  }

  /** The CA for orders: one session an account in a run, so that its orders share directory and nonces. */
  orders(directoryUrl: string, accountKeyPem: string): AcmeService {
    const key = `${directoryUrl} ${accountKeyPem}`;
    const acme = this.#orders.get(key) ?? this.acme(directoryUrl, accountKeyPem);
    this.#orders.set(key, acme);
    return acme;
  }

  /** The CA's renewal information alone: one question a certificate, its directory asked once a run. */
  renewalInfo(directoryUrl: string): RenewalInfoSource {
    const source = this.#renewalInfo.get(directoryUrl) ?? openRenewalInfo(directoryUrl, this.#acmeNetwork());
    this.#renewalInfo.set(directoryUrl, source);
    return source;
  }

  #acmeNetwork(): AcmeNetwork {
    return { ca: this.#ca, connectTo: this.network.connectTo ?? [] };
  }

  challenges(zones: readonly { readonly id: string; readonly name: string }[]): ChallengeStore {
    return openCloudflareChallenges({ client: this.cloudflare(), zones });
  }

  /** @throws MailAutodiscoverError `cloudflare-token-missing` */
  cloudflare(): Cloudflare {
    return openCloudflare(this.#settings);
  }

  get propagation(): PropagationCheck {
    const { resolver, authoritative, doh } = this.network;
    return openAuthoritativeResolver({ resolver, authoritative, doh, ca: this.#ca });
  }

  get lookup(): DnsLookup {
    const { resolver, authoritative } = this.network;
    this.#lookup ??= openDnsLookup({ resolver, authoritative });
    return this.#lookup;
  }

  /** Says a line to the operator. The engine shows what a provider prints as information of the resource. */
  say(line: string): void {
    console.log(line);
  }

  withSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return work(AbortSignal.any([this.#interrupt.signal, AbortSignal.timeout(OPERATION_TIMEOUT_MS)]));
  }

  /** Aborted when a person ends the run; an order limits itself, from the moment its turn has come. */
  get interrupted(): AbortSignal {
    return this.#interrupt.signal;
  }

  interrupt(reason: Error): void {
    this.#interrupt.abort(reason);
  }
}
