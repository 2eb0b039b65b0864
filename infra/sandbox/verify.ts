import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openLiveWorld } from "../../src/adapters/live-world.ts";
import { spkiSha256 } from "../../src/certificates/certificate-key.ts";
import { connectTarget } from "../../src/adapters/connect-to.ts";
import { mailHostOwner, mailHosts } from "../../src/dns/mail-host-owner.ts";
import { checkDocuments } from "../../src/doctor/check-documents.ts";
import { checkMailPorts } from "../../src/doctor/check-mail-ports.ts";
import { checkRecords } from "../../src/doctor/check-records.ts";
import type { Finding } from "../../src/doctor/finding.ts";
import { closestZone } from "../../src/spec/host-name.ts";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import type { SandboxInventory } from "./inventory.ts";
import { publishedFindings } from "./published-findings.ts";
import { PEBBLE_CAA_ISSUER, type Sandbox } from "./sandbox.ts";

export interface DomainFindings {
  readonly domain: string;
  readonly findings: readonly Finding[];
}

/** Proves each domain as its clients would find it: own DNS, both documents over verified TLS, every mail port. */
export async function verifyDomains(
  sandbox: Sandbox,
  inventory: SandboxInventory,
): Promise<readonly DomainFindings[]> {
  const ca = await readFile(sandbox.caBundle, "utf8");
  const connectTo = (host: string, port: number): ReturnType<typeof connectTarget> =>
    connectTarget(sandbox.connectTo, host, port);
  const { host, port } = sandbox.dns.recursive;
  const world = openLiveWorld({ resolver: `${host}:${port}`, ca, connectTo, allowPrivate: true });
  const zones = inventory.zones.map((name) => ({ name }));
  return Promise.all(
    inventory.domains.map(async (domain): Promise<DomainFindings> => {
      const zone = closestZone(domain.domain, zones)?.name ?? domain.domain;
      const owner = mailHostOwner(domain.mailServer.host, inventory.domains) ?? domain;
      const keys = await expectedKeys(sandbox, domain, inventory.domains);
      const findings = await Promise.all([
        checkRecords(
          domain,
          {
            zone,
            workersDevHost: sandbox.workersDevHost,
            caIssuer: PEBBLE_CAA_ISSUER,
            publishAddresses: owner === domain,
            mailHostAddress: sandbox.mail.endpoints.imaps.host,
          },
          world,
        ),
        checkDocuments(domain, world).then((found) => publishedFindings(found, domain, zone)),
        checkMailPorts(
          domain,
          {
            expectedKey: (name) => keys.get(name),
            login: sandbox.users.find((user) => user.address.endsWith(`@${domain.domain}`)),
          },
          world.probe,
        ),
      ]);
      return { domain: domain.domain, findings: findings.flat() };
    }),
  );
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
