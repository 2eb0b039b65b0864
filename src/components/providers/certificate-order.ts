import type { IssuanceProgress } from "../../certificates/order/issuance-progress.ts";
import type { CertificateRequest } from "../../certificates/order/issue-certificate.ts";
import { latestRenewal } from "../../certificates/renewal/renewal.ts";
import { normaliseNames } from "../../certificates/certificate-names.ts";
import { addIssuance, type CertificateInputs, type CertificateOutputs } from "./certificate-state.ts";
import type { Properties } from "./dynamic-provider.ts";
import type { ProviderContext } from "./provider-context.ts";

/** What an order went through, as far as the state has to know it when it fails. */
export interface OrderJournal {
  /** The order of this run, or the former one that was resumed. */
  orderUrl: string | undefined;
  /** True once the CA may have issued. */
  mayResume: boolean;
  isResumed: boolean;
}

/** Orders a certificate, or fetches that of a former run's order, and returns the outputs to store. */
export async function orderOutputs(
  wish: CertificateInputs,
  former: CertificateOutputs | undefined,
  journal: OrderJournal,
  context: ProviderContext,
): Promise<Properties> {
  const { issueCertificate } = await import("../../certificates/order/issue-certificate.ts");
  const issuedAt = former !== undefined && isSameSet(former, wish) ? (former.issuedAt ?? []) : [];
  const issued = await issueCertificate(
    {
      names: wish.dnsNames,
      privateKeyPem: wish.privateKeyPem,
      profile: wish.profile,
      preferredChain: wish.preferredChain,
      issuedAt,
      signal: context.interrupted,
      ...linkTo(former, wish),
    },
    {
      acme: await context.orders(wish.directoryUrl, wish.accountKeyPem, wish.accountUrl || undefined),
      challenges: await context.challenges(wish.zones),
      propagation: await context.propagation(),
      lookup: await context.lookup(),
      clock: context.clock,
      report: (progress) => note(progress, wish, journal, context),
    },
  );
  return {
    ...wish,
    ...issued,
    renewBefore: latestRenewal(issued),
    issuedAt: journal.isResumed ? issuedAt : addIssuance(issuedAt, context.clock.now()),
  };
}

/** Returns whether a certificate counts against the CA's limit for the wish: the same names at the same CA. */
export function isSameSet(former: CertificateOutputs, wish: CertificateInputs): boolean {
  if (former.directoryUrl !== wish.directoryUrl) return false;
  return normaliseNames(former.dnsNames).join() === normaliseNames(wish.dnsNames).join();
}

/** Another CA knows neither the predecessor nor the order. */
function linkTo(
  former: CertificateOutputs | undefined,
  wish: CertificateInputs,
): Pick<CertificateRequest, "previous" | "resumeOrderUrl"> {
  if (former === undefined || former.directoryUrl !== wish.directoryUrl) return {};
  const resumeOrderUrl = former.lastError?.mayResume === true ? former.orderUrl : undefined;
  if (former.certificatePem === undefined) return { resumeOrderUrl };
  const { certId, accountUrl, names, serial, ariWindow } = former;
  return { resumeOrderUrl, previous: { certId, accountUrl, names, serial, ariWindow } };
}

function note(
  progress: IssuanceProgress,
  wish: CertificateInputs,
  journal: OrderJournal,
  context: ProviderContext,
): void {
  if (progress.kind === "order") {
    journal.orderUrl = progress.orderUrl;
    journal.mayResume = false;
  } else if (progress.kind === "finalizing") {
    journal.orderUrl = progress.orderUrl;
    journal.mayResume = true;
  } else if (progress.kind === "resumed") {
    journal.isResumed = true;
  }
  const line = describe(progress, wish);
  if (line !== undefined) context.say(`${wish.dnsNames.join(", ")}: ${line}`);
}

function describe(progress: IssuanceProgress, { accountUrl }: CertificateInputs): string | undefined {
  if (progress.kind === "warning") return `warning: ${progress.message}`;
  if (progress.kind === "resumed")
    return `the certificate of the former run's order is there: ${progress.orderUrl}`;
  if (progress.kind === "resume-refused") return `the former run's order cannot be used (${progress.detail})`;
  if (progress.kind === "replaces-refused")
    return `the CA does not take the former certificate as predecessor (${progress.detail}); ordered without`;
  if (progress.kind === "account" && progress.isNew && (accountUrl ?? "") !== "") {
    return `warning: the CA did not know the account ${accountUrl}; it is ${progress.accountUrl} now. Run "pulumi up --refresh", so that CAA records follow`;
  }
  if (progress.kind !== "clock-skew") return undefined;
  const minutes = Math.round(Math.abs(progress.skewMs) / 60_000);
  const direction = progress.skewMs > 0 ? "ahead of" : "behind";
  return `warning: this machine's clock is ${minutes} min ${direction} the CA's: renewals come at the wrong time`;
}
