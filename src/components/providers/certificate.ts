import type { StaleChallenge } from "../../adapters/cloudflare/cloudflare-challenge.ts";
import { decideReissue, type ReissueDecision } from "../../certificates/renewal/decide-reissue.ts";
import { describeFailure, isTolerable, type LastError } from "../../certificates/renewal/failed-renewal.ts";
import { latestRenewal } from "../../certificates/renewal/renewal.ts";
import { revokeCertificate } from "../../certificates/revoke-certificate.ts";
import { isSameSet, orderOutputs, type OrderJournal } from "./certificate-order.ts";
import { askRenewal, recallRenewal, warnOfRenewal } from "./certificate-renewal.ts";
import {
  addIssuance,
  hasOtherSettings,
  keepCertificate,
  type CertificateInputs,
  type CertificateOutputs,
} from "./certificate-state.ts";
import { PartialFailure, type Properties, type ResourceLogic } from "./dynamic-provider.ts";
import type { ProviderContext } from "./provider-context.ts";

/**
 * A certificate that renews itself. Every change is an update in place: the former certificate stays, also in the state, until the new one
 * is verified; a replacement would take it away from those who present it.
 */
export const certificate: ResourceLogic = {
  async diff(olds, news, context) {
    const wish = news as unknown as CertificateInputs;
    const now = context.clock.now();
    let present = recallRenewal(olds as unknown as CertificateOutputs, context);
    let decision = decideReissue(present, wish, now);
    if (decision.kind === "keep" || (decision.kind === "reissue" && decision.basis === "time")) {
      // A CA that does not answer never holds a preview up; refresh tells about it.
      present = await askRenewal(present, context, () => undefined);
      decision = decideReissue(present, wish, now);
    }
    const name = wish.dnsNames.join(", ");
    if (decision.kind === "reissue") {
      // The preview itself shows only "~ update"; this line says why.
      context.say(`${name}: new certificate: ${decision.reason}`);
      return { changes: true };
    }
    if (decision.kind === "wait") {
      context.say(
        `${name}: warning: no new certificate yet (${decision.reason}): the CA takes no attempt before ${decision.until}; the present one is valid until ${present.notAfter}`,
      );
    }
    const stale = wish.staleChallenges?.length ?? 0;
    if (stale > 0) context.say(`${name}: removes ${stale} challenge records that a run left behind`);
    const changes =
      stale > 0 ||
      hasOtherSettings(olds, news) ||
      (decision.kind === "keep" && present.lastError !== undefined);
    if (!changes) warnOfRenewal(present, wish, context);
    return { changes };
  },

  async create({ staleChallenges, ...inputs }, context) {
    await removeStale(staleChallenges, context);
    const journal = newJournal();
    const wish = inputs as unknown as CertificateInputs;
    try {
      const outs = await orderOutputs(wish, undefined, journal, context);
      warnOfRenewal(outs as unknown as CertificateOutputs, wish, context);
      return { id: String(outs["certUrl"]), outs };
    } catch (error) {
      if (!journal.mayResume) throw error;
      // The CA may have issued: with its order in the state the next update fetches the certificate.
      const failure = describe(error, "there is none yet", journal, context);
      throw new PartialFailure(
        error,
        failedOutputs(inputs, failure, wish, undefined, journal, context),
        journal.orderUrl,
      );
    }
  },

  async update(olds, { staleChallenges, ...news }, context) {
    await removeStale(staleChallenges, context);
    const wish = news as unknown as CertificateInputs;
    const former = recallRenewal(olds as unknown as CertificateOutputs, context);
    const decision = decideReissue(former, wish, context.clock.now());
    if (decision.kind === "reissue") return await reissue(former, wish, decision, context);
    warnOfRenewal(former, wish, context);
    const kept = { ...keepCertificate(former, news), renewBefore: latestRenewal(former) };
    return decision.kind === "wait" ? kept : { ...kept, lastError: undefined };
  },

  /** A certificate that expired is not gone: its names, its key and its successor are still wanted. */
  async read(props, context) {
    const former = props as unknown as CertificateOutputs;
    const present = await askRenewal(former, context, (reason) => {
      context.say(`${former.dnsNames.join(", ")}: warning: the CA did not say when to renew: ${reason}`);
    });
    return present as unknown as Properties;
  },

  async delete(props, context) {
    const present = props as unknown as CertificateOutputs;
    if (present.revokeOnDelete !== true || present.certificatePem === undefined) return;
    const acme = await context.acme(present.directoryUrl, present.accountKeyPem);
    const outcome = await context.withSignal((signal) =>
      revokeCertificate(present, { acme, clock: context.clock }, signal),
    );
    context.say(`${present.names.join(", ")}: certificate ${present.serial}: ${outcome}`);
  },
};

