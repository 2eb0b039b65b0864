import { createHash } from "node:crypto";
import type { Clock, RenewalInfoSource, RenewalWindow } from "../ports.ts";
import { deriveRenewal, isWindow, type CertificateLifetime } from "./renewal.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Bounds for the CA's Retry-After: RFC 9773 §4.3.2 asks clients to set both and gives these as an example. */
const SHORTEST_WAIT_MS = MINUTE_MS;
const LONGEST_WAIT_MS = 24 * HOUR_MS;

/** After an answer that was none (RFC 9773 §4.3.3). */
const WAIT_AFTER_FAILURE_MS = 6 * HOUR_MS;

/** One question while a preview waits for it. */
const QUESTION_TIMEOUT_MS = 5000;

/** What is known of a certificate's renewal; stored between runs. */
export interface RenewalKnowledge {
  readonly renewAt: string;
  readonly ariWindow?: RenewalWindow | undefined;
  /** Not to ask the CA again before. */
  readonly ariRetryAt?: string | undefined;
  /** The CA's page about an unusual window (RFC 9773 §4.2). */
  readonly explanationUrl?: string | undefined;
}

export interface RenewalQuestion extends CertificateLifetime {
  readonly certId: string | undefined;
  /** What was stored; absent for a new certificate. */
  readonly known?: RenewalKnowledge | undefined;
}

export interface RenewalPorts {
  readonly acme: RenewalInfoSource;
  readonly clock: Clock;
  /** 0 <= value < 1. Default: drawn of certificate and window, so that every run draws the same until it can be stored. */
  readonly random?: (() => number) | undefined;
  /** Told why there is no answer. */
  readonly onFailure?: ((reason: string) => void) | undefined;
}

/**
 * Asks the CA once for its renewal window, where the stored answer is old enough, and returns what to store. It never fails: without an
 * answer the stored knowledge, or else the lifetime, decides, and the CA is asked again in six hours.
 */
export async function observeRenewal(
  question: RenewalQuestion,
  ports: RenewalPorts,
  signal: AbortSignal,
): Promise<RenewalKnowledge> {
  const now = ports.clock.now();
  const { known, certId } = question;
  if (known !== undefined && !mayAskRenewal(known, now)) return known;

  const fallback = (): RenewalKnowledge => ({
    ...(known ?? { renewAt: deriveRenewal({ ...question, random: 0 }).renewAt }),
    ariRetryAt: new Date(now.getTime() + WAIT_AFTER_FAILURE_MS).toISOString(),
  });
  if (certId === undefined) return fallback();

  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(QUESTION_TIMEOUT_MS)]);
    const info = await ports.acme.renewalInfo(certId, limit);
    if (info === undefined) return fallback();
    if (!isWindow(info.window)) {
      ports.onFailure?.(`its window ends on ${info.window.end}, before it starts`);
      return fallback();
    }
    const random = ports.random?.() ?? drawOf(certId, info.window);
    const wait = Math.min(
      Math.max(info.retryAfterMs ?? WAIT_AFTER_FAILURE_MS, SHORTEST_WAIT_MS),
      LONGEST_WAIT_MS,
    );
    return {
      renewAt:
        known?.ariWindow !== undefined && isInside(known.renewAt, info.window)
          ? known.renewAt
          : deriveRenewal({ ...question, ariWindow: info.window, random }).renewAt,
      ariWindow: info.window,
      ariRetryAt: new Date(now.getTime() + wait).toISOString(),
      ...(info.explanationUrl === undefined ? {} : { explanationUrl: info.explanationUrl }),
    };
  } catch (error) {
    ports.onFailure?.(error instanceof Error ? error.message : String(error));
    return fallback();
  }
}

/** Returns whether the stored answer is old enough for another question. */
export function mayAskRenewal(known: Pick<RenewalKnowledge, "ariRetryAt">, now: Date): boolean {
  return known.ariRetryAt === undefined || now >= new Date(known.ariRetryAt);
}

/** A moment that stays inside a window that moved is kept: drawing again and again would lead to the earliest of all draws. */
function isInside(time: string, window: RenewalWindow): boolean {
  return Date.parse(window.start) <= Date.parse(time) && Date.parse(time) <= Date.parse(window.end);
}

/**
 * Uniform over certificates, as RFC 9773 §4.2 asks, and the same at each call: a preview cannot store what it drew, and drawing anew
 * at each run would renew at the window's beginning.
 */
function drawOf(certId: string, window: RenewalWindow): number {
  const digest = createHash("sha256").update(`${certId} ${window.start} ${window.end}`).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
