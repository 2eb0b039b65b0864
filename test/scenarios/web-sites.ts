/** Web hosts as they stand behind a wildcard, at an apex or at a discovery name. */
import type { MemoryAnswer, MemoryHandler, MemoryServer } from "../clients/memory-world.ts";
import { AUTOCONFIG, AUTOCONFIG_PATH, everythingHtml, XML } from "../clients/scenarios/documents.ts";

/** One answer for everything. */
export function everything(answer: MemoryAnswer): MemoryHandler {
  return () => answer;
}

export function redirect(status: number, location: string): MemoryAnswer {
  return { status, headers: { location } };
}

export const everything401: MemoryHandler = everything({
  status: 401,
  type: "text/html",
  headers: { "www-authenticate": 'Basic realm="hosting"' },
  body: "<html><body>Unauthorized</body></html>",
});

/** A site with a page at its root, and 404 for the rest. */
export const ordinarySite: MemoryHandler = (method, path, request) =>
  path === "/" ? everythingHtml(method, path, request) : undefined;

/** An autoconfig host whose document comes with a status and type of its own. */
export function autoconfigAs(answer: Partial<MemoryAnswer>): MemoryHandler {
  return (_, path) =>
    path === AUTOCONFIG_PATH ? { status: 200, type: XML, body: AUTOCONFIG, ...answer } : undefined;
}

/** The same over https and http. */
export function bothWays(handler: MemoryHandler, tls: MemoryServer["tls"] = "trusted"): MemoryServer {
  return { tls, https: handler, http: handler };
}

/** The part of a host that answers at these paths. */
export function onlyPaths(paths: RegExp, handler: MemoryHandler): MemoryHandler {
  return (method, path, request) => (paths.test(path) ? handler(method, path, request) : undefined);
}
