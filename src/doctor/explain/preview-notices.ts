import type { ClientModel } from "../../clients/ladder/discovery.ts";
import type { DomainPlan, ProgramPlan } from "../../dns/plan/plan-program.ts";
import { ownerOf, ownershipHash, parseOwnership } from "../../dns/ownership.ts";
import type { PlanNotice } from "../../dns/planned-record.ts";
import { deriveClientSettings, renderClientSettings } from "../../documents/client-settings.ts";
import { closestZone } from "../../spec/host-name.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import type { PlannedProgram } from "../planned/planned-program.ts";
import { worldAfter, worldBefore } from "../planned/planned-world.ts";
import { discoveryWords } from "./discovery-words.ts";
import { explainDomain, type ClientChange, type DomainExplanation } from "./explain-domain.ts";
import { summaryWords } from "./explanation-summary.ts";

/** Domains that are told client by client: a preview of more would be read by nobody. */
const MOST_IN_FULL = 5;
/** Domains that are explained at all, about 30 ms each: a preview must not wait for hundreds. */
const MOST_EXPLAINED = 50;

/**
 * Says in a preview what a change means for mail clients, one line each; warnings only where something gets worse. Nothing for a
 * domain whose records and documents stay as they are: a run that only renews stays quiet.
 */
export async function previewNotices(
  program: PlannedProgram & { readonly plan: Pick<ProgramPlan, "domains"> },
  clients: readonly ClientModel[],
): Promise<readonly PlanNotice[]> {
  const changed = program.domains.filter((domain) => isChanged(program, domain));
  if (changed.length === 0) return [];
  const [before, after] = [worldBefore(program), worldAfter(program)];
  const notices: PlanNotice[] = [];
  for (const domain of changed.slice(0, MOST_EXPLAINED)) {
    const { workersDevHost } = program;
    const explanation = await explainDomain(domain, { clients, before, after, workersDevHost });
    notices.push(...explanationNotices(explanation, changed.length <= MOST_IN_FULL));
  }
  return notices;
}

/** True where `up` would change what clients find: a record, a document, or where these are. */
function isChanged(program: PlannedProgram, domain: MailDomain): boolean {
  const plan = program.plan.domains.get(domain.domain);
  const isKept = plan?.planned.every(({ action }) => action === "keep") ?? true;
  const hasDrifted = plan?.comparisons.some((comparison) => comparison.hasDrifted) ?? false;
  return !isKept || hasDrifted || losesRecords(program, domain, plan) || changesDocuments(program, domain);
}

/** Records of this stack at the domain or below it that are no longer planned. */
function losesRecords(
  { zones, identity, plan }: PlannedProgram,
  { domain }: MailDomain,
  own: DomainPlan | undefined,
): boolean {
  const zone = closestZone(domain, zones);
  const planned = [...plan.domains.values()].flatMap((one) => one.planned);
  if (zone === undefined || own === undefined) return false;
  const hashes = new Set(
    planned.flatMap(({ record }) => [record.logicalName, ...record.formerLogicalNames]).map(ownershipHash),
  );
  return zone.records.some(({ name, comment }) => {
    const ownership = parseOwnership(comment);
    const isHere = name === domain || name.endsWith(`.${domain}`);
    return isHere && ownership?.owner === ownerOf(identity) && !hashes.has(ownership.hash);
  });
}

/** Where the state does not tell what is published, the records decide. */
function changesDocuments({ publishedSettings }: PlannedProgram, domain: MailDomain): boolean {
  if (publishedSettings === undefined || domain.publish.kind !== "worker") return false;
  const published = publishedSettings.get(domain.domain);
  const wanted = renderClientSettings(deriveClientSettings(domain));
  return published === undefined || renderClientSettings(published) !== wanted;
}

function explanationNotices(explanation: DomainExplanation, isInFull: boolean): readonly PlanNotice[] {
  const { domain, clients } = explanation;
  const notice = (level: PlanNotice["level"], message: string): PlanNotice => ({ level, domain, message });
  const isSame = clients.every(({ verdict }) => verdict === "same");
  return [
    notice("info", `${summaryWords(explanation)}${isSame ? " Nothing changes for any of them." : ""}`),
    ...(isInFull && !isSame ? clients.map((change) => notice("info", clientLine(change))) : []),
    ...clients.flatMap(({ title, worsenings }) =>
      worsenings.map(({ message }) => notice("warning", `${title} gets worse: ${message}.`)),
    ),
  ];
}

function clientLine({ title, before, after, verdict }: ClientChange): string {
  const next = discoveryWords(after).result;
  if (before === undefined) return `${title}: ${next}`;
  return verdict === "same"
    ? `${title}: ${next}, as today`
    : `${title}: ${next}; today ${discoveryWords(before).result}`;
}
