import * as pulumi from "@pulumi/pulumi";
import type { StaleChallenge } from "../adapters/cloudflare/cloudflare-challenge.ts";
import { DynamicResource } from "./dynamic-resource.ts";

export interface AcmeAccountArgs {
  /** Directory URL of the CA (RFC 8555 §7.1.1). */
  readonly directoryUrl: pulumi.Input<string>;
  /** Contact address; optional, since Let's Encrypt sends no mail any more. */
  readonly email?: pulumi.Input<string> | undefined;
  /** Another number rolls the account over to a new key (RFC 8555 §7.3.5). Default 0. */
  readonly keyVersion?: pulumi.Input<number> | undefined;
  /** External account binding (RFC 8555 §7.3.4), secret; used when the account is made, and never again. */
  readonly eab?: pulumi.Input<ExternalAccountBinding> | undefined;
  /** True: the account is deactivated with the resource, for ever. Default false. */
  readonly deactivateOnDelete?: pulumi.Input<boolean> | undefined;
}

export interface ExternalAccountBinding {
  readonly kid: string;
  /** Base64url, as CAs hand it out. */
  readonly hmacKey: string;
}

/** An ACME account. Its key (P-256) is made at creation and kept secret in the state. Deleting only forgets it. */
export class AcmeAccount extends DynamicResource {
  declare readonly accountUrl: pulumi.Output<string>;
  declare readonly accountKeyPem: pulumi.Output<string>;
  declare readonly directoryUrl: pulumi.Output<string>;

  constructor(name: string, args: AcmeAccountArgs, options: pulumi.CustomResourceOptions = {}) {
    const { eab, ...rest } = args;
    super(
      "AcmeAccount",
      name,
      {
        email: undefined,
        accountUrl: undefined,
        accountKeyPem: undefined,
        eab: eab === undefined ? undefined : pulumi.secret(eab),
        ...rest,
      },
      options,
    );
  }
}

export interface CertificateKeyArgs {
  readonly keyType: pulumi.Input<string>;
  /** Another number makes another key. Default 0. */
  readonly keyVersion?: pulumi.Input<number> | undefined;
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
  /** What CAA records are held against before an order. */
  readonly accountUrl?: pulumi.Input<string> | undefined;
  readonly privateKeyPem: pulumi.Input<string>;
  /** Names in normal form. */
  readonly dnsNames: pulumi.Input<readonly string[]>;
  /** The zones that hold the challenge records. */
  readonly zones: pulumi.Input<readonly { readonly id: string; readonly name: string }[]>;
  readonly profile?: pulumi.Input<string> | undefined;
  readonly preferredChain?: pulumi.Input<string> | undefined;
  /** Default false: what is forgotten may still be presented somewhere. */
  readonly revokeOnDelete?: pulumi.Input<boolean> | undefined;
  /** Default `warn`; below a sixth of the life a failed renewal is an error in any case. */
  readonly renewalFailure?: pulumi.Input<"warn" | "error"> | undefined;
  /** Hours between two runs of the pipeline; where that is too long for the certificate, each run warns. */
  readonly scheduleHours?: pulumi.Input<number> | undefined;
  /** Challenge records that a run left behind, removed by the next update. Default none. */
  readonly staleChallenges?: readonly StaleChallenge[] | undefined;
}

/** What deployments and stack outputs read of a certificate, whoever issued it. */
export interface ServedCertificate {
  readonly fullChainPem: pulumi.Output<string>;
  /** The key of this very chain: while a renewal with a new key fails, both stay the former ones. */
  readonly privateKeyPem: pulumi.Output<string>;
  readonly notAfter: pulumi.Output<string>;
  /** The latest time by which a pipeline must have run, ISO 8601. */
  readonly renewBefore: pulumi.Output<string>;
}

/** A certificate. It renews itself: `diff` says that it is due, `up` does it, the old one stays until then. */
export class Certificate extends DynamicResource implements ServedCertificate {
  declare readonly fullChainPem: pulumi.Output<string>;
  declare readonly certificatePem: pulumi.Output<string>;
  declare readonly privateKeyPem: pulumi.Output<string>;
  declare readonly notAfter: pulumi.Output<string>;
  declare readonly renewAt: pulumi.Output<string>;
  declare readonly renewBefore: pulumi.Output<string>;
  declare readonly serial: pulumi.Output<string>;
  declare readonly spkiSha256: pulumi.Output<string>;
  declare readonly dnsNames: pulumi.Output<readonly string[]>;

  constructor(name: string, args: CertificateArgs, options: pulumi.CustomResourceOptions = {}) {
    super("Certificate", name, { ...OUTPUTS, renewAt: undefined, ...args }, options);
  }
}

export interface ProvidedCertificateArgs {
  /** PEM of the chain and its private key, in any order; secret. */
  readonly pem: pulumi.Input<string>;
  /** Host names that present it, which it has to cover. */
  readonly hosts: pulumi.Input<readonly string[]>;
}

/** A certificate that was bought elsewhere: checked like an issued one, its expiry watched at each run. */
export class ProvidedCertificate extends DynamicResource implements ServedCertificate {
  declare readonly fullChainPem: pulumi.Output<string>;
  declare readonly privateKeyPem: pulumi.Output<string>;
  declare readonly notAfter: pulumi.Output<string>;
  declare readonly renewBefore: pulumi.Output<string>;
  declare readonly names: pulumi.Output<readonly string[]>;

  constructor(name: string, args: ProvidedCertificateArgs, options: pulumi.CustomResourceOptions = {}) {
    super(
      "ProvidedCertificate",
      name,
      { ...OUTPUTS, privateKeyPem: undefined, names: undefined, ...args, pem: pulumi.secret(args.pem) },
      options,
    );
  }
}

/** Properties that the provider fills in: the SDK makes an output of each that the constructor names. */
const OUTPUTS = {
  fullChainPem: undefined,
  certificatePem: undefined,
  notAfter: undefined,
  renewBefore: undefined,
  serial: undefined,
  spkiSha256: undefined,
} as const;

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
