import type Cloudflare from "cloudflare";
import { Hono } from "hono";
import type { CloudflareStore } from "./cloudflare-store.ts";
import { success } from "./envelope.ts";
import { deriveId } from "./identifiers.ts";

/** Token verification, for tokens of a user and of the account; the middleware has refused every other token. */
export function tokenRoutes(store: CloudflareStore): Hono {
  const routes = new Hono();
  const verified: Cloudflare.User.TokenVerifyResponse = {
    id: deriveId("token", store.accountId),
    status: "active",
  };
  const body = success(verified, [{ code: 10000, message: "This API Token is valid and active" }]);
  routes.get("/user/tokens/verify", (context) => context.json(body));
  routes.get("/accounts/:account/tokens/verify", (context) => context.json(body));
  return routes;
}
