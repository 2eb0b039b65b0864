import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { connectTarget } from "../../src/adapters/connect-to.ts";
import { openLiveWorld } from "../../src/adapters/live-world.ts";
import { openAuthoritativeView } from "../../src/adapters/resolver/authoritative-view.ts";
import { spkiSha256 } from "../../src/certificates/certificate-key.ts";
import { CLIENTS } from "../../src/clients/clients.ts";
import { mailboxOf } from "../../src/clients/ladder/discovery.ts";
import type { WorldCount } from "../../src/clients/world/memo-world.ts";
import { mailHostOwner, mailHosts } from "../../src/dns/mail-host-owner.ts";
import { CHECKS } from "../../src/doctor/checks/checks.ts";
import type { DomainReport } from "../../src/doctor/domain-report.ts";
import type { VerifyTarget, VerifyTools } from "../../src/doctor/verify-domain.ts";
import { verifyDomains } from "../../src/doctor/verify-domains.ts";
import { closestZone } from "../../src/spec/host-name.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import type { SandboxInventory } from "./inventory.ts";
import { publishedFindings } from "./published-findings.ts";
import { PEBBLE_CAA_ISSUER, type Sandbox } from "./sandbox.ts";

/** The first request starts the edge's runtime, for which a busy machine needs longer than a client waits. */
const TIMEOUT_MS = 30_000;

/**
 * Proves each domain as `mail-autodiscover verify` does, with the keys that were issued and a login at each mail port.
 *
 * @param count Grows with what the network was asked.
 */
export async function verifySandbox(
  sandbox: Sandbox,
  inventory: SandboxInventory,
  count?: WorldCount,
): Promise<readonly DomainReport[]> {
  const ca = await readFile(sandbox.caBundle, "utf8");
  const { recursive, authoritative } = sandbox.dns;
  const resolver = `${recursive.host}:${recursive.port}`;
  const targets = await Promise.all(
    inventory.domains.map((domain) => targetOf(domain, sandbox, inventory, ca)),
  );
  const world = openLiveWorld({
    resolver,
    ca,
    connectTo: (host, port) => connectTarget(sandbox.connectTo, host, port),
    allowPrivate: true,
    timeoutMs: TIMEOUT_MS,
  });
  // A client's time-out would run while the runtime starts: one request waits for it alone.
  for (const { domain } of inventory.domains) {
    await world.request({ method: "GET", url: `https://autoconfig.${domain}/mail/config-v1.1.xml` });
  }
  const tools: VerifyTools = {
    world,
    clients: CLIENTS,
    checks: CHECKS,
    authoritative: openAuthoritativeView(world.resolve, {
      authoritative: `${authoritative.host}:${authoritative.port}`,
      allowPrivate: true,
    }),
    // The sandbox signs no zone, and its resolver validates none: there is nothing to tell.
    dnssec: undefined,
    now: () => new Date(),
  };
  const reports = await verifyDomains(targets, tools, { count });
  return reports.map((report, index): DomainReport => {
    const { spec, zone } = targets[index] ?? {};
    if (spec === undefined || zone === undefined) return report;
    return { ...report, findings: publishedFindings(report.findings, spec, zone) };
  });
}

async function targetOf(
  domain: MailDomain,
  sandbox: Sandbox,
  { domains, zones }: SandboxInventory,
  ca: string,
): Promise<VerifyTarget> {
  const held = zones.map((name) => ({ name }));
  const zone = closestZone(domain.domain, held)?.name ?? domain.domain;
  const owner = mailHostOwner(domain.mailServer.host, domains) ?? domain;
  const keys = await expectedKeys(sandbox, domain, domains);
  return {
    domain: domain.domain,
    spec: domain,
    zone,
    mailbox: mailboxOf("postmaster", domain.domain),
    options: {
      zones,
      ca,
      workersDevHost: sandbox.workersDevHost,
      caIssuer: PEBBLE_CAA_ISSUER,
      publishAddresses: owner === domain,
      mailHostAddress: sandbox.mail.endpoints.imaps.host,
      expectedKey: (name) => keys.get(name),
      login: sandbox.users.find((user) => user.address.endsWith(`@${domain.domain}`)),
    },
  };
}

/** The keys that the domain's mail hosts have to present: of the certificate deployed for a host's owner, where it covers the host. */
async function expectedKeys(
  sandbox: Sandbox,
  domain: MailDomain,
  domains: readonly MailDomain[],
): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>();
  for (const host of mailHosts(domain)) {
    const owner = mailHostOwner(host, domains) ?? domain;
    const folder = owner.certificate.deployTo[0]?.path ?? join(sandbox.certificateDirectory, owner.domain);
    const pem = await readFile(join(folder, "fullchain.pem"), "utf8").catch(() => undefined);
    if (pem === undefined || new X509Certificate(pem).checkHost(host) === undefined) continue;
    keys.set(host, spkiSha256(pem));
  }
  return keys;
}
