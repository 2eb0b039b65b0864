/** From a request to its reply, in the order in which Cloudflare decides. */
import { isIP } from "node:net";
import type { EdgeWorld } from "./edge-world.ts";
import { hostOf, type EdgeReply, type EdgeRequest } from "./edge-exchange.ts";
import { redirectToHttps, renderPage } from "./edge-pages.ts";
import { findHost, type EdgeHost } from "./find-host.ts";
import { forwardToOrigin, type ResolveOrigin } from "./forward-to-origin.ts";
import { matchRoute } from "../../../src/dns/route-match.ts";
import type { WorkerPool } from "./worker-pool.ts";

export interface AnswerContext {
  readonly world: EdgeWorld;
  readonly workers: WorkerPool;
  readonly resolveOrigin: ResolveOrigin;
}

/** Aliases into another account, Always Use HTTPS, then the routes, then the custom domain, then the origin. */
export async function answerRequest(context: AnswerContext, request: EdgeRequest): Promise<EdgeReply> {
  const host = hostOf(request.authority);
  if (host === "") return renderPage("badRequest");
  if (isIP(host) !== 0) return renderPage("directAddress");
  // The runtime's fetch cannot carry these, and nothing here is reached with them.
  if (["CONNECT", "TRACE", "TRACK"].includes(request.method)) return renderPage("methodNotAllowed");
  const found = findHost(context.world, host);
  if (found === undefined) return renderPage("unknownHost");
  // That it comes before routes and redirects is not documented; the other order would be the kinder one.
  if (found.isCrossAccount === true) return renderPage("crossAccount");
  if (found.zone?.alwaysUseHttps === true && request.scheme === "http") {
    return redirectToHttps(host, request.pathAndQuery);
  }
  const decision = chooseWorker(context.world, found, request, host);
  if (decision !== undefined) return context.workers.dispatch(decision, request);
  if (found.zone === undefined) return renderPage("nothingHere");
  if (found.record === undefined) return renderPage("originTimeout");
  return forwardToOrigin(context, found.record, request);
}

/**
 * Returns the name of the script that answers; undefined where Workers are off or none is bound.
 * Routes run before custom domains on the same host (developers.cloudflare.com/workers/configuration/routing/routes), so a
 * route without script keeps a custom domain's Worker away too.
 */
function chooseWorker(
  world: EdgeWorld,
  found: EdgeHost,
  request: EdgeRequest,
  host: string,
): string | undefined {
  if (found.zone === undefined) return found.script;
  const { scheme, pathAndQuery } = request;
  const route = matchRoute(world.routes(found.zone.id), { scheme, host, pathAndQuery });
  return route === undefined ? found.script : route.script || undefined;
}
