import { createHash } from "node:crypto";
import type { ProvidedCertificate } from "../../certificates/provided/provided-certificate.ts";
import { providedLifetime } from "../../certificates/provided/provided-lifetime.ts";
import { formatError } from "../../errors.ts";
import type { Properties, ResourceLogic } from "./dynamic-provider.ts";
import type { ProviderContext } from "./provider-context.ts";

interface Inputs {
  /** Secret: the chain and its private key, in any order. */
  readonly pem: string;
  readonly hosts: readonly string[];
}

/** A certificate that was bought elsewhere: verified like an ordered one, its expiry watched at each run. Deleting it forgets it. */
export const providedCertificate: ResourceLogic = {
  async diff(olds, news, context) {
    const former = olds as unknown as Inputs & ProvidedCertificate;
    const wish = news as unknown as Inputs;
    if (isSame(former, wish)) {
      sayLifetime(wish.hosts, former, context);
      return { changes: false };
    }
    try {
      sayLifetime(wish.hosts, await verify(wish, context), context);
    } catch (error) {
      // Said and not thrown: the update will refuse it, and another domain's resources are not to wait for that.
      context.say(`warning: this update will fail: ${formatError(error)}`);
    }
    return { changes: true };
  },

  async create(inputs, context) {
    const outs = await accept(inputs, context);
    return { id: String(outs["spkiSha256"]), outs };
  },

  async update(_olds, news, context) {
    return accept(news, context);
  },
};

async function accept(inputs: Properties, context: ProviderContext): Promise<Properties> {
  return { ...inputs, ...(await verify(inputs as unknown as Inputs, context)) };
}

/** The parser is loaded when there is something to parse: its ASN.1 would double the time of every run without a change. */
async function verify({ pem, hosts }: Inputs, context: ProviderContext): Promise<ProvidedCertificate> {
  const { parseProvidedCertificate } = await import("../../certificates/provided/provided-certificate.ts");
  const roots = context.ca === undefined ? undefined : [context.ca];
  return parseProvidedCertificate(pem, { hosts, now: context.clock.now(), roots });
}

function isSame(former: Inputs, wish: Inputs): boolean {
  return (
    digest(former.pem) === digest(wish.pem) && former.hosts.toSorted().join() === wish.hosts.toSorted().join()
  );
}

/** Compared by digest, so that no message or trace of this comparison can hold the key. */
function digest(pem: string): string {
  return createHash("sha256").update(pem).digest("hex");
}

function sayLifetime(
  hosts: readonly string[],
  certificate: Pick<ProvidedCertificate, "notBefore" | "notAfter" | "renewBefore">,
  context: ProviderContext,
): void {
  const name = hosts.join(", ");
  const { daysLeft, urgency } = providedLifetime(certificate, context.clock.now());
  if (urgency === "expired") {
    context.say(
      `warning: ${name}: THE PROVIDED CERTIFICATE EXPIRED on ${certificate.notAfter}: mail programs refuse it. Set the secret to a new one now.`,
    );
    return;
  }
  context.say(`${name}: provided certificate, ${daysLeft} ${daysLeft === 1 ? "day" : "days"} left`);
  if (urgency === "soon") {
    context.say(
      `warning: ${name}: the provided certificate expires on ${certificate.notAfter}. Set the secret to its successor before ${certificate.renewBefore}.`,
    );
  }
  if (urgency === "urgent") {
    context.say(
      `warning: ${name}: LESS THAN A SIXTH OF THE LIFE IS LEFT: the provided certificate expires on ${certificate.notAfter}, and nothing here renews it. Set the secret to its successor now.`,
    );
  }
}
