import { setTimeout } from "node:timers/promises";
import { Cloudflare } from "cloudflare";

/** What a client asked and was sent. */
export interface Meter {
  calls: number;
  /** Octets of the answers' bodies. */
  bytes: number;
}

export interface MeteredClient {
  readonly client: Cloudflare;
  readonly meter: Meter;
}

export interface MeteredClientOptions {
  readonly baseUrl: string;
  readonly apiToken: string;
  /** Waited before each request, as the way to the service and back would take. Default 0. */
  readonly latencyMs?: number | undefined;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch | undefined;
}

/** Opens the official SDK so that its requests are counted; none is repeated, which would count twice. */
export function openMeteredClient(options: MeteredClientOptions): MeteredClient {
  const { latencyMs = 0 } = options;
  const send = options.fetch ?? fetch;
  const meter: Meter = { calls: 0, bytes: 0 };
  const client = new Cloudflare({
    apiToken: options.apiToken,
    baseURL: options.baseUrl,
    maxRetries: 0,
    timeout: 60_000,
    fetch: async (input, init) => {
      meter.calls += 1;
      // A timer of 0 ms would still cost a turn of the event loop and more.
      if (latencyMs > 0) await setTimeout(latencyMs);
      const response = await send(input, init);
      meter.bytes += Number(response.headers.get("content-length") ?? 0);
      return response;
    },
  });
  return { client, meter };
}
