import { renderAutoconfigXml } from "../../documents/autoconfig-xml.ts";
import { deriveClientSettings, hasServers } from "../../documents/client-settings.ts";
import type { DomainFile } from "../../spec/domain-file.ts";
import { parseMailDomain } from "../../spec/parse-mail-domain.ts";
import type { LivingDomain } from "./living-domain.ts";

/** What only a domain that is deployed already has from its file. */
export type DeployedFile = Pick<DomainFile, "publish" | "caa">;

/** What the records of this module's CAA say beside the issuer (RFC 8657). */
const BOUND_ISSUER = /;\s*validationmethods=dns-01\s*;\s*accounturi=/;

/**
 * Returns what the file of a deployed domain says further; undefined where the domain does not serve the very document that
 * the file would publish: then it is somebody else's.
 */
export function recogniseDeployment(file: DomainFile, living: LivingDomain): DeployedFile | undefined {
  const parsed = parseMailDomain(file);
  const settings = parsed.ok ? deriveClientSettings(parsed.domain) : undefined;
  if (!hasServers(settings)) return undefined;
  const wanted = renderAutoconfigXml(settings);
  const isServed = living.published.some(
    ({ source, own }) => source.startsWith("https:") && own?.document === wanted,
  );
  if (!isServed) return undefined;
  return {
    ...publish(file, living),
    ...(living.caa.some((one) => BOUND_ISSUER.test(one)) ? { caa: true } : {}),
  };
}

/** A Worker's host is found by itself, and a provider's is its preset's. */
function publish(
  { preset }: DomainFile,
  { domain, aliases, autodiscoverTarget }: LivingDomain,
): Pick<DomainFile, "publish"> {
  const origin = aliases.get(`autoconfig.${domain}`);
  if (preset !== undefined) return {};
  if (origin !== undefined) return { publish: { origin } };
  return autodiscoverTarget === undefined || isWorkersDevHost(autodiscoverTarget)
    ? {}
    : { publish: { srvTarget: autodiscoverTarget } };
}

export function isWorkersDevHost(host: string): boolean {
  return host.endsWith(".workers.dev");
}
