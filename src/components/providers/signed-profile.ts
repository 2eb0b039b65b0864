import { createHash, X509Certificate } from "node:crypto";
import type { KvPlace } from "../../adapters/cloudflare/cloudflare-kv.ts";
import type { Properties, ResourceLogic } from "./dynamic-provider.ts";
import type { ProviderContext } from "./provider-context.ts";

interface Inputs extends KvPlace {
  /** The profile's bytes as text; no secret. */
  readonly profile: string;
  readonly fullChainPem: string;
  readonly privateKeyPem: string;
}

interface Outputs extends Inputs {
  readonly profileSha256: string;
  /** Serial number of the signer. */
  readonly signer: string;
}

/**
 * A configuration profile, signed where the key is and published where it is not. Signatures differ each time, so it is
 * signed anew only where the profile or the signer is another one.
 */
export const signedProfile: ResourceLogic = {
  async diff(olds, news) {
    const former = olds as unknown as Outputs;
    const wish = news as unknown as Inputs;
    const moved = (["accountId", "namespaceId", "keyName"] as const).filter(
      (key) => former[key] !== wish[key],
    );
    return {
      changes:
        moved.length > 0 ||
        former.profileSha256 !== sha256(wish.profile) ||
        former.signer !== serialOf(wish.fullChainPem),
      replaces: [...moved],
    };
  },

  async create(inputs, context) {
    const wish = inputs as unknown as Inputs;
    return { id: `${wish.namespaceId}/${wish.keyName}`, outs: await publish(wish, context) };
  },

  async update(_olds, news, context) {
    return publish(news as unknown as Inputs, context);
  },

  async delete(props, context) {
    const { deleteKvEntry } = await import("../../adapters/cloudflare/cloudflare-kv.ts");
    await deleteKvEntry(await context.cloudflare(), props as unknown as Inputs);
  },
};

async function publish(wish: Inputs, context: ProviderContext): Promise<Properties> {
  // Loaded with the first profile: most calls of the providers sign nothing.
  const { signCms } = await import("../../certificates/cms/sign-cms.ts");
  const { writeKvEntry } = await import("../../adapters/cloudflare/cloudflare-kv.ts");
  const { fullChainPem, privateKeyPem, profile } = wish;
  const signed = await signCms(new TextEncoder().encode(profile), {
    fullChainPem,
    privateKeyPem,
    signedAt: context.clock.now(),
  });
  await writeKvEntry(await context.cloudflare(), wish, Buffer.from(signed).toString("base64"));
  return { ...wish, profileSha256: sha256(profile), signer: serialOf(fullChainPem) };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function serialOf(fullChainPem: string): string {
  return new X509Certificate(fullChainPem).serialNumber.toLowerCase();
}
