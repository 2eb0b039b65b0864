import type { MiddlewareHandler } from "hono";
import { failure } from "./envelope.ts";

export interface InjectedFailure {
  readonly status: number;
  /** The code in the error envelope. Default: the status itself. */
  readonly code?: number;
  readonly retryAfterSeconds?: number;
  /** How many requests it meets. */
  readonly times: number;
  /** Which requests it meets; default all. `path` is what follows `/client/v4`. */
  readonly match?: { readonly method?: string; readonly path?: RegExp };
  /** True: the request is carried out and only the answer is lost. Default false. */
  readonly applied?: boolean;
}

export interface FailureInjector {
  readonly failNext: (fault: InjectedFailure) => void;
  readonly middleware: MiddlewareHandler;
}

export function failureInjector(basePath: string): FailureInjector {
  const pending: { readonly fault: InjectedFailure; left: number }[] = [];
  return {
    failNext: (fault) => {
      pending.push({ fault, left: fault.times });
    },
    middleware: async (context, next) => {
      const path = context.req.path.slice(basePath.length);
      const entry = pending.find(
        ({ fault, left }) =>
          left > 0 &&
          (fault.match?.method ?? context.req.method) === context.req.method &&
          (fault.match?.path ?? /^/).test(path),
      );
      if (entry === undefined) return next();
      entry.left -= 1;
      const { status, code, retryAfterSeconds, applied } = entry.fault;
      if (applied === true) await next();
      // Hono merges the headers of a response that is replaced; of the lost answer nothing may remain.
      context.res = undefined;
      context.res = Response.json(failure({ code: code ?? status, message: "Injected failure" }), {
        status,
        headers: retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) },
      });
    },
  };
}
