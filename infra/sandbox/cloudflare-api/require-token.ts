import { timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { ApiRefusal } from "./api-refusal.ts";

/** Codes by path: verifying a token answers others than the rest of the API. */
export function requireToken(apiToken: string): MiddlewareHandler {
  return async (context, next) => {
    const token = /^Bearer (\S+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
    if (token === undefined) {
      throw new ApiRefusal(400, 6003, "Invalid request headers", [
        { code: 6111, message: "Invalid format for Authorization header" },
      ]);
    }
    if (!sameText(token, apiToken)) {
      throw context.req.path.endsWith("/tokens/verify")
        ? new ApiRefusal(401, 1000, "Invalid API Token")
        : new ApiRefusal(403, 10000, "Authentication error");
    }
    await next();
  };
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
