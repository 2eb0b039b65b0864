import { isWithin } from "../../../src/spec/host-name.ts";
import { ApiRefusal } from "./api-refusal.ts";
import { readText, refuseUnknownFields, type JsonObject } from "./request-body.ts";
import type { StoredRoute, StoredState, StoredZone } from "./stored-state.ts";

/**
 * Returns the route that a POST or PUT body describes. `former` is the one that it replaces.
 *
 * @throws ApiRefusal 10022 for a pattern that cannot match, 10019 for a script that is not there, 409/10020 for a pattern
 * that has a route, whosever script it names (DNSControl/dnscontrol#2509).
 */
export function readWorkerRoute(
  state: StoredState,
  zone: Pick<StoredZone, "name" | "routes">,
  body: JsonObject,
  former?: StoredRoute,
): Omit<StoredRoute, "id"> {
  refuseUnknownFields(body, ["pattern", "script"]);
  const pattern = readText(body, "pattern");
  refuseBadPattern(pattern, zone.name);
  const script = readScript(state, body["script"]);
  if (zone.routes.some((route) => route !== former && route.pattern === pattern)) {
    throw new ApiRefusal(409, 10020, "workers.api.error.duplicate_route");
  }
  return script === undefined ? { pattern } : { pattern, script };
}

function readScript(state: StoredState, script: unknown): string | undefined {
  if (script === undefined || script === null || script === "") return undefined;
  if (typeof script === "string" && state.scripts.some(({ name }) => name === script)) return script;
  // Probed at the service: alchemy-run/distilled#368 (2026-07-08); the HTTP status is not in that report.
  throw new ApiRefusal(
    400,
    10019,
    "Cannot configure a route for a Worker which does not exist. Please ensure this Worker exists and try again.",
  );
}

/** `*` only at the start of the host or the end of the path, no query; the codes are from memory. */
function refuseBadPattern(pattern: string, zoneName: string): void {
  const parts = /^(?:https?:\/\/)?([^/?]+)(\/[^?]*)?$/i.exec(pattern);
  const [, host, path = ""] = parts ?? [];
  if (host === undefined) throw new ApiRefusal(400, 10022, `Invalid route pattern "${pattern}".`);
  if (host.slice(1).includes("*") || path.slice(0, -1).includes("*")) {
    throw new ApiRefusal(400, 10022, "Route patterns may only have * at their start or end.");
  }
  if (!isWithin(host.replace(/^\*\.?/, "").toLowerCase(), zoneName)) {
    throw new ApiRefusal(400, 10022, `Route pattern "${pattern}" does not belong to zone ${zoneName}.`);
  }
}
