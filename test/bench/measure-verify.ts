/** A process of its own: its memory is verify's alone. Arguments: the places as JSON, and how many domains. */
import { openDnsLookup } from "../../src/adapters/resolver/dns-lookup.ts";
import { openLiveWorld } from "../../src/adapters/live-world.ts";
import { openAuthoritativeView } from "../../src/adapters/resolver/authoritative-view.ts";
import { boundMemory } from "../../src/cli/verify/bound-memory.ts";
import { CLIENTS } from "../../src/clients/clients.ts";
import { mailboxOf } from "../../src/clients/ladder/discovery.ts";
import { CHECKS } from "../../src/doctor/checks/checks.ts";
import { exitCodeOf } from "../../src/doctor/finding.ts";
import { judgedOf } from "../../src/doctor/report-verdict.ts";
import { verifyDomains } from "../../src/doctor/verify-domains.ts";
import { verifyDomainFile, type VerifyWorldPlaces } from "./verify-world.ts";

/** What one run took. */
export interface VerifyMeasurement {
  readonly domains: number;
  readonly ms: number;
  readonly cpuMs: number;
  /** Octets, before the run and the most during it. */
  readonly startedRss: number;
  readonly peakRss: number;
  readonly count: { readonly resolutions: number; readonly requests: number; readonly probes: number };
  readonly exitCode: number;
  readonly notPassed: Readonly<Record<string, number>>;
}

boundMemory();
const places = JSON.parse(process.argv[2] ?? "") as VerifyWorldPlaces;
const domains = Number(process.argv[3]);
const { resolver, authoritative, host, ports, rootPem } = places;

const targets = Array.from({ length: domains }, (_, index) => {
  const spec = verifyDomainFile(index);
  return {
    domain: spec.domain,
    spec,
    mailbox: mailboxOf("postmaster", spec.domain),
    options: { ca: rootPem },
  };
});
const world = openLiveWorld({
  resolver,
  ca: rootPem,
  allowPrivate: true,
  // What no server of this world serves is a closed port.
  connectTo: (_, port) => ({ host, port: ports[port] ?? 1 }),
});
const lookup = openDnsLookup({ resolver, authoritative });
const never = new AbortController().signal;
const count = { resolutions: 0, requests: 0, probes: 0 };
const startedRss = process.memoryUsage().rss;
const cpuBefore = process.cpuUsage();
const started = performance.now();
const reports = await verifyDomains(
  targets,
  {
    world,
    clients: CLIENTS,
    checks: CHECKS,
    authoritative: openAuthoritativeView(world.resolve, { authoritative, allowPrivate: true }),
    dnssec: (name) => lookup.dnssec(name, never),
    now: () => new Date(),
  },
  { count },
);
const ms = performance.now() - started;
const { user, system } = process.cpuUsage(cpuBefore);
const notPassed: Record<string, number> = {};
for (const { findings, clients } of reports) {
  for (const { status, code, observed = "" } of findings) {
    if (status === "pass") continue;
    const key = `${status} ${code} ${observed}`.slice(0, 100);
    notPassed[key] = (notPassed[key] ?? 0) + 1;
  }
  for (const { client, outcome } of clients) {
    if (outcome === "configured") continue;
    notPassed[`${client} ${outcome}`] = (notPassed[`${client} ${outcome}`] ?? 0) + 1;
  }
}
process.send?.({
  domains,
  ms,
  cpuMs: (user + system) / 1000,
  startedRss,
  // The documentation of Node calls it kibibytes, on every system.
  peakRss: process.resourceUsage().maxRSS * 1024,
  count,
  exitCode: exitCodeOf(reports.flatMap(judgedOf)),
  notPassed,
} satisfies VerifyMeasurement);
