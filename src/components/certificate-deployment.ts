import * as pulumi from "@pulumi/pulumi";
import type { Endpoint, MailDomain as MailDomainSpec } from "../spec/mail-domain.ts";
import { DeployedCertificate, type DeploymentEndpoint, type ServedCertificate } from "./acme-resources.ts";

export interface CertificateDeploymentArgs {
  readonly deployments: readonly FolderDeployment[];
}

/** A certificate on its way into a folder. */
export interface FolderDeployment {
  readonly path: string;
  readonly certificate: ServedCertificate;
  /** The mail ports that must present the certificate; empty where another one is presented there. */
  readonly endpoints: readonly DeploymentEndpoint[];
}

/** Copies of a domain's certificates where servers read them, each done when the mail ports present it. */
export class CertificateDeployment extends pulumi.ComponentResource {
  constructor(name: string, args: CertificateDeploymentArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("mail-autodiscover:index:CertificateDeployment", name, {}, options);
    for (const { path, certificate, endpoints } of args.deployments) {
      void new DeployedCertificate(
        `${name}/deployment/${path}`,
        {
          path,
          fullChainPem: certificate.fullChainPem,
          privateKeyPem: certificate.privateKeyPem,
          endpoints: [...endpoints],
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}

/** Returns the hosts of a domain that present its certificate at some port, each once. */
export function presentingHosts(spec: MailDomainSpec, owned: readonly string[]): readonly string[] {
  const hosts = tlsEndpoints(spec).map(({ host }) => host);
  return [...new Set(hosts)].filter((host) => owned.includes(host));
}

/** Returns the ports of a domain that present a certificate: all but the plain ones. */
export function tlsEndpoints(spec: MailDomainSpec): readonly DeploymentEndpoint[] {
  const of = (
    protocol: DeploymentEndpoint["protocol"],
    endpoints: readonly Endpoint[],
  ): DeploymentEndpoint[] =>
    endpoints.flatMap(({ host, port, tls }) => (tls === "plain" ? [] : [{ protocol, host, port, tls }]));
  const { imap, pop3, submission } = spec.mailServer;
  return [...of("imap", imap), ...of("pop3", pop3), ...of("submission", submission)];
}
