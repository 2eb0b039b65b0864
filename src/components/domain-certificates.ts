import * as pulumi from "@pulumi/pulumi";
import type { StaleChallenge } from "../adapters/cloudflare/cloudflare-challenge.ts";
import {
  coversHost,
  deriveCertificates,
  type DerivedCertificate,
} from "../certificates/certificate-names.ts";
import { closestZone } from "../spec/host-name.ts";
import type { CertificateRole, MailDomain as MailDomainSpec } from "../spec/mail-domain.ts";
import {
  Certificate,
  CertificateKey,
  ProvidedCertificate,
  type ServedCertificate,
} from "./acme-resources.ts";
import { presentingHosts } from "./certificate-deployment.ts";
import type { MailPlatform } from "./mail-platform.ts";

export interface DomainCertificatesArgs {
  readonly spec: MailDomainSpec;
  /** Every zone that the token can edit. */
  readonly zones: readonly { readonly id: string; readonly name: string }[];
  readonly platform: MailPlatform;
  /** The mail hosts that present this domain's certificate. */
  readonly ownedMailHosts: readonly string[];
  readonly staleChallenges: readonly StaleChallenge[];
  /** PEM of the certificate that the spec says is provided. */
  readonly providedPem?: pulumi.Input<string> | undefined;
}

/** A certificate of a domain, with what it is for. */
export interface DomainCertificate {
  readonly role: CertificateRole | "single";
  readonly names: readonly string[];
  readonly certificate: ServedCertificate;
  /** The moment from which `up` renews; undefined for a provided one, which nobody renews here. */
  readonly renewAt: pulumi.Output<string> | undefined;
}

/**
 * Makes the certificates of a domain: one, two where the layout is `separate`, or the provided one. The certificate of
 * the domain keeps its logical name whatever the layout, so that a change of it is an update in place.
 */
export function makeCertificates(
  args: DomainCertificatesArgs,
  parent: pulumi.ComponentResource,
  options: pulumi.CustomResourceOptions,
): readonly DomainCertificate[] {
  const { spec, zones, providedPem } = args;
  if (providedPem !== undefined) return [provided(args, providedPem, options)];
  return deriveCertificates(spec, { zones: zones.map(({ name }) => name) }).flatMap((derived) => {
    for (const left of derived.omitted.filter(({ reason }) => reason === "no-editable-zone")) {
      void pulumi.log.warn(
        `${spec.domain}: ${left.name} is not on the certificate: the API token can edit no zone that holds it.`,
        parent,
      );
    }
    return derived.names.length === 0 ? [] : [issued(args, derived, options)];
  });
}

function provided(
  { spec, ownedMailHosts }: DomainCertificatesArgs,
  pem: pulumi.Input<string>,
  options: pulumi.CustomResourceOptions,
): DomainCertificate {
  const hosts = presentingHosts(spec, ownedMailHosts);
  const certificate = new ProvidedCertificate(`${spec.domain}/provided-certificate`, { pem, hosts }, options);
  return { role: "single", names: hosts, certificate, renewAt: undefined };
}

function issued(
  { spec, zones, platform, staleChallenges }: DomainCertificatesArgs,
  { role, names }: DerivedCertificate,
  options: pulumi.CustomResourceOptions,
): DomainCertificate {
  const suffix = role === "mail" ? "/mail" : "";
  const { keyType, keyVersion, profile, preferredChain, revokeOnDelete, renewalFailure, delegatedNames } =
    spec.certificate;
  const key = new CertificateKey(`${spec.domain}/key${suffix}`, { keyType, keyVersion }, options);
  const isDelegated = names.some((name) => delegatedNames.includes(name));
  const certificate = new Certificate(
    `${spec.domain}/certificate${suffix}`,
    {
      directoryUrl: platform.account.directoryUrl,
      accountKeyPem: platform.account.accountKeyPem,
      accountUrl: platform.account.accountUrl,
      privateKeyPem: key.privateKeyPem,
      dnsNames: names,
      // A delegated challenge may lead into any zone of the token.
      zones: zones
        .filter((zone) => isDelegated || names.some((name) => closestZone(name, zones) === zone))
        .map(({ id, name }) => ({ id, name })),
      profile,
      preferredChain,
      revokeOnDelete,
      renewalFailure,
      scheduleHours: platform.scheduleHours,
      // One of a domain's certificates removes them all.
      ...(role === "mail" || staleChallenges.length === 0 ? {} : { staleChallenges }),
    },
    options,
  );
  return { role, names, certificate, renewAt: certificate.renewAt };
}

/** True where a certificate is the one that a mail host presents. */
export function presents({ role, names }: DomainCertificate, host: string): boolean {
  return role !== "domain" && coversHost(names, host);
}
