import { gzipSync } from "node:zlib";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deriveClientSettings, renderClientSettings } from "../../src/documents/client-settings.ts";
import { bundleWorker } from "./bundle-worker.ts";
import { CLIENT_REQUESTS, type ClientRequest } from "./client-requests.ts";
import { expectAnswer } from "./expect-answer.ts";
import { replayDomain } from "./replay-domain.ts";

const SIGNED = Uint8Array.of(0x30, 0x82, 0x00, 0xff);

let bundle: string;
let miniflare: Miniflare;

beforeAll(async () => {
  bundle = await bundleWorker();
  miniflare = new Miniflare({
    modules: true,
    script: bundle,
    compatibilityDate: "2026-04-01",
    kvNamespaces: ["MAIL_DOMAINS"],
    cf: false,
  });
  const namespace = (await miniflare.getKVNamespace("MAIL_DOMAINS")) as unknown as {
    put(key: string, value: string): Promise<void>;
  };
  await namespace.put("example.com", renderClientSettings(deriveClientSettings(replayDomain())));
  await namespace.put("signed.example/profile", Buffer.from(SIGNED).toString("base64"));
});
afterAll(() => miniflare.dispose());

const named = CLIENT_REQUESTS.map((request): [string, ClientRequest] => [
  `${request.client}: ${request.method} ${request.url}`,
  request,
]);

test.each(named)("in workerd, %s", async (_, request) => {
  const { method, headers, body } = request;
  const response = await miniflare.dispatchFetch(request.url, {
    method,
    headers,
    redirect: "manual",
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  expectAnswer(
    { status: response.status, body: text, header: (name) => response.headers.get(name) ?? undefined },
    request,
  );
});

test("in workerd, the signed profile of its own KV key is served as bytes", async () => {
  const response = await miniflare.dispatchFetch("https://autoconfig.signed.example/mobileconfig");
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(SIGNED);
});

test("the Worker's script has less than 50 kB, compressed", () => {
  expect(gzipSync(bundle).byteLength).toBeLessThan(50_000);
});
