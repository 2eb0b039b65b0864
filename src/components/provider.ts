import type { DynamicKind } from "./dynamic-resource.ts";
import { acmeAccount } from "./providers/acme-account.ts";
import { certificate } from "./providers/certificate.ts";
import { certificateKey } from "./providers/certificate-key.ts";
import { deployedCertificate } from "./providers/deployed-certificate.ts";
import { displacedRecord } from "./providers/displaced-record.ts";
import { dynamicProvider, type DynamicProvider } from "./providers/dynamic-provider.ts";
import { providedCertificate } from "./providers/provided-certificate.ts";
import { ProviderContext } from "./providers/provider-context.ts";
import { signedProfile } from "./providers/signed-profile.ts";

export type { DynamicProvider };

const context = new ProviderContext();

/** The providers of the dynamic resources, found by the text that `providerText` puts into the state. */
export const providers: Readonly<Record<DynamicKind, DynamicProvider>> = {
  AcmeAccount: dynamicProvider(acmeAccount, context),
  CertificateKey: dynamicProvider(certificateKey, context),
  Certificate: dynamicProvider(certificate, context),
  ProvidedCertificate: dynamicProvider(providedCertificate, context),
  DeployedCertificate: dynamicProvider(deployedCertificate, context),
  DisplacedRecord: dynamicProvider(displacedRecord, context),
  SignedProfile: dynamicProvider(signedProfile, context),
};

/** Ends what the providers have under way; orders take their TXT records back first. */
export function interruptProviders(reason: Error): void {
  context.interrupt(reason);
}
