import type { RenewalWindow } from "../ports.ts";

/** Lifetime after which a certificate is renewed where the CA suggests nothing: RFC-less practice of lego, certbot and cert-manager. */
export const RENEWAL_FRACTION: number = 2 / 3;

/** The same for certificates that live less than ten days (Let's Encrypt's integration guide, verified 2026-11-23). */
export const SHORT_LIVED_RENEWAL_FRACTION: number = 1 / 2;

/** Milliseconds; certificates of less lifetime are short-lived. */
export const SHORT_LIVED_LIFETIME_MS: number = 10 * 24 * 60 * 60 * 1000;

/** With less than this part of the lifetime left a renewal is due whatever the CA suggests (certmagic `maintain.go`). */
export const EMERGENCY_FRACTION: number = 1 / 20;

/** With less than this part of the lifetime left a failed renewal is an error: half of what is left after the usual renewal is gone. */
export const LATEST_RENEWAL_FRACTION: number = 1 / 6;

export interface CertificateLifetime {
  /** ISO 8601, as all times here. */
  readonly notBefore: string;
  readonly notAfter: string;
}

export interface RenewalInput extends CertificateLifetime {
  readonly ariWindow?: RenewalWindow | undefined;
  /** 0 <= random < 1; where in the window to renew (RFC 9773 §4.2: uniform). */
  readonly random: number;
}

export interface Renewal {
  /** To be stored: drawn once, or each run would draw again and renew at the window's first chance. */
  readonly renewAt: string;
  readonly basis: "ari" | "lifetime";
}

/**
 * Returns when to renew: a random time of the CA's window, or else a part of the lifetime. Parts and no days, so that it stays right as
 * lifetimes shrink (90 d, 64 d from 2027-02, 45 d from 2028-02), and of `notAfter - notBefore`, since CAs date `notBefore` back.
 */
export function deriveRenewal(input: RenewalInput): Renewal {
  const window = input.ariWindow;
  if (window !== undefined && isWindow(window)) {
    const start = Date.parse(window.start);
    const at = start + input.random * (Date.parse(window.end) - start);
    return { renewAt: new Date(at).toISOString(), basis: "ari" };
  }
  return { renewAt: new Date(renewalPoint(input)).toISOString(), basis: "lifetime" };
}

/** Returns the latest time by which a renewal must have been tried, before its failure becomes an error. */
export function latestRenewal(certificate: CertificateLifetime): string {
  const left = lifetimeMs(certificate) * LATEST_RENEWAL_FRACTION;
  return new Date(Date.parse(certificate.notAfter) - left).toISOString();
}

/** Returns the part of the lifetime that is left, 0 for an expired certificate. */
export function partLeft(certificate: CertificateLifetime, now: Date): number {
  return Math.max(0, (Date.parse(certificate.notAfter) - now.getTime()) / lifetimeMs(certificate));
}

export interface RenewalState extends CertificateLifetime {
  readonly renewAt: string;
  readonly ariWindow?: RenewalWindow | undefined;
  /** The CA's page about an unusual window. */
  readonly explanationUrl?: string | undefined;
}

export interface RenewalDecision {
  readonly due: boolean;
  /** One clause for a person, fit for a preview. */
  readonly reason: string;
}

/** Returns whether a certificate is to be renewed at `now`, and why or when. */
export function renewalDue(state: RenewalState, now: Date): RenewalDecision {
  const time = now.getTime();
  const notAfter = Date.parse(state.notAfter);
  if (time >= notAfter) return due(`expired on ${state.notAfter}`);
  if (notAfter - time <= lifetimeMs(state) * EMERGENCY_FRACTION) {
    return due(`less than 1/20 of its lifetime is left (expires ${state.notAfter})`);
  }
  const { ariWindow } = state;
  if (ariWindow !== undefined && isWindow(ariWindow) && Date.parse(ariWindow.end) <= time) {
    const end = `window ended on ${ariWindow.end}`;
    // A window that ends before any usual renewal was moved there: the certificate is revoked, or will be.
    if (Date.parse(ariWindow.end) > renewalPoint(state)) return due(`the CA's renewal ${end}`);
    const page = state.explanationUrl === undefined ? "" : `; see ${state.explanationUrl}`;
    return due(`the CA asks for a renewal now, as after an incident (its ${end}${page})`);
  }
  if (time >= Date.parse(state.renewAt)) return due(`renewal due since ${state.renewAt}`);
  return { due: false, reason: `renewal from ${state.renewAt} (expires ${state.notAfter})` };
}

/** RFC 9773 §4.2: an end that is not after the start makes the answer void. */
export function isWindow(window: RenewalWindow): boolean {
  return Date.parse(window.end) > Date.parse(window.start);
}

function due(reason: string): RenewalDecision {
  return { due: true, reason };
}

function lifetimeMs(certificate: CertificateLifetime): number {
  return Date.parse(certificate.notAfter) - Date.parse(certificate.notBefore);
}

function renewalPoint(certificate: CertificateLifetime): number {
  const lifetime = lifetimeMs(certificate);
  const fraction = lifetime < SHORT_LIVED_LIFETIME_MS ? SHORT_LIVED_RENEWAL_FRACTION : RENEWAL_FRACTION;
  return Date.parse(certificate.notBefore) + lifetime * fraction;
}
