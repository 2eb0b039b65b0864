import type { MiddlewareHandler } from "hono";
import { ApiRefusal, cannotRoute } from "./api-refusal.ts";
import { isId } from "./identifiers.ts";

/** Refuses accounts that the token does not belong to: 403/10000, which is also what a missing permission looks like. */
export function requireAccount(accountId: string): MiddlewareHandler {
  return async (context, next) => {
    const account = context.req.param("account") ?? "";
    if (account !== accountId) {
      throw isId(account)
        ? new ApiRefusal(403, 10000, "Authentication error")
        : cannotRoute(context.req.path);
    }
    await next();
  };
}
