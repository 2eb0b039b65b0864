import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../../src/certificates/ports.ts";
import { acmeAccount } from "../../../src/components/providers/acme-account.ts";
import { certificateKey } from "../../../src/components/providers/certificate-key.ts";
import { certificate } from "../../../src/components/providers/certificate.ts";
import { deployedCertificate } from "../../../src/components/providers/deployed-certificate.ts";
import { dynamicProvider, type DynamicProvider } from "../../../src/components/providers/dynamic-provider.ts";
import { ProviderContext } from "../../../src/components/providers/provider-context.ts";

export type CertificateKind = "AcmeAccount" | "CertificateKey" | "Certificate" | "DeployedCertificate";

/** The machine's time; waits take a twentieth, since nothing here needs longer to settle. */
const quickClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    await sleep(milliseconds / 20, undefined, { signal });
  },
};

/** Opens the real providers with a configuration of their own, since those of the package share one, and with short waits. */
export async function openProviders(
  config: Readonly<Record<string, string>>,
): Promise<Readonly<Record<CertificateKind, DynamicProvider>>> {
  const context = new ProviderContext(quickClock);
  const providers = {
    AcmeAccount: dynamicProvider(acmeAccount, context),
    CertificateKey: dynamicProvider(certificateKey, context),
    Certificate: dynamicProvider(certificate, context),
    DeployedCertificate: dynamicProvider(deployedCertificate, context),
  };
  await providers.Certificate.configure({ config: { get: (key) => config[key] } });
  return providers;
}
