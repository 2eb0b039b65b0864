import { spkiSha256 } from "../../certificates/certificate-key.ts";
import { normaliseNames } from "../../certificates/certificate-names.ts";
import { issueCertificate, type IssuedCertificate } from "../../certificates/issue-certificate.ts";
import { renewalDue } from "../../certificates/renewal.ts";
import type { Properties, ResourceLogic } from "./dynamic-provider.ts";
import type { ProviderContext } from "./provider-context.ts";

interface Inputs {
  readonly directoryUrl: string;
  readonly accountKeyPem: string;
  readonly privateKeyPem: string;
  readonly dnsNames: readonly string[];
  readonly zones: readonly { readonly id: string; readonly name: string }[];
  readonly profile?: string;
}

type Outputs = Inputs & Omit<IssuedCertificate, "names">;

/** Every change is an update in place: the old certificate stays, also in the state, until the new one is verified. */
export const certificate: ResourceLogic = {
  async diff(olds, news, context) {
    const wish = news as unknown as Inputs;
    const reason = reissueReason(olds as unknown as Outputs, wish, context.clock.now());
    if (reason !== undefined) {
      // The preview itself shows only "~ update"; this line says why.
      context.say(`${wish.dnsNames.join(", ")}: new certificate: ${reason}`);
      return { changes: true };
    }
    return { changes: JSON.stringify(olds["zones"]) !== JSON.stringify(news["zones"]) };
  },

  async create(inputs, context) {
    const outs = await order(inputs as unknown as Inputs, undefined, context);
    return { id: String(outs["certUrl"]), outs };
  },

  async update(olds, news, context) {
    const former = olds as unknown as Outputs;
    const reason = reissueReason(former, news as unknown as Inputs, context.clock.now());
    return reason === undefined ? { ...olds, ...news } : order(news as unknown as Inputs, former, context);
  },
};

/** Returns why a new certificate is needed; undefined where the present one stays. */
export function reissueReason(former: Outputs, wish: Inputs, now: Date): string | undefined {
  if (former.directoryUrl !== wish.directoryUrl) return `another CA (${wish.directoryUrl})`;
  const names = normaliseNames(wish.dnsNames);
  if (normaliseNames(former.dnsNames).join() !== names.join()) return `other names (${names.join(", ")})`;
  if ((former.profile ?? "") !== (wish.profile ?? ""))
    return `another profile (${wish.profile ?? "the default"})`;
  if (former.spkiSha256 !== spkiSha256(wish.privateKeyPem)) return "another key";
  const { due, reason } = renewalDue(former, now);
  return due ? reason : undefined;
}

async function order(
  inputs: Inputs,
  former: Outputs | undefined,
  context: ProviderContext,
): Promise<Properties> {
  const { names: _names, ...issued } = await context.withSignal((signal) =>
    issueCertificate(
      {
        names: inputs.dnsNames,
        privateKeyPem: inputs.privateKeyPem,
        profile: inputs.profile,
        previous:
          former === undefined || former.directoryUrl !== inputs.directoryUrl
            ? undefined
            : { certId: former.certId, accountUrl: former.accountUrl, names: former.dnsNames },
        signal,
      },
      {
        acme: context.acme(inputs.directoryUrl, inputs.accountKeyPem),
        challenges: context.challenges(inputs.zones),
        propagation: context.propagation,
        clock: context.clock,
      },
    ),
  );
  return { ...inputs, ...issued };
}
