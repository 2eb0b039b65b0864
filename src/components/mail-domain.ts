import * as pulumi from "@pulumi/pulumi";
import { coversHost, deriveCertificateNames } from "../certificates/certificate-names.ts";
import { deriveNotices } from "../dns/derive-notices.ts";
import { deriveRecords } from "../dns/derive-records.ts";
import { mailHosts } from "../dns/mail-host-owner.ts";
import type { DomainPlan } from "../dns/plan/plan-program.ts";
import { planUnobserved } from "../dns/plan/plan-unobserved.ts";
import type { PlannedRecord, PlanNotice } from "../dns/planned-record.ts";
import { closestZone } from "../spec/host-name.ts";
import type { MailDomain as MailDomainSpec } from "../spec/mail-domain.ts";
import { Certificate, CertificateKey } from "./acme-resources.ts";
import { CertificateDeployment, tlsEndpoints } from "./certificate-deployment.ts";
import { DnsRecords } from "./dns-records.ts";
import type { MailPlatform } from "./mail-platform.ts";
import { Publication } from "./publication.ts";

export interface MailDomainArgs {
  readonly spec: MailDomainSpec;
  /** The zone that holds the domain. */
  readonly zone: { readonly id: string; readonly name: string };
  /** Every zone that the token can edit: a name outside them cannot be issued. Default: the domain's zone. */
  readonly zones?: readonly { readonly id: string; readonly name: string }[] | undefined;
  readonly platform: MailPlatform;
  /** Folder that receives the certificate, in a folder named after the domain, where the spec names none. */
  readonly certificateDirectory?: string | undefined;
  /**
   * The mail hosts whose addresses this domain publishes, and which present its certificate; a host that several domains
   * of a program share has one owner (`mailHostOwner`). Default: all of them.
   */
  readonly ownedMailHosts?: readonly string[] | undefined;
  /** The records as planned against the zone. Default: made as if the zone were empty. */
  readonly plan?: Pick<DomainPlan, "planned" | "displacements"> | undefined;
  /** What a reviewer should know, said with the domain. Default none. */
  readonly notices?: readonly PlanNotice[] | undefined;
}

/** A mail domain: its records, its certificate, its documents. */
export class MailDomain extends pulumi.ComponentResource {
  /** Where a person finds the settings. */
  readonly settingsUrl: pulumi.Output<string>;
  readonly certificateNames: pulumi.Output<readonly string[]>;
  /** ISO 8601, UTC. */
  readonly notAfter: pulumi.Output<string>;
  /** The moment from which `up` renews; ISO 8601, UTC. */
  readonly nextRenewal: pulumi.Output<string>;

  constructor(name: string, args: MailDomainArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("mail-autodiscover:index:MailDomain", name, {}, options);
    const { spec, zone, platform } = args;
    const { domain } = spec;
    const owned = args.ownedMailHosts ?? mailHosts(spec);
    const parent = { parent: this };

    const records = new DnsRecords(
      domain,
      {
        records: args.plan?.planned ?? unobserved(args, owned),
        displacements: args.plan?.displacements,
        accountUri: platform.account.accountUrl,
      },
      parent,
    );
    void new Publication(domain, { spec, zone, platform }, parent);

    const zones = args.zones ?? [zone];
    const { names, omitted } = deriveCertificateNames(spec, { zones: zones.map((item) => item.name) });
    for (const left of omitted.filter((item) => item.reason === "no-editable-zone")) {
      void pulumi.log.warn(
        `${domain}: ${left.name} is not on the certificate: the API token can edit no zone that holds it.`,
        this,
      );
    }
    for (const notice of deriveNotices(spec, platform.workersDevHost)) void pulumi.log.warn(notice, this);
    for (const { level, message } of args.notices ?? []) {
      void (level === "warning" ? pulumi.log.warn : pulumi.log.info)(message, this);
    }
    const key = new CertificateKey(`${domain}/key`, { keyType: spec.certificate.keyType }, parent);
    const certificate = new Certificate(
      `${domain}/certificate`,
      {
        directoryUrl: platform.account.directoryUrl,
        accountKeyPem: platform.account.accountKeyPem,
        privateKeyPem: key.privateKeyPem,
        dnsNames: names,
        zones: zones
          .filter((item) => names.some((text) => closestZone(text, zones) === item))
          .map(({ id, name }) => ({ id, name })),
        profile: spec.certificate.profile,
      },
      // The CA looks its permission up at each order.
      { ...parent, dependsOn: records.ofType("CAA") },
    );
    void new CertificateDeployment(
      domain,
      {
        certificate,
        key,
        directories: deploymentDirectories(spec, args.certificateDirectory),
        // A host that the certificate does not cover is somebody else's, who presents a certificate of his own.
        endpoints: tlsEndpoints(spec).filter(({ host }) => owned.includes(host) && coversHost(names, host)),
      },
      parent,
    );

    this.settingsUrl = pulumi.output(
      spec.publish.kind === "worker"
        ? `https://autoconfig.${domain}/`
        : `https://autoconfig.${domain}/mail/config-v1.1.xml`,
    );
    this.certificateNames = pulumi.output(names);
    this.notAfter = certificate.notAfter;
    this.nextRenewal = certificate.renewAt;
    this.registerOutputs({
      settingsUrl: this.settingsUrl,
      certificateNames: this.certificateNames,
      notAfter: this.notAfter,
      nextRenewal: this.nextRenewal,
    });
  }
}

function unobserved(
  { spec, zone, platform }: MailDomainArgs,
  owned: readonly string[],
): readonly PlannedRecord[] {
  const wanted = deriveRecords(spec, {
    zone: zone.name,
    workersDevHost: platform.workersDevHost,
    publishAddresses: owned.includes(spec.mailServer.host),
  });
  return planUnobserved(wanted, zone, platform.identity);
}

function deploymentDirectories(spec: MailDomainSpec, root: string | undefined): readonly string[] {
  const own = spec.certificate.deployTo.map((target) => target.path);
  return own.length > 0 || root === undefined ? own : [`${root.replace(/\/$/, "")}/${spec.domain}`];
}
