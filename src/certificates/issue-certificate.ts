import { MailAutodiscoverError } from "../errors.ts";
import { ensureAccount } from "./account.ts";
import { acmeProblemOf } from "./acme-problem.ts";
import { answerChallenges } from "./answer-challenges.ts";
import { awaitOrder } from "./await-status.ts";
import { normaliseKey } from "./certificate-key.ts";
import { normaliseNames } from "./certificate-names.ts";
import { createCertificateRequest } from "./certificate-request.ts";
import type { IssuanceProgress, ReportProgress } from "./issuance-progress.ts";
import { inIssuanceQueue } from "./issuance-queue.ts";
import { verifyIssuedCertificate, type CertificateDetails } from "./issued-certificate.ts";
import type { AcmeOrder, AcmeService, ChallengeStore, Clock, PropagationCheck } from "./ports.ts";
import { observeRenewal, type RenewalKnowledge } from "./renewal-information.ts";

/** For a whole issuance: a provider's update has to end, and the engine's first interrupt does not reach it. */
export const ISSUANCE_TIMEOUT_MS: number = 180_000;

/** lego's default for Cloudflare. */
export const PROPAGATION_TIMEOUT_MS: number = 120_000;

export interface CertificateRequest {
  /** In any order and spelling; `normaliseNames` decides what is asked. */
  readonly names: readonly string[];
  /** PEM. Stored by the caller before this is called: after finalize a lost key is a lost certificate. */
  readonly privateKeyPem: string;
  readonly contact?: readonly string[] | undefined;
  /** One of the CA's profiles; absent means the CA's default. */
  readonly profile?: string | undefined;
  /** An issuer's common name in the chain to prefer; absent means the CA's default chain. */
  readonly preferredChain?: string | undefined;
  /** The certificate that this one renews. */
  readonly previous?: PreviousCertificate | undefined;
  /** The order of a run that ended after finalize; its certificate is fetched instead of ordering again. */
  readonly resumeOrderUrl?: string | undefined;
  /** Milliseconds. Default 120,000. */
  readonly propagationTimeoutMs?: number | undefined;
  /** Milliseconds. Default 180,000. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PreviousCertificate {
  readonly certId: string | undefined;
  readonly accountUrl: string;
  readonly names: readonly string[];
}

export interface IssuancePorts {
  readonly acme: AcmeService;
  readonly challenges: ChallengeStore;
  readonly propagation: PropagationCheck;
  readonly clock: Clock;
  readonly report?: ReportProgress | undefined;
  readonly random?: (() => number) | undefined;
}

/** A verified certificate and what a renewal needs. No secret: the key stays with the caller. */
export interface IssuedCertificate extends CertificateDetails, RenewalKnowledge {
  readonly certUrl: string;
  readonly accountUrl: string;
}

type Context = Omit<IssuancePorts, "report"> & {
  readonly report: ReportProgress;
  readonly signal: AbortSignal;
};

/**
 * Orders a certificate by dns-01 and returns it verified (RFC 8555 §7.4). Nothing the
 * caller holds is touched: a failed renewal leaves the present certificate as it is. It may be called again after any end.
 *
 * @throws MailAutodiscoverError `acme-rate-limited` with `retryAt`, `acme-refused`, `acme-unreachable`, `acme-challenge-failed`,
 * `challenge-not-propagated`, `certificate-mismatch`, `interrupted`, or what the challenge store throws
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

async function issue(request: CertificateRequest, context: Context): Promise<IssuedCertificate> {
  const { acme, clock, report, signal } = context;
  await checkProfile(request.profile, acme, signal);
  const { accountUrl, isNew } = await ensureAccount(acme, { contact: request.contact ?? [] }, signal);
  report({ kind: "account", accountUrl, isNew });

  const certUrl =
    (await resume(request, isNew, context)) ?? (await orderCertificate(request, accountUrl, context));
  const pem = await acme.downloadCertificate(certUrl, request.preferredChain, signal);
  const details = verifyIssuedCertificate(pem, {
    privateKeyPem: request.privateKeyPem,
    names: request.names,
    now: clock.now(),
  });
  report({ kind: "issued", serial: details.serial, notAfter: details.notAfter });
  const renewal = await observeRenewal(details, context, signal);
  return { ...details, ...renewal, certUrl, accountUrl };
}

async function orderCertificate(
  request: CertificateRequest,
  accountUrl: string,
  context: Context,
): Promise<string> {
  const { acme, report, signal } = context;
  let order = await newOrder(request, accountUrl, context);
  if (order.status === "pending") {
    await answerChallenges(order, request.propagationTimeoutMs ?? PROPAGATION_TIMEOUT_MS, context, signal);
    order = await acme.getOrder(order.url, signal);
  }
  order = await awaitOrder(order, ["ready", "processing", "valid"], context, signal);
  const csrPem = await createCertificateRequest(request.names, request.privateKeyPem);
  report({ kind: "finalizing", orderUrl: order.url });
  if (order.status === "ready") order = await finalize(order, csrPem, context);
  return await awaitCertificateUrl(order, context, signal);
}

/** `ready` is not done: a CA may still show it right after finalize. */
async function awaitCertificateUrl(order: AcmeOrder, context: Context, signal: AbortSignal): Promise<string> {
  const { certificateUrl } = await awaitOrder(order, ["valid"], context, signal);
  if (certificateUrl !== undefined) return certificateUrl;
  throw new MailAutodiscoverError(
    "acme-refused",
    `The order ${order.url} is valid but names no certificate.`,
    {
      remedy: "Run the update again; this CA departs from RFC 8555 §7.1.3.",
      retryable: true,
    },
  );
}

/** The exemption of a renewal from the rate limits is worth one refused request, never a refused order (RFC 9773 §5). */
async function newOrder(
  request: CertificateRequest,
  accountUrl: string,
  context: Context,
): Promise<AcmeOrder> {
  const { acme, report, signal } = context;
  const wish = { names: request.names, profile: request.profile, replaces: undefined };
  const replaces = replacedCertId(request, accountUrl);
  if (replaces !== undefined) {
    try {
      const order = await acme.newOrder({ ...wish, replaces }, signal);
      report({ kind: "order", orderUrl: order.url, replaces });
      return order;
    } catch (error) {
      // Any refusal but a rate limit: CAs say alreadyReplaced, conflict, malformed, unauthorized or (Pebble, restarted) serverInternal.
      const problem = acmeProblemOf(error);
      if (!(error instanceof MailAutodiscoverError) || error.code !== "acme-refused" || problem === undefined)
        throw error;
      report({ kind: "replaces-refused", detail: `${problem.detail} (${problem.type})` });
    }
  }
  const order = await acme.newOrder(wish, signal);
  report({ kind: "order", orderUrl: order.url, replaces: undefined });
  return order;
}

/** A lost answer to finalize, or a second one to a finalized order, is settled by looking at the order. */
async function finalize(order: AcmeOrder, csrPem: string, { acme, signal }: Context): Promise<AcmeOrder> {
  try {
    return await acme.finalizeOrder(order, csrPem, signal);
  } catch (error) {
    signal.throwIfAborted();
    const seen = await acme.getOrder(order.url, signal);
    if (seen.status === "processing" || seen.status === "valid") return seen;
    throw error;
  }
}

/** Returns the certificate's address where a former run's order came to its end; anything else about that order is of no interest. */
async function resume(
  request: CertificateRequest,
  isNew: boolean,
  context: Context,
): Promise<string | undefined> {
  const { acme, clock, report, signal } = context;
  if (request.resumeOrderUrl === undefined || isNew) return undefined;
  try {
    const order = await acme.getOrder(request.resumeOrderUrl, signal);
    if (order.status !== "valid" && order.status !== "processing") return undefined;
    const certUrl = await awaitCertificateUrl(order, context, signal);
    const pem = await acme.downloadCertificate(certUrl, request.preferredChain, signal);
    verifyIssuedCertificate(pem, {
      privateKeyPem: request.privateKeyPem,
      names: request.names,
      now: clock.now(),
    });
    report({ kind: "resumed", orderUrl: order.url });
    return certUrl;
  } catch (error) {
    signal.throwIfAborted();
    report({
      kind: "warning",
      message: `The former order cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    });
    return undefined;
  }
}

function replacedCertId(request: CertificateRequest, accountUrl: string): string | undefined {
  const { previous } = request;
  if (previous === undefined || previous.accountUrl !== accountUrl) return undefined;
  return previous.names.some((name) => request.names.includes(name)) ? previous.certId : undefined;
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
