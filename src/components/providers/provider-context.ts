import type { Cloudflare } from "cloudflare";
import { readFileSync } from "node:fs";
import type { AcmeServiceOptions } from "../../adapters/acme/acme-client.ts";
import type { AcmeSession } from "../../adapters/acme/acme-transport.ts";
import { systemClock } from "../../certificates/clock.ts";
import type {
  AcmeService,
  ChallengeStore,
  Clock,
  DnsLookup,
  PropagationCheck,
  RenewalInfoSource,
} from "../../certificates/ports.ts";
import type { RenewalKnowledge } from "../../certificates/renewal/renewal-information.ts";
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

/**
 * The outside as the providers see it, once configured. Each adapter is loaded when it is first asked for: every run without a change loads
 * this module, and the libraries below the adapters take 0.5 s and 80 MB.
 */
export class ProviderContext {
  readonly clock: Clock;
  /** What `diff` learned of renewals, by certificate: a preview cannot store it, the `update` of the same run can. */
  readonly renewals: Map<string, RenewalKnowledge> = new Map();
  readonly #interrupt = new AbortController();
  readonly #orders = new Map<string, Promise<AcmeService>>();
  readonly #sessions = new Map<string, AcmeSession>();
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
    this.#sessions.clear();
    this.#lookup = undefined;
  }

  get network(): NetworkSettings {
    return this.#settings.network;
  }

  /** PEM roots trusted instead of the system's; undefined for the system's. */
  get ca(): string | undefined {
    return this.#ca;
  }

  /** A CA with one account key. `accountUrl` is that key's account, where it is known. */
  async acme(
    directoryUrl: string,
    accountKeyPem: string,
    options: Pick<AcmeServiceOptions, "accountUrl" | "externalAccountBinding"> = {},
  ): Promise<AcmeService> {
    const { openAcmeService } = await import("../../adapters/acme/acme-client.ts");
    const session = await this.#session(directoryUrl);
    return openAcmeService({ directoryUrl, accountKeyPem, session, ...options });
  }

  /** The CA for orders: one service an account in a run, so that its orders share what it learned of the account. */
  async orders(directoryUrl: string, accountKeyPem: string, accountUrl?: string): Promise<AcmeService> {
    const key = `${directoryUrl} ${accountKeyPem}`;
    const acme = this.#orders.get(key) ?? this.acme(directoryUrl, accountKeyPem, { accountUrl });
    this.#orders.set(key, acme);
    return await acme;
  }

  /** The CA's renewal information alone: one question a certificate. */
  async renewalInfo(directoryUrl: string): Promise<RenewalInfoSource> {
    const { openRenewalInfo } = await import("../../adapters/acme/acme-renewal-info.ts");
    return openRenewalInfo(directoryUrl, {}, await this.#session(directoryUrl));
  }

  /** One session a CA in a run: its directory is asked once, and nonces serve whoever comes next. */
  async #session(directoryUrl: string): Promise<AcmeSession> {
    const { openAcmeSession } = await import("../../adapters/acme/acme-transport.ts");
    const network = { ca: this.#ca, connectTo: this.network.connectTo ?? [] };
    const session = this.#sessions.get(directoryUrl) ?? openAcmeSession(network, directoryUrl);
    this.#sessions.set(directoryUrl, session);
    return session;
  }

  async challenges(
    zones: readonly { readonly id: string; readonly name: string }[],
  ): Promise<ChallengeStore> {
    const { openCloudflareChallenges } = await import("../../adapters/cloudflare/cloudflare-challenge.ts");
    return openCloudflareChallenges({ client: await this.cloudflare(), zones });
  }

  /** @throws MailAutodiscoverError `cloudflare-token-missing` */
  async cloudflare(): Promise<Cloudflare> {
    const { openCloudflare } = await import("../../adapters/cloudflare/cloudflare-api.ts");
    return openCloudflare(this.#settings);
  }

  async propagation(): Promise<PropagationCheck> {
    const { openAuthoritativeResolver } = await import("../../adapters/resolver/authoritative-resolver.ts");
    const { resolver, authoritative, doh } = this.network;
    return openAuthoritativeResolver({ resolver, authoritative, doh, ca: this.#ca });
  }

  async lookup(): Promise<DnsLookup> {
    const { openDnsLookup } = await import("../../adapters/resolver/dns-lookup.ts");
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
