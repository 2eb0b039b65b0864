import * as pulumi from "@pulumi/pulumi";

/** The dynamic resources of this module. Names are part of the state: they never change without aliases. */
export type DynamicKind =
  | "AcmeAccount"
  | "CertificateKey"
  | "Certificate"
  | "ProvidedCertificate"
  | "DeployedCertificate"
  | "DisplacedRecord"
  | "SignedProfile";

/** Properties that hold keys; marked secret wherever a state is written. */
export const SECRET_PROPERTIES: Readonly<Record<DynamicKind, readonly string[]>> = {
  AcmeAccount: ["accountKeyPem", "eab"],
  CertificateKey: ["privateKeyPem"],
  Certificate: ["accountKeyPem", "privateKeyPem"],
  ProvidedCertificate: ["pem", "privateKeyPem"],
  DeployedCertificate: ["privateKeyPem"],
  DisplacedRecord: [],
  SignedProfile: ["privateKeyPem"],
};

const METHODS = ["configure", "check", "diff", "create", "read", "update", "delete"];

/**
 * Returns the provider text that the engine stores with a resource. It is constant, short, and the same on every
 * machine; the code it names is loaded from the installed package. `read` and `delete` run the text of the last update,
 * so neither the import path nor the method names may ever change.
 */
export function providerText(kind: DynamicKind): string {
  return `exports.handler=()=>Object.fromEntries(${JSON.stringify(METHODS)}.map(m=>[m,async(...a)=>(await import("pulumi-mail-autodiscover/provider")).providers.${kind}[m](...a)]))`;
}

/** A resource whose provider is this package, without closure serialisation. */
export abstract class DynamicResource extends pulumi.CustomResource {
  constructor(kind: DynamicKind, name: string, inputs: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    super(
      `pulumi-nodejs:dynamic/mail-autodiscover:${kind}`,
      name,
      { ...inputs, __provider: providerText(kind) },
      { ...options, additionalSecretOutputs: [...SECRET_PROPERTIES[kind]] },
    );
  }
}
