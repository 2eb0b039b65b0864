import { createCertificateKey, spkiSha256 } from "../../certificates/certificate-key.ts";
import type { KeyType } from "../../spec/mail-domain.ts";
import type { Properties, ResourceLogic } from "./dynamic-provider.ts";

/** Another type or version of key is another key: made by an update in place, so that nothing that depends on it is torn down. */
export const certificateKey: ResourceLogic = {
  async diff(olds, news) {
    return { changes: olds["keyType"] !== news["keyType"] || version(olds) !== version(news) };
  },

  async create(inputs) {
    const outs = await makeKey(inputs["keyType"] as KeyType);
    return { id: outs.spkiSha256, outs: { ...inputs, ...outs } };
  },

  /** Any other update, as after a failed one, keeps the key: it may be published (TLSA) and in use. */
  async update(olds, news, context) {
    const { changes } = await certificateKey.diff(olds, news, context);
    const { privateKeyPem, spkiSha256: hash } = olds;
    const made = changes ? await makeKey(news["keyType"] as KeyType) : { privateKeyPem, spkiSha256: hash };
    return { ...news, ...made };
  },
};

function version(properties: Properties): unknown {
  return properties["keyVersion"] ?? 0;
}

async function makeKey(keyType: KeyType): Promise<{ privateKeyPem: string; spkiSha256: string }> {
  const privateKeyPem = await createCertificateKey(keyType);
  return { privateKeyPem, spkiSha256: spkiSha256(privateKeyPem) };
}
