import assert from "node:assert/strict";
import * as fc from "fast-check";
import { deriveClientSettings } from "../../src/documents/client-settings.ts";
import type { ResponderOptions } from "../../src/responder/answer.ts";
import { respond } from "../../src/responder/respond.ts";
import { NOW } from "../responder/memory-responder.ts";
import { replayDomain } from "../responder/replay-domain.ts";
import { checkAnswer } from "./check-answer.ts";
import { fuzzRequest, type FuzzRequest } from "./fuzz-request.ts";

export interface FuzzReport {
  readonly runs: number;
  /** Requests that a `Request` cannot be made of. */
  readonly unsendable: number;
  readonly statuses: Readonly<Record<number, number>>;
  /** The slowest answer, the better of several tries where the first took long. */
  readonly slowestMs: number;
  readonly slowest: string;
}

/** No answer may take longer. */
const LIMIT_MS = 50;
/** On a busy machine one try measures the others' work: a slow request is tried this often. */
const TRIES = 5;
const HANG_MS = 5000;

/** Sends `runs` damaged requests to the responder; rejects with the smallest one that it answers wrongly. */
export async function runFuzz(runs: number, seed: number): Promise<FuzzReport> {
  const address = deriveClientSettings(replayDomain());
  const settings = { address, localPart: deriveClientSettings({ ...replayDomain(), username: "localPart" }) };
  let asked = settings.address;
  const options: ResponderOptions = {
    tenants: async (domain) => (domain === "example.com" ? asked : undefined),
    now: () => NOW,
    count: (event) => {
      assert.ok(
        event.domain === undefined || event.domain === "example.com",
        "a counter of an invented domain",
      );
    },
  };
  const statuses: Record<number, number> = {};
  let unsendable = 0;
  let slowestMs = 0;
  let slowest = "";
  await fc.assert(
    fc.asyncProperty(fuzzRequest, async (request) => {
      asked = settings[request.username];
      let timed = await timeAnswer(request, options);
      if (timed === undefined) {
        unsendable += 1;
        return;
      }
      checkAnswer(request, timed.response, timed.body);
      statuses[timed.response.status] = (statuses[timed.response.status] ?? 0) + 1;
      for (let tries = 1; tries < TRIES && timed.ms > slowestMs; tries += 1) {
        const again = await timeAnswer(request, options);
        if (again !== undefined && again.ms < timed.ms) timed = again;
      }
      if (timed.ms > slowestMs) {
        slowestMs = timed.ms;
        slowest = `${request.method} ${request.url.slice(0, 200)}`;
      }
      assert.ok(timed.ms <= LIMIT_MS, `${timed.ms.toFixed(1)} ms`);
    }),
    { numRuns: runs, seed },
  );
  return { runs, unsendable, statuses, slowestMs, slowest };
}

interface TimedAnswer {
  readonly response: Response;
  readonly body: string;
  readonly ms: number;
}

async function timeAnswer(request: FuzzRequest, options: ResponderOptions): Promise<TimedAnswer | undefined> {
  const made = makeRequest(request);
  if (made === undefined) return undefined;
  const started = performance.now();
  const response = await withinLimit(respond(made, options));
  const ms = performance.now() - started;
  return { response, body: await response.text(), ms };
}

function makeRequest({ url, method, headers, body, saysLength }: FuzzRequest): Request | undefined {
  try {
    if (body === undefined) return new Request(url, { method, headers });
    const length = saysLength ? { "content-length": String(body.byteLength) } : {};
    return new Request(url, { method, headers: { ...headers, ...length }, body });
  } catch {
    return undefined;
  }
}

async function withinLimit(answered: Promise<Response>): Promise<Response> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${HANG_MS} ms`)), HANG_MS);
  });
  try {
    return await Promise.race([answered, hang]);
  } finally {
    clearTimeout(timer);
  }
}
