import { createCertificateKey, spkiSha256 } from "../../certificates/certificate-key.ts";
import type { KeyType } from "../../spec/mail-domain.ts";
import type { ResourceLogic } from "./dynamic-provider.ts";

/** Another type of key is another key: made by an update in place, so that nothing that depends on it is torn down. */
export const certificateKey: ResourceLogic = {
  async diff(olds, news) {
    return { changes: olds["keyType"] !== news["keyType"] };
  },

  async create(inputs) {
    const outs = await makeKey(inputs["keyType"] as KeyType);
    return { id: outs.spkiSha256, outs: { ...inputs, ...outs } };
  },

  async update(olds, news) {
    return { ...olds, ...news, ...(await makeKey(news["keyType"] as KeyType)) };
  },
};

async function makeKey(keyType: KeyType): Promise<{ privateKeyPem: string; spkiSha256: string }> {
  const privateKeyPem = await createCertificateKey(keyType);
  return { privateKeyPem, spkiSha256: spkiSha256(privateKeyPem) };
}
