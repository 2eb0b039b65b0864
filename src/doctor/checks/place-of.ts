import { derivePublicationHosts } from "../../dns/publication-hosts.ts";
import type { DiscoveryLabel } from "../../spec/discovery-labels.ts";
import { currentProviders, providerOf } from "./names/current-providers.ts";
import type { CheckSubject } from "./check.ts";
import type { Place } from "./web/judge-answer.ts";

/** Says whose answer is to be expected at a discovery label: the spec's, or that of a provider whose name it leads to. */
export async function placeOf(subject: CheckSubject, label: DiscoveryLabel): Promise<Place> {
  const { domain, spec, world, zone } = subject;
  if (spec !== undefined) {
    if (spec.preset.discovery[label] !== undefined) return "provider";
    return derivePublicationHosts(spec, zone ?? domain).some((host) => host.label === label)
      ? "ours"
      : "label";
  }
  const host = `${label}.${domain}`;
  const { aliases = [] } = { aliases: [], ...(await world.resolve(host, "A")) };
  const titles = aliases.flatMap((alias) => providerOf("CNAME", host, alias) ?? []);
  if (titles.length === 0) return "label";
  const current = await currentProviders(subject);
  return titles.some((title) => current?.has(title) === true) ? "provider" : "label";
}
