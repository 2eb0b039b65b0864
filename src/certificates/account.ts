import { MailAutodiscoverError } from "../errors.ts";
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

export interface RolledAccount {
  /** The CA with the new key. */
  readonly acme: AcmeService;
  /** The same address as before. */
  readonly accountUrl: string;
}

/**
 * Rolls an account over to a new key (RFC 8555 §7.3.5). A repetition after a crash finds the account under the new key and changes
 * nothing. Where the CA knows neither key, the new one is registered.
 */
export async function rollOverAccountKey(
  acme: AcmeService,
  newKeyPem: string,
  signal: AbortSignal,
): Promise<RolledAccount> {
  const next = acme.withAccountKey(newKeyPem);
  const rolled = await next.findAccount(signal);
  if (rolled !== undefined) return { acme: next, accountUrl: usable(rolled).url };
  if ((await acme.findAccount(signal)) !== undefined) await acme.changeAccountKey(newKeyPem, signal);
  const { accountUrl } = await ensureAccount(next, {}, signal);
  return { acme: next, accountUrl };
}

function usable(account: AcmeAccountState): AcmeAccountState {
  if (account.status === "valid") return account;
  throw new MailAutodiscoverError("acme-refused", `The ACME account ${account.url} is ${account.status}.`, {
    remedy: "Make a new account key: a deactivated or revoked account never comes back.",
  });
}
