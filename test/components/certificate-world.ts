import { memoryChallenges } from "../certificates/memory-challenges.ts";
import { issuingAcme, type IssuingAcme } from "../certificates/issuing-acme.ts";
import { createCertificateKey } from "../../src/certificates/certificate-key.ts";
import type {
  AcmeService,
  ChallengeStore,
  Clock,
  DnsLookup,
  PropagationCheck,
  RenewalInfoSource,
} from "../../src/certificates/ports.ts";
import { certificate } from "../../src/components/providers/certificate.ts";
import type {
  CertificateInputs,
  CertificateOutputs,
} from "../../src/components/providers/certificate-state.ts";
import {
  dynamicProvider,
  type DynamicProvider,
  type Properties,
} from "../../src/components/providers/dynamic-provider.ts";
import { ProviderContext } from "../../src/components/providers/provider-context.ts";

export const DAY_MS: number = 24 * 60 * 60 * 1000;

/** The outside of one run of the engine: what a provider learns in it is forgotten with it. */
class MemoryContext extends ProviderContext {
  readonly lines: string[] = [];
  readonly #ca: IssuingAcme;

  constructor(clock: Clock, ca: IssuingAcme) {
    super(clock);
    this.#ca = ca;
  }

  override acme(): Promise<AcmeService> {
    return Promise.resolve(this.#ca.service);
  }

  override orders(): Promise<AcmeService> {
    return Promise.resolve(this.#ca.service);
  }

  override renewalInfo(): Promise<RenewalInfoSource> {
    return Promise.resolve(this.#ca.service);
  }

  override challenges(): Promise<ChallengeStore> {
    return Promise.resolve(memoryChallenges(new Map()));
  }

  override propagation(): Promise<PropagationCheck> {
    return Promise.resolve({ observe: () => Promise.resolve([]) });
  }

  override lookup(): Promise<DnsLookup> {
    return Promise.resolve({
      caa: () => Promise.resolve({ state: "absent" }),
      cname: () => Promise.resolve(undefined),
      dnssec: () => Promise.resolve("insecure"),
    });
  }

  override say(line: string): void {
    this.lines.push(line);
  }
}

export interface CertificateWorld {
  readonly ca: IssuingAcme;
  readonly wish: CertificateInputs;
  /** Moves the clock. */
  pass(days: number): void;
  now(): Date;
  /** A run of the engine, with what it said. */
  run(): { readonly provider: DynamicProvider; readonly lines: readonly string[] };
  /** Certificate as one `up` creates it. */
  create(wish?: Partial<CertificateInputs>): Promise<Stored>;
  /** One `up`: diff, and the update that it asks for. */
  up(stored: Stored, wish?: Partial<CertificateInputs>): Promise<Up>;
}

export interface Stored {
  readonly id: string;
  readonly outs: Properties & CertificateOutputs;
}

export interface Up {
  readonly stored: Stored;
  readonly changed: boolean;
  readonly lines: readonly string[];
  readonly error?: (Error & { readonly id?: string; readonly properties?: Properties }) | undefined;
}

/** A CA, a clock and a wish for one certificate of 90 days. */
export async function certificateWorld(): Promise<CertificateWorld> {
  let time = Date.parse("2026-11-23T12:00:00.000Z");
  const clock: Clock = { now: () => new Date(time), sleep: () => Promise.resolve() };
  const ca = await issuingAcme(clock);
  const wish: CertificateInputs = {
    directoryUrl: "https://ca.test/directory",
    accountKeyPem: "account key",
    accountUrl: "https://ca.test/account/1",
    privateKeyPem: await createCertificateKey("P-256"),
    dnsNames: ["*.example.com", "example.com"],
    zones: [{ id: "zone", name: "example.com" }],
  };
  const run = (): { provider: DynamicProvider; lines: string[] } => {
    const context = new MemoryContext(clock, ca);
    return { provider: dynamicProvider(certificate, context), lines: context.lines };
  };
  return {
    ca,
    wish,
    pass: (days) => {
      time += days * DAY_MS;
    },
    now: () => new Date(time),
    run,
    create: async (other = {}) => (await run().provider.create({ ...wish, ...other })) as Stored,
    up: async (stored, other = {}) => {
      const { provider, lines } = run();
      const news = { ...wish, ...other };
      const { changes, ...rest } = await provider.diff(stored.id, stored.outs, news);
      if ((rest.replaces ?? []).length > 0) throw new Error("a replacement was asked for");
      if (!changes) return { stored, changed: false, lines };
      try {
        const { outs } = await provider.update(stored.id, stored.outs, news);
        return { stored: { ...stored, outs: outs as Stored["outs"] }, changed: true, lines };
      } catch (thrown) {
        const error = thrown as NonNullable<Up["error"]>;
        // As the engine does with an ErrorResourceInitFailed; without one the state stays.
        const outs = (error.properties ?? stored.outs) as Stored["outs"];
        return { stored: { ...stored, outs }, changed: true, lines, error };
      }
    },
  };
}
