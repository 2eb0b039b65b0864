import { mayAskRenewal, observeRenewal } from "../../certificates/renewal/renewal-information.ts";
import { latestRenewal } from "../../certificates/renewal/renewal.ts";
import { lifetimeWarning, scheduleWarning } from "../../certificates/renewal/renewal-warnings.ts";
import { withRenewal, type CertificateInputs, type CertificateOutputs } from "./certificate-state.ts";
import type { ProviderContext } from "./provider-context.ts";

/** Returns the state with what `diff` learned in this run and could not store. */
export function recallRenewal(former: CertificateOutputs, context: ProviderContext): CertificateOutputs {
  const { certId } = former;
  const learned = certId === undefined ? undefined : context.renewals.get(certId);
  return learned === undefined ? former : withRenewal(former, learned);
}

/**
 * Asks the CA when to renew, where its last answer is old enough: one request of at most five seconds. Without an answer the state stays
 * as it is, and `onFailure` is told why; nothing fails.
 */
export async function askRenewal(
  former: CertificateOutputs,
  context: ProviderContext,
  onFailure: (reason: string) => void,
): Promise<CertificateOutputs> {
  const { certId, notBefore, notAfter, renewAt, ariWindow, ariRetryAt, explanationUrl } = former;
  if (former.certificatePem === undefined || certId === undefined) return former;
  if (!mayAskRenewal(former, context.clock.now())) return former;
  let hasFailed = false;
  const knowledge = await observeRenewal(
    { certId, notBefore, notAfter, known: { renewAt, ariWindow, ariRetryAt, explanationUrl } },
    {
      acme: await context.renewalInfo(former.directoryUrl),
      clock: context.clock,
      onFailure: (reason) => {
        hasFailed = true;
        onFailure(reason);
      },
    },
    context.interrupted,
  );
  if (hasFailed) return former;
  context.renewals.set(certId, knowledge);
  return withRenewal(former, knowledge);
}

/** Says what an operator has to know of a certificate that stays for now. */
export function warnOfRenewal(
  present: CertificateOutputs,
  wish: Pick<CertificateInputs, "dnsNames" | "scheduleHours">,
  context: ProviderContext,
): void {
  const { renewAt, notBefore, notAfter } = present;
  const renewBefore = latestRenewal(present);
  const plan = { renewAt, renewBefore, notBefore, notAfter, scheduleHours: wish.scheduleHours };
  for (const warning of [scheduleWarning(plan), lifetimeWarning(plan, context.clock.now())]) {
    if (warning !== undefined) context.say(`${wish.dnsNames.join(", ")}: warning: ${warning}`);
  }
}
