import type { DomainReport } from "./domain-report.ts";
import type { Finding } from "./finding.ts";
import { renderDiscoveryJson, type DiscoveryJson } from "./render-discovery-json.ts";

/**
 * What `verify --json` prints. `version` grows where a reader of the former one would misread: new fields, codes and clients
 * come without.
 */
export interface ReportJson {
  readonly version: 1;
  /** In the order of the command line; what a folder holds by name. */
  readonly domains: readonly {
    readonly domain: string;
    /** `expected`, `observed` and `remedy` are absent where there is nothing to say, `isAside` where it is not true. */
    readonly findings: readonly Finding[];
    readonly clients: readonly DiscoveryJson[];
  }[];
}

/** Renders reports as JSON, two spaces deep, with a final newline. */
export function renderReportJson(reports: readonly DomainReport[]): string {
  const json: ReportJson = {
    version: 1,
    domains: reports.map(({ domain, findings, clients }) => ({
      domain,
      // In the documented order; JSON leaves out what is undefined.
      findings: findings.map(({ code, status, subject, expected, observed, remedy, isAside }) => {
        return { code, status, subject, expected, observed, remedy, isAside };
      }),
      clients: clients.map(renderDiscoveryJson),
    })),
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}
