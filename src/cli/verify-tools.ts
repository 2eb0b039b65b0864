import { openAuthoritativeView } from "../adapters/authoritative-view.ts";
import { connectTarget } from "../adapters/connect-to.ts";
import { openDnsLookup } from "../adapters/dns-lookup.ts";
import type { ClientModel } from "../clients/discovery.ts";
import { CHECKS } from "../doctor/checks/checks.ts";
import type { VerifyTools } from "../doctor/verify-domain.ts";
import { openNetworkWorld } from "./network-world.ts";
import type { VerifyOptions } from "./verify.ts";

/** Opens the network anew, with nothing remembered of an earlier look. */
export function openVerifyTools(
  options: VerifyOptions,
  clients: readonly ClientModel[],
  ca: string | undefined,
): VerifyTools {
  const { resolver, doh, authoritative, allowPrivate, connectTo: rules } = options;
  const world = openNetworkWorld(options, ca);
  const lookup = openDnsLookup({ resolver, doh, ca, authoritative });
  return {
    world,
    clients,
    checks: CHECKS,
    authoritative: openAuthoritativeView(world.resolve, {
      authoritative,
      allowPrivate,
      connectTo: (host, port) => connectTarget(rules, host, port),
    }),
    dnssec: (name) => lookup.dnssec(name, NEVER),
    now: () => new Date(),
  };
}

/** Every question has its own time-out. */
const NEVER = new AbortController().signal;
