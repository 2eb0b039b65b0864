/** One script in workerd, the runtime that Cloudflare itself runs, through Miniflare. */
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Log, LogLevel, Miniflare, type MiniflareOptions } from "miniflare";
import { MailAutodiscoverError } from "../../../src/errors.ts";
import type { EdgeBinding, EdgeModule, EdgeScript, EdgeWorld } from "./edge-world.ts";
import { ABSENT_HEADER, ADDED_BY_FETCH, FRONT_WORKER, THREW_HEADER } from "./front-worker.ts";
import { withoutSignalListeners } from "./yield-signals.ts";
import { HOP_BY_HOP, type EdgeReply, type EdgeRequest } from "./edge-exchange.ts";

export interface WorkerRuntime {
  /** Brings the KV values up to date, then lets the Worker answer. Rejects where the Worker throws. */
  fetch(request: EdgeRequest, world: EdgeWorld): Promise<EdgeReply>;
  close(): Promise<void>;
}

/** The part of `KVNamespace` that is used; its own type would need `@cloudflare/workers-types`. */
interface KvWriter {
  put(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
}

const USER_WORKER = "user";

type ModuleType = "ESModule" | "CommonJS" | "Text" | "Data" | "CompiledWasm";

/** Content types of uploaded parts (developers.cloudflare.com/workers/configuration/multipart-upload-metadata). */
const MODULE_TYPES: Readonly<Record<string, ModuleType>> = {
  "application/javascript+module": "ESModule",
  "application/javascript": "CommonJS",
  "text/javascript+module": "ESModule",
  "text/javascript": "CommonJS",
  "text/plain": "Text",
  "text/html": "Text",
  "application/octet-stream": "Data",
  "application/wasm": "CompiledWasm",
};

/** Starts workerd for `script`; resolves when it answers. `report` gets what the Worker and the runtime write. Rejects where the code does not load. */
export async function startWorker(
  script: EdgeScript,
  report: (line: string) => void,
): Promise<WorkerRuntime> {
  const options: MiniflareOptions = {
    ...runtimeOptions(script),
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
      for (const stream of [stdout, stderr]) createInterface(stream).on("line", report);
    },
  };
  const miniflare = withoutSignalListeners(() => new Miniflare(options));
  try {
    await miniflare.ready;
  } catch (error) {
    await miniflare.dispose().catch(() => undefined);
    throw error;
  }
  const namespaces = script.bindings.filter(({ type }) => type === "kv_namespace");
  const seeded = new Map<string, Map<string, string>>();
  let synchronised: Promise<void> = Promise.resolve();

  async function synchronise(world: EdgeWorld): Promise<void> {
    for (const binding of namespaces) {
      const id = textOf(binding, "namespace_id");
      const wanted = world.kv(id);
      const present = seeded.get(id) ?? new Map<string, string>();
      seeded.set(id, present);
      const changed = [...wanted].filter(([key, value]) => present.get(key) !== value);
      const removed = [...present.keys()].filter((key) => !wanted.has(key));
      if (changed.length + removed.length === 0) continue;
      const namespace = (await miniflare.getKVNamespace(binding.name, USER_WORKER)) as unknown as KvWriter;
      for (const [key, value] of changed) {
        await namespace.put(key, value);
        present.set(key, value);
      }
      for (const key of removed) {
        await namespace.delete(key);
        present.delete(key);
      }
    }
  }

  return {
    fetch: async (request, world) => {
      synchronised = synchronised.catch(() => undefined).then(() => synchronise(world));
      await synchronised;
      return dispatch(miniflare, request);
    },
    close: () => miniflare.dispose(),
  };
}

