import type { Cloudflare } from "cloudflare";
import { readFileSync } from "node:fs";
import { openAcmeService } from "../../adapters/acme-client.ts";
import { openAuthoritativeResolver } from "../../adapters/authoritative-resolver.ts";
import { openCloudflare } from "../../adapters/cloudflare-api.ts";
import { openCloudflareChallenges } from "../../adapters/cloudflare-challenge.ts";
import { systemClock } from "../../certificates/clock.ts";
import type { AcmeService, ChallengeStore, Clock, PropagationCheck } from "../../certificates/ports.ts";
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
  readonly clock: Clock = systemClock;
  readonly #interrupt = new AbortController();
  #settings: ProviderSettings = readProviderSettings(() => undefined, {});
  #ca: string | undefined;

  configure(config: ConfigReader): void {
    this.#settings = readProviderSettings(config, process.env);
    const { caFile } = this.#settings.network;
    this.#ca = caFile === undefined ? undefined : readFileSync(caFile, "utf8");
  }

  get network(): NetworkSettings {
    return this.#settings.network;
  }

  /** PEM roots trusted instead of the system's; undefined for the system's. */
  get ca(): string | undefined {
    return this.#ca;
  }

  acme(directoryUrl: string, accountKeyPem: string): AcmeService {
    return openAcmeService({
      directoryUrl,
      accountKeyPem,
      network: { ca: this.#ca, connectTo: this.network.connectTo ?? [] },
    });
  }

  challenges(zones: readonly { readonly id: string; readonly name: string }[]): ChallengeStore {
    return openCloudflareChallenges({ client: this.cloudflare(), zones });
  }

  /** @throws MailAutodiscoverError `cloudflare-token-missing` */
  cloudflare(): Cloudflare {
    return openCloudflare(this.#settings);
  }

  get propagation(): PropagationCheck {
    const { resolver, authoritative } = this.network;
    return openAuthoritativeResolver({ resolver, authoritative });
  }

  /** Says a line to the operator. The engine shows what a provider prints as information of the resource. */
  say(line: string): void {
    console.log(line);
  }

  withSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return work(AbortSignal.any([this.#interrupt.signal, AbortSignal.timeout(OPERATION_TIMEOUT_MS)]));
  }

  interrupt(reason: Error): void {
    this.#interrupt.abort(reason);
  }
}
