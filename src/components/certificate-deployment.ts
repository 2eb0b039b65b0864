import * as pulumi from "@pulumi/pulumi";
import type { Endpoint, MailDomain as MailDomainSpec } from "../spec/mail-domain.ts";
import {
  DeployedCertificate,
  type Certificate,
  type CertificateKey,
  type DeploymentEndpoint,
} from "./acme-resources.ts";

export interface CertificateDeploymentArgs {
  readonly certificate: Certificate;
  readonly key: CertificateKey;
  readonly directories: readonly string[];
  /** The mail ports that must present the certificate; empty where another domain's certificate is presented. */
  readonly endpoints: readonly DeploymentEndpoint[];
}

/** Copies of the certificate where servers read it, each done when the mail ports present it. */
export class CertificateDeployment extends pulumi.ComponentResource {
  constructor(name: string, args: CertificateDeploymentArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("mail-autodiscover:index:CertificateDeployment", name, {}, options);
    for (const path of args.directories) {
      void new DeployedCertificate(
        `${name}/deployment/${path}`,
        {
          path,
          fullChainPem: args.certificate.fullChainPem,
          privateKeyPem: args.key.privateKeyPem,
          endpoints: [...args.endpoints],
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
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
