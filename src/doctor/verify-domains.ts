import pMap from "p-map";
import { memoWorld, type WorldCount } from "../clients/world/memo-world.ts";
import { mailHostOwner } from "../dns/mail-host-owner.ts";
import type { DomainReport } from "./domain-report.ts";
import { findZone } from "./find-zone.ts";
import { verifyDomain, type VerifyTarget, type VerifyTools } from "./verify-domain.ts";

export interface VerifyDomainsOptions {
  /** Domains at once. Default 16: silent hosts cost time-outs, not work, and a resolver is not flooded. */
  readonly concurrency?: number | undefined;
  /** Called as each domain is done. */
  readonly onReport?: ((report: DomainReport) => void) | undefined;
  /** Grows with what the world was really asked. */
  readonly count?: WorldCount | undefined;
}

const CONCURRENCY = 16;

/**
 * Looks at many domains, and returns their reports in the order of the targets. Names and mail ports are asked once for all of
 * them, documents once for each: domains share their mail servers, seldom their documents, which would fill the memory.
 */
export async function verifyDomains(
  targets: readonly VerifyTarget[],
  tools: VerifyTools,
  options: VerifyDomainsOptions = {},
): Promise<readonly DomainReport[]> {
  const { concurrency = CONCURRENCY, onReport, count } = options;
  const { resolve, probe } = memoWorld(tools.world, count);
  const shared: VerifyTools = {
    ...tools,
    world: {
      resolve,
      probe,
      request: (request) => {
        if (count !== undefined) count.requests += 1;
        return tools.world.request(request);
      },
    },
  };
  const placed = await pMap(
    targets,
    async (target) => ({ ...target, zone: target.zone ?? (await findZone(target.domain, resolve)) }),
    { concurrency },
  );
  return pMap(
    besideOneAnother(placed),
    async (target) => {
      const report = await verifyDomain(target, shared);
      onReport?.(report);
      return report;
    },
    { concurrency },
  );
}

/** A mail host's addresses are published once, by the domain that it belongs to, where a zone of these holds it. */
function besideOneAnother(targets: readonly VerifyTarget[]): readonly VerifyTarget[] {
  const specs = targets.flatMap(({ spec }) => (spec === undefined ? [] : [spec]));
  const zones = [...new Set(targets.flatMap(({ zone }) => (zone === undefined ? [] : [zone])))];
  return targets.map((target) => {
    const { spec, options } = target;
    if (spec === undefined) return target;
    const publishAddresses = (mailHostOwner(spec.mailServer.host, specs) ?? spec) === spec;
    return { ...target, options: { zones, publishAddresses, ...options } };
  });
}
