import { portWords } from "../world/answer-words.ts";
import type { ClientServer } from "./discovery.ts";
import type { Trace } from "./trace.ts";

/** A server whose port can be tried: not one without TLS, which nobody looks for. */
export interface SecureServer extends ClientServer {
  readonly tls: "implicit" | "starttls";
}

/** Tries servers one after another; returns the first that answers with a trusted certificate. */
export async function firstTrustedServer(
  trace: Trace,
  what: string,
  servers: readonly SecureServer[],
  timeoutMs: number,
): Promise<SecureServer | undefined> {
  for (const server of servers) {
    const { protocol, host, port, tls } = server;
    const view = await trace.probe(what, { protocol, host, port, tls, timeoutMs }, (seen) => ({
      answer: portWords(seen),
      effect: seen.outcome === "answered" && seen.authorized ? "used" : "passed",
    }));
    if (view.outcome === "answered" && view.authorized) return server;
  }
  return undefined;
}
