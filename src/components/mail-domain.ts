import * as pulumi from "@pulumi/pulumi";
import type { StaleChallenge } from "../adapters/cloudflare/cloudflare-challenge.ts";
import { deriveNotices } from "../dns/derive-notices.ts";
import { deriveRecords } from "../dns/derive-records.ts";
import { mailHosts } from "../dns/mail-host-owner.ts";
import type { DomainPlan } from "../dns/plan/plan-program.ts";
import { planUnobserved } from "../dns/plan/plan-unobserved.ts";
import type { PlannedRecord, PlanNotice } from "../dns/planned-record.ts";
import type { MailDomain as MailDomainSpec } from "../spec/mail-domain.ts";
import { CertificateDeployment, tlsEndpoints, type FolderDeployment } from "./certificate-deployment.ts";
import { makeCertificates, presents, type DomainCertificate } from "./domain-certificates.ts";
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
  /** The certificate that the spec says is provided: PEM of chain and key, a secret. */
  readonly providedPem?: pulumi.Input<string> | undefined;
  /** Challenge records of the domain's names that a run left behind. Default none. */
  readonly staleChallenges?: readonly StaleChallenge[] | undefined;
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
  /** The latest time by which `up` must have run; ISO 8601, UTC. */
  readonly renewBefore: pulumi.Output<string>;

  constructor(name: string, args: MailDomainArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("mail-autodiscover:index:MailDomain", name, {}, options);
    const { spec, zone, platform } = args;
    const { domain } = spec;
    const owned = args.ownedMailHosts ?? mailHosts(spec);
    const parent = { parent: this };

    const policy = Promise.withResolvers<readonly pulumi.Resource[]>();
    const records = new DnsRecords(
      domain,
      {
        records: args.plan?.planned ?? unobserved(args, owned),
        displacements: args.plan?.displacements,
        accountUri: platform.account.accountUrl,
        policy: policy.promise,
      },
      parent,
    );
    for (const notice of deriveNotices(spec, platform.workersDevHost)) void pulumi.log.warn(notice, this);
    for (const { level, message } of args.notices ?? []) {
      void (level === "warning" ? pulumi.log.warn : pulumi.log.info)(message, this);
    }
    const certificates = makeCertificates(
      {
        spec,
        zones: args.zones ?? [zone],
        platform,
        ownedMailHosts: owned,
        staleChallenges: args.staleChallenges ?? [],
        providedPem: args.providedPem,
      },
      this,
      // The CA looks its permission up at each order.
      { ...parent, dependsOn: records.ofType("CAA") },
    );
    const { entry } = new Publication(
      domain,
      {
        spec,
        zone,
        platform,
        // The domain's own certificate, which no server needs to share.
        signer: certificates.find(({ role }) => role !== "mail")?.certificate,
        after: records.ofPurpose("pacc"),
      },
      parent,
    );
    policy.resolve(entry === undefined ? [] : [entry]);
    void new CertificateDeployment(
      domain,
      { deployments: folderDeployments(spec, certificates, owned, args.certificateDirectory) },
      parent,
    );

    this.settingsUrl = pulumi.output(
      spec.publish.kind === "worker"
        ? `https://autoconfig.${domain}/`
        : `https://autoconfig.${domain}/mail/config-v1.1.xml`,
    );
    this.certificateNames = pulumi.output(
      [...new Set(certificates.flatMap(({ names }) => names))].toSorted(),
    );
    this.notAfter = earliest(certificates.map(({ certificate }) => certificate.notAfter));
    this.nextRenewal = earliest(certificates.flatMap(({ renewAt }) => renewAt ?? []));
    this.renewBefore = earliest(certificates.map(({ certificate }) => certificate.renewBefore));
    this.registerOutputs({
      settingsUrl: this.settingsUrl,
      certificateNames: this.certificateNames,
      notAfter: this.notAfter,
      nextRenewal: this.nextRenewal,
      renewBefore: this.renewBefore,
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

/** In the layout `separate` a folder of the program gets the mail server's certificate: servers read it there. */
function folderDeployments(
  spec: MailDomainSpec,
  certificates: readonly DomainCertificate[],
  owned: readonly string[],
  root: string | undefined,
): readonly FolderDeployment[] {
  const own = spec.certificate.deployTo;
  const fallback =
    root === undefined
      ? []
      : [{ path: `${root.replace(/\/$/, "")}/${spec.domain}`, certificate: "mail" as const }];
  return (own.length > 0 ? own : fallback).flatMap(({ path, certificate: role }) => {
    const wanted = certificates.find((each) => each.role === "single" || each.role === role);
    if (wanted === undefined) return [];
    // A host that the certificate does not cover is somebody else's, who presents a certificate of his own.
    const endpoints = tlsEndpoints(spec).filter(({ host }) => owned.includes(host) && presents(wanted, host));
    return [{ path, certificate: wanted.certificate, endpoints }];
  });
}

/** ISO times of one zone sort as text. */
function earliest(times: readonly pulumi.Output<string>[]): pulumi.Output<string> {
  return pulumi.all([...times]).apply((all) => all.toSorted()[0] ?? "");
}
