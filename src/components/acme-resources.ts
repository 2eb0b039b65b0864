import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "./dynamic-resource.ts";

export interface AcmeAccountArgs {
  /** Directory URL of the CA (RFC 8555 §7.1.1). */
  readonly directoryUrl: pulumi.Input<string>;
  /** Contact address; optional, since Let's Encrypt sends no mail any more. */
  readonly email?: pulumi.Input<string> | undefined;
}

/** An ACME account. Its key (P-256) is made at creation and kept secret in the state. Deleting only forgets it. */
export class AcmeAccount extends DynamicResource {
  declare readonly accountUrl: pulumi.Output<string>;
  declare readonly accountKeyPem: pulumi.Output<string>;
  declare readonly directoryUrl: pulumi.Output<string>;

  constructor(name: string, args: AcmeAccountArgs, options: pulumi.CustomResourceOptions = {}) {
    super(
      "AcmeAccount",
      name,
      { email: undefined, accountUrl: undefined, accountKeyPem: undefined, ...args },
      options,
    );
  }
}

export interface CertificateKeyArgs {
  readonly keyType: pulumi.Input<string>;
}

/** A certificate's private key, in the state before any order: a kill after finalize must not lose it. */
export class CertificateKey extends DynamicResource {
  declare readonly privateKeyPem: pulumi.Output<string>;
  declare readonly spkiSha256: pulumi.Output<string>;

  constructor(name: string, args: CertificateKeyArgs, options: pulumi.CustomResourceOptions = {}) {
    super("CertificateKey", name, { privateKeyPem: undefined, spkiSha256: undefined, ...args }, options);
  }
}

export interface CertificateArgs {
  readonly directoryUrl: pulumi.Input<string>;
  readonly accountKeyPem: pulumi.Input<string>;
  readonly privateKeyPem: pulumi.Input<string>;
  /** Names in normal form. */
  readonly dnsNames: pulumi.Input<readonly string[]>;
  /** The zones that hold the challenge records. */
  readonly zones: pulumi.Input<readonly { readonly id: string; readonly name: string }[]>;
  readonly profile?: pulumi.Input<string> | undefined;
}

/** A certificate. It renews itself: `diff` says that it is due, `up` does it, the old one stays until then. */
export class Certificate extends DynamicResource {
  declare readonly fullChainPem: pulumi.Output<string>;
  declare readonly certificatePem: pulumi.Output<string>;
  declare readonly notAfter: pulumi.Output<string>;
  declare readonly renewAt: pulumi.Output<string>;
  declare readonly serial: pulumi.Output<string>;
  declare readonly spkiSha256: pulumi.Output<string>;
  declare readonly dnsNames: pulumi.Output<readonly string[]>;

  constructor(name: string, args: CertificateArgs, options: pulumi.CustomResourceOptions = {}) {
    super(
      "Certificate",
      name,
      {
        profile: undefined,
        fullChainPem: undefined,
        certificatePem: undefined,
        notAfter: undefined,
        renewAt: undefined,
        serial: undefined,
        spkiSha256: undefined,
        ...args,
      },
      options,
    );
  }
}

export interface DeployedCertificateArgs {
  /** Folder that receives `fullchain.pem` and `privkey.pem`. */
  readonly path: pulumi.Input<string>;
  readonly fullChainPem: pulumi.Input<string>;
  readonly privateKeyPem: pulumi.Input<string>;
  /** The mail ports that must present the certificate afterwards. */
  readonly endpoints: pulumi.Input<readonly DeploymentEndpoint[]>;
}

export interface DeploymentEndpoint {
  readonly protocol: "imap" | "pop3" | "submission";
  readonly host: string;
  readonly port: number;
  readonly tls: "implicit" | "starttls";
}

/** A copy of a certificate in a folder. It is done when the servers present it. */
export class DeployedCertificate extends DynamicResource {
  declare readonly spkiSha256: pulumi.Output<string>;

  constructor(name: string, args: DeployedCertificateArgs, options: pulumi.CustomResourceOptions = {}) {
    super("DeployedCertificate", name, { spkiSha256: undefined, ...args }, options);
  }
}
