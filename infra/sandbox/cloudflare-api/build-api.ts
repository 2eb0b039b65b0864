import { Hono } from "hono";
import { matchedRoutes } from "hono/route";
import { ApiRefusal } from "./api-refusal.ts";
import type { CloudflareStore } from "./cloudflare-store.ts";
import { customDomainRoutes } from "./custom-domain-routes.ts";
import { failure } from "./envelope.ts";
import { failureInjector, type FailureInjector } from "./inject-failures.ts";
import { kvRoutes } from "./kv-routes.ts";
import { recordRoutes } from "./record-routes.ts";
import { requireAccount } from "./require-account.ts";
import { requireToken } from "./require-token.ts";
import { scriptRoutes } from "./script-routes.ts";
import { settingRoutes } from "./setting-routes.ts";
import { tokenRoutes } from "./token-routes.ts";
import { requireKvRead, requireScopes, type TokenScopes } from "./token-scopes.ts";
import { workerRouteRoutes } from "./worker-route-routes.ts";
import { zoneRoutes } from "./zone-routes.ts";

const BASE_PATH = "/client/v4";

export interface RequestCounts {
  readonly total: number;
  /** For example `POST /zones/:zone/dns_records` to 12; what met no route counts as `unrouted`. */
  readonly byRoute: Readonly<Record<string, number>>;
}

export interface BuiltApi {
  readonly app: Hono;
  readonly basePath: string;
  readonly requests: RequestCounts;
  readonly failNext: FailureInjector["failNext"];
}

/** Returns the API without a port. */
export function buildApi(store: CloudflareStore, apiToken: string, scopes: TokenScopes = {}): BuiltApi {
  const requests: { total: number; byRoute: Record<string, number> } = { total: 0, byRoute: {} };
  const injector = failureInjector(BASE_PATH);
  const app = new Hono();

  app.use(async (context, next) => {
    const route = matchedRoutes(context).findLast(({ path }) => !path.includes("*"));
    const key =
      route === undefined
        ? "unrouted"
        : `${context.req.method} ${withoutPatterns(route.path.slice(BASE_PATH.length))}`;
    requests.total += 1;
    requests.byRoute[key] = (requests.byRoute[key] ?? 0) + 1;
    await next();
  });
  app.use(injector.middleware);
  app.use(`${BASE_PATH}/*`, requireToken(apiToken));
  app.use(`${BASE_PATH}/zones/*`, requireScopes(store, scopes));
  app.use(`${BASE_PATH}/accounts/:account/*`, requireAccount(store.accountId));
  app.use(`${BASE_PATH}/accounts/:account/storage/kv/*`, requireKvRead(scopes));
  for (const routes of [
    zoneRoutes(store, scopes),
    recordRoutes(store),
    settingRoutes(store),
    scriptRoutes(store),
    workerRouteRoutes(store),
    customDomainRoutes(store),
    kvRoutes(store),
    tokenRoutes(store),
  ]) {
    app.route(BASE_PATH, routes);
  }
  app.notFound((context) => context.json(failure({ code: 7000, message: "No route for that URI" }), 404));
  app.onError((error, context) => {
    if (error instanceof ApiRefusal) return context.json(failure(error.entry), error.status);
    // A fault of the emulator: 500 would be retried ten times by the provider, with the reason lost.
    return context.json(
      failure({ code: 0, message: `Emulator fault: ${error.stack ?? error.message}` }),
      501,
    );
  });
  return { app, basePath: BASE_PATH, requests, failNext: injector.failNext };
}

/** `:key{.+}` is `:key` to a reader. */
function withoutPatterns(path: string): string {
  return path.replaceAll(/\{[^}]*\}/g, "");
}
