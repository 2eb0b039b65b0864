import { MailAutodiscoverError } from "../../errors.ts";
import { acmeProblemOf } from "../acme-problem.ts";
import { answerChallenges, sweepChallenges } from "../challenges/answer-challenges.ts";
import { awaitIssuance } from "./await-status.ts";
import { createCertificateRequest } from "./certificate-request.ts";
import type { CertificateRequest, IssuanceContext } from "./issuance-request.ts";
import { verifyIssuedCertificate, type CertificateDetails } from "./issued-certificate.ts";
import type { AcmeOrder } from "../ports.ts";

/** lego's default for Cloudflare. */
export const PROPAGATION_TIMEOUT_MS: number = 120_000;

/** A verified certificate and where it came from. */
export interface ObtainedCertificate {
  readonly details: CertificateDetails;
  readonly certUrl: string;
  readonly orderUrl: string;
}

/** Orders once and brings the order to its end (RFC 8555 §7.4). Names are normalised, the key is PKCS#8. */
export async function orderCertificate(
  request: CertificateRequest,
  accountUrl: string,
  context: IssuanceContext,
): Promise<ObtainedCertificate> {
  const { report, signal } = context;
  const timeoutMs = request.propagationTimeoutMs ?? PROPAGATION_TIMEOUT_MS;
  let order = await newOrder(request, accountUrl, context);
  if (order.status === "pending") order = await answerChallenges(order, timeoutMs, context, signal);
  else await sweepChallenges(request.names, context, signal);
  const csrPem = await createCertificateRequest(request.names, request.privateKeyPem);
  report({ kind: "finalizing", orderUrl: order.url });
  if (order.status === "ready") order = await finalize(order, csrPem, context);
  return await fetchCertificate(order, request, context);
}

/** Waits for an order that was finalized and fetches what it gave. `ready` is not done: a CA may still show it right after finalize. */
export async function fetchCertificate(
  order: AcmeOrder,
  request: CertificateRequest,
  context: IssuanceContext,
): Promise<ObtainedCertificate> {
  const { acme, clock, signal } = context;
  const { certificateUrl } = await awaitIssuance(order, context, signal);
  if (certificateUrl === undefined) {
    throw new MailAutodiscoverError(
      "acme-refused",
      `The order ${order.url} is valid but names no certificate.`,
      { remedy: "Run the update again; this CA departs from RFC 8555 §7.1.3.", retryable: true },
    );
  }
  const pem = await acme.downloadCertificate(certificateUrl, request.preferredChain, signal);
  const { privateKeyPem, names } = request;
  const details = verifyIssuedCertificate(pem, { privateKeyPem, names, now: clock.now() });
  return { details, certUrl: certificateUrl, orderUrl: order.url };
}

/** Returns what `replaces` names: only a certificate of the same account with a name in common (RFC 9773 §5). */
export function replacedCertId(request: CertificateRequest, accountUrl: string): string | undefined {
  const { previous } = request;
  if (previous === undefined || previous.accountUrl !== accountUrl) return undefined;
  return previous.names.some((name) => request.names.includes(name)) ? previous.certId : undefined;
}

/** The exemption of a renewal from the rate limits is worth one refused request, never a refused order (RFC 9773 §5). */
async function newOrder(
  request: CertificateRequest,
  accountUrl: string,
  context: IssuanceContext,
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
      // Another order would meet the same; who called looks the account up.
      if (problem.type === "accountDoesNotExist") throw error;
      report({ kind: "replaces-refused", detail: `${problem.detail} (${problem.type})` });
    }
  }
  const order = await acme.newOrder(wish, signal);
  report({ kind: "order", orderUrl: order.url, replaces: undefined });
  return order;
}

/** A lost answer to finalize, or a second one to a finalized order, is settled by looking at the order. */
async function finalize(
  order: AcmeOrder,
  csrPem: string,
  { acme, signal }: IssuanceContext,
): Promise<AcmeOrder> {
  try {
    return await acme.finalizeOrder(order, csrPem, signal);
  } catch (error) {
    signal.throwIfAborted();
    const seen = await acme.getOrder(order.url, signal);
    if (seen.status === "processing" || seen.status === "valid") return seen;
    throw error;
  }
}
