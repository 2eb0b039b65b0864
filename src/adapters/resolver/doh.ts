import { request } from "node:https";
import { buffer } from "node:stream/consumers";
import { encode } from "dns-packet";
import type { PropagationCheck, ServerObservation } from "../../certificates/ports.ts";
import { buildQuery, readReply, type DnsQuestion, type DnsReply } from "./dns-exchange.ts";

/**
 * By address, since what blocks port 53 may leave no resolver for their names. Both take a DNS message by POST
 * (developers.cloudflare.com/1.1.1.1/encryption/dns-over-https, developers.google.com/speed/public-dns/docs/doh, verified 2026-11-23).
 */
export const PUBLIC_DOH: readonly string[] = ["https://1.1.1.1/dns-query", "https://8.8.8.8/dns-query"];

/** A server has this long for one answer. Milliseconds. */
const ANSWER_TIMEOUT_MS = 4000;

const DNS_MESSAGE = "application/dns-message";

/** As a server of the zone is observed, and whether it answered at all. */
export interface DohObservation extends ServerObservation {
  readonly isHeard: boolean;
}

export interface DohCheck extends PropagationCheck {
  observe(name: string, values: readonly string[], signal: AbortSignal): Promise<readonly DohObservation[]>;
}

export interface DohOptions {
  /** URLs that take DNS messages by POST. */
  readonly servers: readonly string[];
  /** PEM roots trusted instead of the built-in ones. */
  readonly ca?: string | undefined;
}

/**
 * Returns the check that asks recursive resolvers over HTTPS (RFC 8484), for networks whose port 53 is blocked. Such a resolver may
 * remember for as long as the zone says that a record was absent, so its "no" is no reason to wait for it: only `complete` and
 * `unreachable` come from here.
 */
export function openDohCheck(options: DohOptions): DohCheck {
  return {
    observe: async (name, values, signal) => {
      return await Promise.all(
        options.servers.map(async (server): Promise<DohObservation> => {
          const label = `${server} (may remember that it was absent)`;
          try {
            const reply = await askDoh(server, { name, type: "TXT" }, options.ca, signal);
            const texts = new Set((reply.answers ?? []).map(textOf));
            const isComplete = values.every((value) => texts.has(value));
            return isComplete
              ? { server, state: "complete", isHeard: true }
              : { server: label, state: "unreachable", isHeard: true };
          } catch {
            signal.throwIfAborted();
            return { server, state: "unreachable", isHeard: false };
          }
        }),
      );
    },
  };
}

/** Asks one resolver one question over HTTPS. @throws where no DNS message comes back */
export async function askDoh(
  server: string,
  question: DnsQuestion,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<DnsReply> {
  // The id is 0, so that caches on the way can serve the answer (RFC 8484 §4.1).
  const query = buildQuery(question, 0);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
  const { promise, resolve, reject } = Promise.withResolvers<DnsReply>();
  const fail = (error: Error): void => reject(dohError(server, error, limit));
  const sending = request(
    server,
    {
      method: "POST",
      headers: { "content-type": DNS_MESSAGE, accept: DNS_MESSAGE },
      signal: limit,
      agent: false,
      ...(ca === undefined ? {} : { ca }),
    },
    (response) => {
      buffer(response).then((body) => {
        const reply = response.statusCode === 200 ? readReply(body, query) : undefined;
        if (reply !== undefined) resolve(reply);
        else reject(new Error(`${server} answered with status ${response.statusCode} and no DNS message`));
      }, fail);
    },
  );
  sending.on("error", fail).once("close", () => fail(new Error("closed without an answer")));
  sending.end(encode(query));
  return await promise;
}

/** Says whose answer is missing; Node's words for a certificate give advice about Node, so its code has to do. */
function dohError(server: string, error: NodeJS.ErrnoException, limit: AbortSignal): Error {
  const reason = limit.aborted ? "stays silent" : `gives no answer: ${error.code ?? error.message}`;
  return new Error(`The resolver ${server} ${reason}`, { cause: error });
}

function textOf(answer: { readonly type: string; readonly data?: unknown }): string {
  if (answer.type !== "TXT") return "";
  const parts = Array.isArray(answer.data) ? (answer.data as readonly unknown[]) : [answer.data];
  return parts.map((part) => (Buffer.isBuffer(part) ? part.toString("utf8") : String(part))).join("");
}
