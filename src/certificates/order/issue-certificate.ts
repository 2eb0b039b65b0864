import { MailAutodiscoverError } from "../../errors.ts";
import { ensureAccount, mayBeOtherAccount, type EnsuredAccount } from "../account.ts";
import { normaliseKey } from "../certificate-key.ts";
import { normaliseNames } from "../certificate-names.ts";
import type { IssuanceProgress, ReportProgress } from "./issuance-progress.ts";
import { inIssuanceQueue } from "./issuance-queue.ts";
import type { CertificateRequest, IssuanceContext, IssuancePorts } from "./issuance-request.ts";
import type { CertificateDetails } from "./issued-certificate.ts";
import { orderCertificate, replacedCertId, type ObtainedCertificate } from "./order-certificate.ts";
import type { AcmeService } from "../ports.ts";
import { preflight } from "../preflight/preflight.ts";
import type { PreflightFinding } from "../preflight/preflight-finding.ts";
import { sameSetQuota } from "../preflight/preflight-limits.ts";
import { observeRenewal, type RenewalKnowledge } from "../renewal/renewal-information.ts";
import { resumeOrder } from "./resume-order.ts";

export type { CertificateRequest, IssuancePorts, PreviousCertificate } from "./issuance-request.ts";

/** For a whole issuance: a provider's update has to end, and the engine's first interrupt does not reach it. */
export const ISSUANCE_TIMEOUT_MS: number = 180_000;

/** A clock that is wrong by more than five minutes is told about; CAs themselves date certificates an hour back. */
const TOLERATED_SKEW_MS = 5 * 60_000;

/** A verified certificate and what a renewal needs. No secret: the key stays with the caller. */
export interface IssuedCertificate extends CertificateDetails, RenewalKnowledge {
  readonly orderUrl: string;
  readonly certUrl: string;
  readonly accountUrl: string;
}

/**
 * Orders a certificate by dns-01 and returns it verified (RFC 8555 §7.4). Nothing the
 * caller holds is touched: a failed renewal leaves the present certificate as it is. It may be called again after any end.
 *
 * @throws MailAutodiscoverError `acme-rate-limited` with `retryAt`, `acme-refused`, `acme-unreachable`, `acme-challenge-failed`,
 * `challenge-not-propagated`, `preflight-failed`, `certificate-mismatch`, `interrupted`, or what the challenge store throws
 */
export async function issueCertificate(
  request: CertificateRequest,
  ports: IssuancePorts,
): Promise<IssuedCertificate> {
  const names = normaliseNames(request.names);
  if (names.length === 0) {
    throw new MailAutodiscoverError("invalid-spec", "A certificate without a name was asked for.", {
      remedy: "Give at least one name in a zone that the token can edit.",
    });
  }
  const privateKeyPem = normaliseKey(request.privateKeyPem);
  const outer = request.signal ?? new AbortController().signal;
  return await inIssuanceQueue(ports.acme.directoryUrl, outer, async () => {
    const timeoutMs = request.timeoutMs ?? ISSUANCE_TIMEOUT_MS;
    const signal = AbortSignal.any([outer, AbortSignal.timeout(timeoutMs)]);
    let last: IssuanceProgress["kind"] | "start" = "start";
    const report: ReportProgress = (progress) => {
      last = progress.kind;
      ports.report?.(progress);
    };
    try {
      return await issue({ ...request, names, privateKeyPem }, { ...ports, report, signal });
    } catch (error) {
      throw signal.aborted ? interrupted(names, last, outer.aborted ? undefined : timeoutMs, error) : error;
    }
  });
}

async function issue(request: CertificateRequest, context: IssuanceContext): Promise<IssuedCertificate> {
  const { acme, report, signal } = context;
  await checkProfile(request.profile, acme, signal);
  const { accountUrl, details, certUrl, orderUrl } = await obtain(request, context);
  report({ kind: "issued", serial: details.serial, notAfter: details.notAfter });
  reportClockSkew(context);
  const renewal = await observeRenewal(details, context, signal);
  return { ...details, ...renewal, certUrl, orderUrl, accountUrl };
}

type AccountedCertificate = ObtainedCertificate & { readonly accountUrl: string };