function runtimeOptions(script: EdgeScript): MiniflareOptions {
  const main = script.modules.filter(({ name }) => name === script.mainModule);
  const others = script.modules.filter(({ name }) => name !== script.mainModule);
  const bindings: Record<string, unknown> = {};
  const kvNamespaces: Record<string, string> = {};
  for (const binding of script.bindings) {
    if (binding.type === "plain_text" || binding.type === "secret_text")
      bindings[binding.name] = textOf(binding, "text");
    else if (binding.type === "json") bindings[binding.name] = binding["json"];
    else if (binding.type === "kv_namespace") kvNamespaces[binding.name] = textOf(binding, "namespace_id");
    else throw unsupported(`binding ${binding.name} of type ${binding.type}`);
  }
  return {
    workers: [
      {
        name: "front",
        modules: true,
        script: FRONT_WORKER,
        compatibilityDate: script.compatibilityDate,
        serviceBindings: { USER: USER_WORKER },
      },
      {
        name: USER_WORKER,
        modules: [...main, ...others].flatMap(toModule),
        modulesRoot: "/",
        compatibilityDate: script.compatibilityDate,
        bindings: bindings as Record<string, string>,
        kvNamespaces,
        // No allowed network at all: a Worker's own fetch() rejects. Nothing leaves the machine.
        outboundService: { network: { allow: [] } },
      },
    ],
    // The default downloads a sample of request.cf from workers.cloudflare.com.
    cf: false,
    host: "127.0.0.1",
    port: 0,
    log: new Log(LogLevel.NONE),
  };
}

function toModule(
  part: EdgeModule,
): { type: ModuleType; path: string; contents: string | Uint8Array<ArrayBuffer> }[] {
  const contentType = (part.contentType.split(";")[0] ?? "").trim().toLowerCase();
  if (contentType === "application/source-map") return [];
  const type = MODULE_TYPES[contentType];
  if (type === undefined) throw unsupported(`module ${part.name} of type ${part.contentType}`);
  const isBinary = type === "Data" || type === "CompiledWasm";
  const contents = isBinary ? new Uint8Array(part.body) : new TextDecoder().decode(part.body);
  return [{ type, path: `/${part.name}`, contents }];
}

async function dispatch(miniflare: Miniflare, request: EdgeRequest): Promise<EdgeReply> {
  const hasBody = request.body.length > 0 && !["GET", "HEAD"].includes(request.method);
  const response = await miniflare.dispatchFetch(
    `${request.scheme}://${request.authority}${request.pathAndQuery}`,
    {
      method: request.method,
      headers: workerHeaders(request),
      redirect: "manual",
      ...(hasBody ? { body: request.body } : {}),
    },
  );
  if (response.headers.has(THREW_HEADER)) throw new Error(await response.text());
  const headers = [...response.headers].filter(
    ([name]) => !HOP_BY_HOP.has(name) && !name.startsWith("mf-") && name !== "content-length",
  );
  const body = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers, body };
}

/** What Cloudflare adds for the Worker (developers.cloudflare.com/fundamentals/reference/http-headers); a client's own is dropped. */
function workerHeaders(request: EdgeRequest): [string, string][] {
  const kept = request.headers.filter(
    ([name]) =>
      !HOP_BY_HOP.has(name) && !name.startsWith("cf-") && !name.startsWith("mf-") && !DROPPED.has(name),
  );
  return [
    ...kept.map(([name, value]): [string, string] => [name, value]),
    ["cf-connecting-ip", request.clientAddress],
    ["x-forwarded-for", request.clientAddress],
    ["x-forwarded-proto", request.scheme],
    [ABSENT_HEADER, ADDED_BY_FETCH.filter((name) => !kept.some(([present]) => present === name)).join()],
    ["cf-visitor", JSON.stringify({ scheme: request.scheme })],
  ];
}

/** Made anew: host and length by the fetch, the encoding because this hop decodes what it receives. */
const DROPPED = new Set([
  "host",
  "content-length",
  "accept-encoding",
  "x-forwarded-for",
  "x-forwarded-proto",
]);

function textOf(binding: EdgeBinding, key: string): string {
  const value = binding[key];
  if (typeof value === "string") return value;
  throw unsupported(`binding ${binding.name} without ${key}`);
}

function unsupported(what: string): MailAutodiscoverError {
  return new MailAutodiscoverError("internal", `The sandbox's edge cannot run a script with a ${what}.`, {
    remedy: "Use ES modules with text, JSON, secret and KV bindings, or extend worker-runtime.ts.",
  });
}
