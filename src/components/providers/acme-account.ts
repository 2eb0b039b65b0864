import { ensureAccount } from "../../certificates/account.ts";
import { createCertificateKey } from "../../certificates/certificate-key.ts";
import type { ResourceLogic } from "./dynamic-provider.ts";

interface Inputs {
  readonly directoryUrl: string;
  readonly email?: string;
}

interface Outputs extends Inputs {
  readonly accountUrl: string;
  readonly accountKeyPem: string;
}

/** Another CA means another account. A contact address is told at registration only. Deleting only forgets the key. */
export const acmeAccount: ResourceLogic = {
  async diff(olds, news) {
    const replaced = (olds as unknown as Outputs).directoryUrl !== (news as unknown as Inputs).directoryUrl;
    return {
      changes: replaced || olds["email"] !== news["email"],
      replaces: replaced ? ["directoryUrl"] : [],
    };
  },

  async create(inputs, context) {
    const { directoryUrl, email } = inputs as unknown as Inputs;
    const accountKeyPem = await createCertificateKey("P-256");
    const { accountUrl } = await context.withSignal((signal) =>
      ensureAccount(
        context.acme(directoryUrl, accountKeyPem),
        { contact: email === undefined ? [] : [email] },
        signal,
      ),
    );
    return { id: accountUrl, outs: { ...inputs, accountUrl, accountKeyPem } };
  },
};
