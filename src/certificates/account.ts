import { MailAutodiscoverError } from "../errors.ts";
import { acmeProblemOf } from "./acme-problem.ts";
import type { AcmeAccountState, AcmeService } from "./ports.ts";

export interface EnsuredAccount {
  readonly accountUrl: string;
  /** True where the CA did not know the key: a first run, or a CA that forgot its accounts (Pebble does at each start). */
  readonly isNew: boolean;
}

export interface AccountRequest {
  /** Mailbox addresses; the CA may ignore them (Let's Encrypt has since 2025-06). Default none. */
  readonly contact?: readonly string[];
}

/**
 * Returns the account of the service's key, registered where the CA knows none. The look-up comes first: a `newAccount` for a known key
 * would rewrite its contacts. The CA's terms are agreed to; whoever runs this was asked (`agreeTos`).
 *
 * @throws MailAutodiscoverError `acme-refused` where the account is deactivated or the CA wants an external account binding
 */
export async function ensureAccount(
  acme: AcmeService,
  request: AccountRequest,
  signal: AbortSignal,
): Promise<EnsuredAccount> {
  const known = await acme.findAccount(signal);
  if (known !== undefined) return { accountUrl: usable(known).url, isNew: false };
  const created = await acme.createAccount(request.contact ?? [], signal);
  return { accountUrl: usable(created).url, isNew: true };
}

/**
 * Returns whether an order may have failed because the account's address is a former one: the CA does not know it, or knows it with
 * another key (`malformed` or `unauthorized`, RFC 8555 §6.2), or CAA records name another (RFC 8657 §3).
 */
export function mayBeOtherAccount(error: unknown): boolean {
  if (error instanceof MailAutodiscoverError && error.code === "preflight-failed") return true;
  const type = acmeProblemOf(error)?.type;
  return type === "accountDoesNotExist" || type === "unauthorized" || type === "malformed";
}

export interface RolledAccount {
  /** The CA with the new key. */
  readonly acme: AcmeService;
  /** The same address as before. */
  readonly accountUrl: string;
}

/**
 * Rolls an account over to a new key (RFC 8555 §7.3.5). A repetition after a crash finds the account under the new key and changes
 * nothing; so does a lost answer. Where the CA knows neither key, the new one is registered: a run that was killed between the
 * roll-over and the writing of its state leaves an account whose key nobody has, and CAA records that name it (`accounturi`) have
 * to be written anew.
 */
export async function rollOverAccountKey(
  acme: AcmeService,
  newKeyPem: string,
  signal: AbortSignal,
  request: AccountRequest = {},
): Promise<RolledAccount> {
  const next = acme.withAccountKey(newKeyPem);
  const rolled = await next.findAccount(signal);
  if (rolled !== undefined) return { acme: next, accountUrl: usable(rolled).url };
  const present = await acme.findAccount(signal);
  if (present !== undefined) {
    usable(present);
    try {
      await acme.changeAccountKey(newKeyPem, signal);
    } catch (error) {
      signal.throwIfAborted();
      if ((await next.findAccount(signal)) === undefined) throw error;
    }
  }
  const { accountUrl } = await ensureAccount(next, request, signal);
  return { acme: next, accountUrl };
}

/**
 * Writes other contacts into the account where the CA keeps any; returns whether it did. Let's Encrypt has kept none since 2025-06
 * (https://letsencrypt.org/2025/06/26/expiration-notification-service-has-ended, verified 2026-11-23).
 */
export async function changeContacts(
  acme: AcmeService,
  contact: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const account = await acme.findAccount(signal);
  if (account?.contact === undefined) return false;
  await acme.updateContacts(contact, signal);
  return true;
}

/** Ends the account at the CA; one that is gone or ended already is no failure. */
export async function deactivateAccount(acme: AcmeService, signal: AbortSignal): Promise<void> {
  const account = await unlessGone(() => acme.findAccount(signal));
  if (account?.status === "valid") await unlessGone(() => acme.deactivateAccount(signal));
}

/** CAs answer the look-up of a deactivated account with it, or with `unauthorized` (RFC 8555 §7.3.6). */
export async function unlessGone<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const type = acmeProblemOf(error)?.type;
    if (type === "accountDoesNotExist" || type === "unauthorized") return undefined;
    throw error;
  }
}

function usable(account: AcmeAccountState): AcmeAccountState {
  if (account.status === "valid") return account;
  throw new MailAutodiscoverError("acme-refused", `The ACME account ${account.url} is ${account.status}.`, {
    remedy: "Make a new account key: a deactivated or revoked account never comes back.",
  });
}