/** Signs with the account that is known, and looks it up only where the CA may mean another: the look-up is a request of each order. */
async function obtain(request: CertificateRequest, context: IssuanceContext): Promise<AccountedCertificate> {
  const known = context.acme.accountUrl;
  // A former run's order can be read by its own account alone, so that one is made sure of.
  if (known === undefined || request.resumeOrderUrl !== undefined) {
    const { accountUrl, isNew } = await lookUpAccount(request, context);
    const resumed = isNew ? undefined : await resumeOrder(request, context);
    return { ...(resumed ?? (await orderAfterPreflight(request, accountUrl, context))), accountUrl };
  }
  context.report({ kind: "account", accountUrl: known, isNew: false });
  try {
    return { ...(await orderAfterPreflight(request, known, context)), accountUrl: known };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!mayBeOtherAccount(error)) throw error;
    const { accountUrl } = await lookUpAccount(request, context);
    if (accountUrl === known) throw error;
    return { ...(await orderAfterPreflight(request, accountUrl, context)), accountUrl };
  }
}

async function lookUpAccount(
  request: CertificateRequest,
  { acme, report, signal }: IssuanceContext,
): Promise<EnsuredAccount> {
  const account = await ensureAccount(acme, { contact: request.contact ?? [] }, signal);
  report({ kind: "account", ...account });
  return account;
}

async function orderAfterPreflight(
  request: CertificateRequest,
  accountUrl: string,
  context: IssuanceContext,
): Promise<ObtainedCertificate> {
  const { names, profile, issuedAt } = request;
  const isExempt = isInsideWindow(request, accountUrl, context);
  const findings = await preflight(
    { names, profile, accountUrl, issuedAt, isExempt },
    context,
    context.signal,
  );
  for (const { severity, message } of findings) {
    if (severity === "warn") context.report({ kind: "warning", message });
  }
  const failures = findings.filter(({ severity }) => severity === "fail");
  if (failures.length > 0) throw preflightFailed(failures, request, context);
  return await orderCertificate(request, accountUrl, context);
}

/** Let's Encrypt exempts a renewal from its limits inside the window, and neither before nor after it. */
function isInsideWindow(
  request: CertificateRequest,
  accountUrl: string,
  { clock }: IssuanceContext,
): boolean {
  const window = request.previous?.ariWindow;
  if (window === undefined || replacedCertId(request, accountUrl) === undefined) return false;
  const now = clock.now();
  return new Date(window.start) <= now && now < new Date(window.end);
}

function preflightFailed(
  failures: readonly PreflightFinding[],
  { issuedAt }: CertificateRequest,
  { clock }: IssuanceContext,
): MailAutodiscoverError {
  const isQuota = failures.every(({ code }) => code === "quota-used");
  const messages = new Set(failures.map(({ message }) => message));
  const remedies = new Set(failures.map(({ remedy }) => remedy));
  return new MailAutodiscoverError(
    "preflight-failed",
    `No certificate was ordered, since the CA would refuse it: ${[...messages].join(" ")}`,
    {
      remedy: [...remedies].join(" "),
      retryable: true,
      ...(isQuota ? { retryAt: sameSetQuota(issuedAt ?? [], clock.now()).nextAt } : {}),
      cause: { findings: failures },
    },
  );
}

/** Renewal is decided by this machine's clock: a wrong one renews too early or too late. */
function reportClockSkew({ acme, report }: IssuanceContext): void {
  const skewMs = acme.clockSkewMs;
  if (skewMs !== undefined && Math.abs(skewMs) > TOLERATED_SKEW_MS) report({ kind: "clock-skew", skewMs });
}

async function checkProfile(
  profile: string | undefined,
  acme: AcmeService,
  signal: AbortSignal,
): Promise<void> {
  if (profile === undefined) return;
  const { profiles } = await acme.directory(signal);
  if (profiles.includes(profile)) return;
  throw new MailAutodiscoverError(
    "acme-refused",
    `The CA ${acme.directoryUrl} has no profile "${profile}"; it offers: ${profiles.join(", ") || "none"}.`,
    { remedy: "Choose one of these profiles, or none." },
  );
}

function interrupted(
  names: readonly string[],
  last: string,
  timeoutMs: number | undefined,
  cause: unknown,
): MailAutodiscoverError {
  const why = timeoutMs === undefined ? "was interrupted" : `was not done within ${timeoutMs / 1000} s`;
  return new MailAutodiscoverError(
    "interrupted",
    `The certificate order for ${names.join(", ")} ${why} (last step: ${last}).`,
    { remedy: "Run the update again: it goes on from what the CA has.", retryable: true, cause },
  );
}
