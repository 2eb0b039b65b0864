import { openDnsLookup } from "../adapters/dns-lookup.ts";
import { openZoneServers } from "../adapters/zone-servers.ts";
import { CLIENTS } from "../clients/clients.ts";
import type { ClientModel, ClientName } from "../clients/discovery.ts";
import { CHECKS } from "../doctor/checks/checks.ts";
import type { VerifyTools } from "../doctor/verify-domain.ts";
import { MailAutodiscoverError } from "../errors.ts";
import { openNetworkWorld } from "./network-world.ts";
import type { VerifyOptions } from "./verify.ts";

/** Opens the network anew, with nothing remembered of an earlier look. */
export function openVerifyTools(
  options: VerifyOptions,
  clients: readonly ClientModel[],
  ca: string | undefined,
): VerifyTools {
  const { resolver, authoritative, allowPrivate } = options;
  const world = openNetworkWorld(options, ca);
  const lookup = openDnsLookup({ resolver, authoritative });
  return {
    world,
    clients,
    checks: CHECKS,
    authoritative: openZoneServers({ resolve: world.resolve, authoritative, allowPrivate }),
    dnssec: (name) => lookup.dnssec(name, NEVER),
    now: () => new Date(),
  };
}

/** Returns the models of the clients. @throws MailAutodiscoverError `usage` for one that is not replayed */
export function modelsOf(names: readonly ClientName[]): readonly ClientModel[] {
  return names.map((name) => {
    const model = CLIENTS.find((client) => client.name === name);
    if (model !== undefined) return model;
    throw new MailAutodiscoverError("usage", `${name} is not replayed by this version.`, {
      remedy: `Choose among: ${CLIENTS.map((client) => client.name).join(", ")}.`,
    });
  });
}

/** Every question has its own time-out. */
const NEVER = new AbortController().signal;
