import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "./dynamic-resource.ts";

export interface SignedProfileArgs {
  readonly accountId: pulumi.Input<string>;
  readonly namespaceId: pulumi.Input<string>;
  /** `<domain>/profile`: where the Worker looks for it. */
  readonly keyName: pulumi.Input<string>;
  /** The unsigned profile. */
  readonly profile: pulumi.Input<string>;
  /** The signer's chain, leaf first, and its key: which never reaches the Worker. */
  readonly fullChainPem: pulumi.Input<string>;
  readonly privateKeyPem: pulumi.Input<string>;
}

/** Apple's configuration profile of a domain as a CMS message (DER) in Workers KV, signed at deployment. */
export class SignedProfile extends DynamicResource {
  declare readonly profileSha256: pulumi.Output<string>;
  declare readonly signer: pulumi.Output<string>;

  constructor(name: string, args: SignedProfileArgs, options: pulumi.CustomResourceOptions = {}) {
    super("SignedProfile", name, { profileSha256: undefined, signer: undefined, ...args }, options);
  }
}
