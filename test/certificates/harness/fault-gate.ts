import {
  createServer as createHttpServer,
  request as requestHttp,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer, request as requestHttps } from "node:https";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { FaultList } from "./fault-list.ts";
import type { Fault, GateAnswer, GateRequest, GateRule, InjectedFault } from "./gate-exchange.ts";

export interface FaultGateOptions {
  /** Where requests go: scheme, address and port. */
  readonly upstream: string;
  /** PEM, trusted for the way on. */
  readonly upstreamCa?: string;
  /** PEM; given, the gate speaks TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Names what a request asks for, and reads its body. */
  readonly read: (request: Omit<GateRequest, "kind" | "payload">) => Pick<GateRequest, "kind" | "payload">;
  readonly rules?: readonly GateRule[];
  /** Completes an answer that the server did not give. */
  readonly complete?: (request: GateRequest, answer: GateAnswer) => GateAnswer;
}

export interface Exchange {
  readonly request: GateRequest;
  /** Of the server's answer, whatever the client got; undefined where the server never saw the request. */
  readonly status: number | undefined;
}

export interface FaultGate {
  /** Scheme, address and port. */
  readonly origin: string;
  readonly port: number;
  /** What came so far, in the order in which it was answered. */
  readonly exchanges: readonly Exchange[];
  inject(fault: Fault): InjectedFault;
  /** Ends all faults; rules and exchanges stay. */
  heal(): void;
  close(): Promise<void>;
}

/** Headers of one connection (RFC 9110 §7.6.1), and the length that is computed anew. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
]);

/**
 * Starts a reverse proxy on loopback in which requests can be delayed, lost, refused or spoilt, by what they ask for. It forwards the
 * Host header as it came: an ACME server derives its addresses from it, and compares them with the signed one (RFC 8555 §6.4).
 */
export async function startFaultGate(options: FaultGateOptions): Promise<FaultGate> {
  const faults = new FaultList();
  const exchanges: Exchange[] = [];
  const serve = (incoming: IncomingMessage, response: ServerResponse): void => {
    void exchange(incoming, response, options, faults)
      .then((done) => exchanges.push(done))
      // The client went away, or the server behind did: neither is the gate's to judge.
      .catch(() => response.destroy());
  };
  const server = options.tls === undefined ? createHttpServer(serve) : createHttpsServer(options.tls, serve);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    port,
    exchanges,
    inject: (fault) => faults.inject(fault),
    heal: () => faults.clear(),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function exchange(
  incoming: IncomingMessage,
  response: ServerResponse,
  options: FaultGateOptions,
  faults: FaultList,
): Promise<Exchange> {
  const request = await readRequest(incoming, options);
  const fault = faults.meet(request);
  const effect = fault?.effect;
  if (effect?.kind === "delay") {
    fault?.tell();
    await sleep(effect.milliseconds);
  }
  const isLost = effect !== undefined && "moment" in effect && effect.moment === "before";
  const answer = isLost ? undefined : await answered(request, options);
  if (effect?.kind !== "delay") fault?.tell();
  const done = { request, status: answer?.status };
  switch (effect?.kind) {
    case "cut":
      response.destroy();
      return done;
    case "hold":
      return done;
    case "answer":
      send(request, response, options.complete?.(request, effect.answer) ?? effect.answer);
      return done;
    case "spoil":
      send(request, response, { ...required(answer), body: effect.change(required(answer).body) });
      return done;
    case "truncate":
      truncate(response, required(answer));
      return done;
    default:
      send(request, response, required(answer));
      return done;
  }
}

async function answered(request: GateRequest, options: FaultGateOptions): Promise<GateAnswer> {
  const rules = options.rules ?? [];
  for (const rule of rules) {
    const refused = await rule.before?.(request);
    if (refused !== undefined) return options.complete?.(request, refused) ?? refused;
  }
  const answer = await forward(request, options);
  for (const rule of rules) rule.after?.(request, answer);
  return answer;
}

async function readRequest(incoming: IncomingMessage, options: FaultGateOptions): Promise<GateRequest> {
  const raw = {
    method: incoming.method ?? "GET",
    path: incoming.url ?? "/",
    headers: plainHeaders(incoming),
    body: await buffer(incoming),
  };
  return { ...raw, ...options.read(raw) };
}

async function forward(request: GateRequest, options: FaultGateOptions): Promise<GateAnswer> {
  const upstream = new URL(options.upstream);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const send = upstream.protocol === "https:" ? requestHttps : requestHttp;
  const outgoing = send(
    {
      host: upstream.hostname,
      port: upstream.port,
      method: request.method,
      path: request.path,
      headers: { ...forwarded(request.headers), "content-length": request.body.length },
      agent: false,
      ...(options.upstreamCa === undefined ? {} : { ca: options.upstreamCa }),
    },
    resolve,
  );
  outgoing.on("error", reject);
  outgoing.end(request.body);
  const reply = await promise;
  return { status: reply.statusCode ?? 0, headers: plainHeaders(reply), body: await buffer(reply) };
}

function send(request: GateRequest, response: ServerResponse, answer: GateAnswer): void {
  const length = request.method === "HEAD" ? {} : { "content-length": answer.body.length };
  response.writeHead(answer.status, { ...forwarded(answer.headers), ...length });
  response.end(answer.body);
}

function truncate(response: ServerResponse, answer: GateAnswer): void {
  response.writeHead(answer.status, {
    ...forwarded(answer.headers),
    "content-length": answer.body.length,
  });
  response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => response.destroy());
}

function forwarded(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_FORWARDED.has(name)));
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}

function required(answer: GateAnswer | undefined): GateAnswer {
  if (answer === undefined) throw new Error("this effect needs the server's answer");
  return answer;
}
