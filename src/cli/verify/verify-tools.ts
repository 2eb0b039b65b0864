import { openAuthoritativeView } from "../../adapters/resolver/authoritative-view.ts";
import { connectTarget } from "../../adapters/connect-to.ts";
import { openPublicResolvers, PUBLIC_RESOLVERS } from "../../adapters/resolver/public-resolvers.ts";
import { openDnsLookup } from "../../adapters/resolver/dns-lookup.ts";
import type { ClientModel } from "../../clients/ladder/discovery.ts";
import { CHECKS } from "../../doctor/checks/checks.ts";
import type { VerifyTools } from "../../doctor/verify-domain.ts";
import { openNetworkWorld } from "../network/network-world.ts";
import type { VerifyOptions } from "./verify.ts";

/** Opens the network anew, with nothing remembered of an earlier look. */
export function openVerifyTools(
  options: VerifyOptions,
  clients: readonly ClientModel[],
  ca: string | undefined,
): VerifyTools {
  const { resolver, doh, authoritative, allowPrivate, connectTo: rules } = options;
  const publicResolvers = publicResolversOf(options);
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
    publicResolvers: publicResolvers.length === 0 ? undefined : openPublicResolvers(publicResolvers),
    dnssec: (name) => lookup.dnssec(name, NEVER),
    now: () => new Date(),
  };
}

/** Whoever says where names are asked for has a network of his own, or wants nobody else to hear of them. */
function publicResolversOf({
  publicResolver,
  resolver,
  authoritative,
  doh,
  allowPrivate,
}: VerifyOptions): readonly string[] {
  if (publicResolver === false) return [];
  const isOpen = [resolver, authoritative, doh, allowPrivate].every((option) => option === undefined);
  return publicResolver ?? (isOpen ? PUBLIC_RESOLVERS : []);
}

/** Every question has its own time-out. */
const NEVER = new AbortController().signal;
