import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Cloudflare, { APIError } from "cloudflare";
import { startCloudflareApi } from "../../../../infra/sandbox/cloudflare-api/start-cloudflare-api.ts";
import type {
  CloudflareApi,
  CloudflareApiOptions,
} from "../../../../infra/sandbox/cloudflare-api/start-cloudflare-api.ts";

export const TOKEN = "sandbox-token-0000000000000000000000000000";
export const ACCOUNT = "0123456789abcdef0123456789abcdef";

export interface RunningApi extends AsyncDisposable {
  readonly api: CloudflareApi;
  /** The official SDK, without retries: a refusal is seen at once. */
  readonly client: Cloudflare;
  readonly stateFile: string;
  zoneId(name: string): string;
  /** Sends what the SDK cannot. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly result: unknown;
    readonly success: boolean;
    readonly errors: readonly {
      readonly code: number;
      readonly message: string;
      readonly error_chain?: readonly { readonly code: number }[];
    }[];
  };
}

export async function runApi(options: Partial<CloudflareApiOptions> = {}): Promise<RunningApi> {
  const folder = await mkdtemp(join(tmpdir(), "cloudflare-api-"));
  const stateFile = options.stateFile ?? join(folder, "cloudflare.json");
  const api = await startCloudflareApi({
    host: "127.0.0.1",
    port: 0,
    apiToken: TOKEN,
    accountId: ACCOUNT,
    zones: ["example.test", "example.com"],
    workersSubdomain: "sandbox",
    ...options,
    stateFile,
  });
  return {
    api,
    client: new Cloudflare({ apiToken: TOKEN, baseURL: api.url, maxRetries: 0 }),
    stateFile,
    zoneId: (name) => api.store.zones().find((zone) => zone.name === name)?.id ?? "",
    send: async (method, path, body, headers) => {
      const response = await fetch(`${api.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${TOKEN}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return {
        status: response.status,
        headers: response.headers,
        body: (await response.json()) as Answer["body"],
      };
    },
    [Symbol.asyncDispose]: async () => {
      await api.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The codes of an SDK error, the chain's after the frame's: `[1004, 9041]`. */
export async function codesOf(call: PromiseLike<unknown>): Promise<readonly number[]> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    const entries = error.errors as Answer["body"]["errors"];
    return entries.flatMap(({ code, error_chain: chain }) => [
      code,
      ...(chain ?? []).map((entry) => entry.code),
    ]);
  }
  return [];
}
