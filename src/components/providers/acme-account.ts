import {
  changeContacts,
  deactivateAccount,
  ensureAccount,
  rollOverAccountKey,
} from "../../certificates/account.ts";
import { createCertificateKey } from "../../certificates/certificate-key.ts";
import { formatError } from "../../errors.ts";
import type { Properties, ResourceLogic } from "./dynamic-provider.ts";
import type { ProviderContext } from "./provider-context.ts";

interface Inputs {
  readonly directoryUrl: string;
  readonly email?: string;
  readonly keyVersion?: number;
  /** Used when the account is made: CAs let it expire (Google's lives seven days), so a change of it says nothing. */
  readonly eab?: { readonly kid: string; readonly hmacKey: string };
  readonly deactivateOnDelete?: boolean;
}

interface Outputs extends Omit<Inputs, "eab"> {
  readonly accountUrl: string;
  readonly accountKeyPem: string;
}

/** Another CA means another account; all else is an update in place. Deleting forgets the key, unless deactivation is asked for. */
export const acmeAccount: ResourceLogic = {
  async diff(olds, news) {
    const former = olds as unknown as Outputs;
    const wish = news as unknown as Inputs;
    const replaced = former.directoryUrl !== wish.directoryUrl;
    const changed =
      (former.email ?? "") !== (wish.email ?? "") ||
      (former.keyVersion ?? 0) !== (wish.keyVersion ?? 0) ||
      (former.deactivateOnDelete ?? false) !== (wish.deactivateOnDelete ?? false);
    return { changes: replaced || changed, replaces: replaced ? ["directoryUrl"] : [] };
  },

  async create(inputs, context) {
    const wish = inputs as unknown as Inputs;
    const accountKeyPem = await createCertificateKey("P-256");
    const acme = await context.acme(wish.directoryUrl, accountKeyPem, { externalAccountBinding: wish.eab });
    const { accountUrl } = await context.withSignal((signal) =>
      ensureAccount(acme, { contact: contactOf(wish) }, signal),
    );
    return { id: accountUrl, outs: { ...withoutBinding(inputs), accountUrl, accountKeyPem } };
  },

  async update(olds, news, context) {
    const former = olds as unknown as Outputs;
    const wish = news as unknown as Inputs;
    const account = await rollOverWhereAsked(former, wish, context);
    if ((former.email ?? "") !== (wish.email ?? ""))
      await writeContacts(wish, account.accountKeyPem, context);
    return { ...withoutBinding(news), ...account };
  },

  /** A CA that forgot the account (a test CA does at each start) has it again under another address after the next order. */
  async read(props, context) {
    const { directoryUrl, accountKeyPem } = props as unknown as Outputs;
    try {
      const acme = await context.acme(directoryUrl, accountKeyPem);
      const account = await context.withSignal((signal) => acme.findAccount(signal));
      if (account !== undefined) return { ...props, accountUrl: account.url };
      context.say(`warning: ${directoryUrl} knows no account of this key; the next order registers it again`);
    } catch (error) {
      context.say(`warning: the ACME account could not be looked up: ${formatError(error)}`);
    }
    return props;
  },

  async delete(props, context) {
    const { directoryUrl, accountKeyPem, deactivateOnDelete } = props as unknown as Outputs;
    if (deactivateOnDelete !== true) return;
    const acme = await context.acme(directoryUrl, accountKeyPem);
    await context.withSignal((signal) => deactivateAccount(acme, signal));
  },
};

async function rollOverWhereAsked(
  former: Outputs,
  wish: Inputs,
  context: ProviderContext,
): Promise<Pick<Outputs, "accountUrl" | "accountKeyPem">> {
  const { accountUrl, accountKeyPem } = former;
  if ((former.keyVersion ?? 0) === (wish.keyVersion ?? 0)) return { accountUrl, accountKeyPem };
  const newKeyPem = await createCertificateKey("P-256");
  const acme = await context.acme(wish.directoryUrl, accountKeyPem, { externalAccountBinding: wish.eab });
  const rolled = await context.withSignal((signal) =>
    rollOverAccountKey(acme, newKeyPem, signal, { contact: contactOf(wish) }),
  );
  if (rolled.accountUrl !== accountUrl) {
    context.say(
      `warning: the CA did not know the former key: the account is ${rolled.accountUrl} now, and CAA records that name the former one change with it`,
    );
  }
  return { accountUrl: rolled.accountUrl, accountKeyPem: newKeyPem };
}

/** Never a reason to fail: the key that this update may have rolled has to reach the state. */
async function writeContacts(wish: Inputs, accountKeyPem: string, context: ProviderContext): Promise<void> {
  try {
    const acme = await context.acme(wish.directoryUrl, accountKeyPem);
    await context.withSignal((signal) => changeContacts(acme, contactOf(wish), signal));
  } catch (error) {
    context.say(`warning: the account's contact was not changed at the CA: ${formatError(error)}`);
  }
}

function contactOf({ email }: Inputs): readonly string[] {
  return email === undefined || email === "" ? [] : [email];
}

function withoutBinding({ eab: _eab, ...rest }: Properties): Properties {
  return rest;
}