async function removeStale(stale: unknown, context: ProviderContext): Promise<void> {
  const records = (stale ?? []) as readonly StaleChallenge[];
  if (records.length === 0) return;
  const { removeStaleChallenges } = await import("../../adapters/cloudflare/cloudflare-challenge.ts");
  await removeStaleChallenges(await context.cloudflare(), records);
}

async function reissue(
  former: CertificateOutputs,
  wish: CertificateInputs,
  { reason, basis }: Extract<ReissueDecision, { kind: "reissue" }>,
  context: ProviderContext,
): Promise<Properties> {
  const journal = newJournal();
  try {
    const outs = await orderOutputs(wish, former, journal, context);
    warnOfRenewal(outs as unknown as CertificateOutputs, wish, context);
    return outs;
  } catch (error) {
    const failure = describe(error, reason, journal, context);
    const kept = keepCertificate(former, wish as unknown as Properties);
    const outs = failedOutputs(kept, failure, wish, former, journal, context);
    const isPresent = former.certificatePem !== undefined && !context.interrupted.aborted;
    // What was asked for anew is not there: a green run would say that it is.
    const isRenewal = isPresent && basis === "time";
    if (isRenewal && isTolerable(failure, former, wish.renewalFailure, context.clock.now())) {
      context.say(tolerated(former, wish, failure));
      return outs;
    }
    throw journal.mayResume ? new PartialFailure(error, outs) : error;
  }
}

/** Outputs after a failure: what there is stays, with why there is nothing new, and the order that may still give it. */
function failedOutputs(
  kept: Properties,
  lastError: LastError,
  wish: CertificateInputs,
  former: CertificateOutputs | undefined,
  journal: OrderJournal,
  context: ProviderContext,
): Properties {
  if (!journal.mayResume) return { ...kept, lastError };
  const isCounted =
    former !== undefined && (former.orderUrl === journal.orderUrl || !isSameSet(former, wish));
  // Counted now: the CA counts what it issued, fetched or not.
  const issuedAt = isCounted ? former?.issuedAt : addIssuance(former?.issuedAt ?? [], context.clock.now());
  return { ...kept, lastError, orderUrl: journal.orderUrl, issuedAt };
}

function tolerated(former: CertificateOutputs, wish: CertificateInputs, failure: LastError): string {
  const next =
    failure.retryAt === undefined ? "the next run tries again" : `next possible at ${failure.retryAt}`;
  return (
    `${wish.dnsNames.join(", ")}: warning: no new certificate (${failure.reason}): ${failure.message.replace(/\.?$/u, ".")} ` +
    `The present one, valid until ${former.notAfter}, stays in use; ${next}; from ${latestRenewal(former)} on this is an error.`
  );
}

function describe(
  error: unknown,
  reason: string,
  { mayResume }: OrderJournal,
  context: ProviderContext,
): LastError {
  return describeFailure(error, { reason, mayResume, now: context.clock.now() });
}

function newJournal(): OrderJournal {
  return { orderUrl: undefined, mayResume: false, isResumed: false };
}
