import type { QueryType, World } from "../../clients/world/world.ts";
import { observedRdata, wantedRdata } from "../../dns/comparison/rdata.ts";
import { deriveRecords } from "../../dns/derive-records.ts";
import type { WantedRecord } from "../../dns/wanted-record.ts";
import { isWithin } from "../../spec/host-name.ts";
import { parseMailDomain } from "../../spec/parse-mail-domain.ts";
import type { Draft } from "./draft-domain-file.ts";
import type { LivingDomain } from "./living-domain.ts";
import { openLookUp, type LookUp } from "./look-up.ts";
import { isWorkersDevHost } from "./recognise-deployment.ts";
import { isSpf } from "../../spec/parse-spf.ts";

/**
 * Adds the records that stand in the world and say what the file wants, as `adopt`; those that say something else are
 * named in notes, since to overwrite them is the operator's decision. A wildcard's answer is no record at the name.
 */
export async function adoptExisting(draft: Draft, living: LivingDomain, world: World): Promise<Draft> {
  const parsed = parseMailDomain(draft.file);
  if (!parsed.ok) return draft;
  const { domain } = parsed.domain;
  const lookUp = openLookUp(world);
  const target = living.autodiscoverTarget;
  const isOwnTarget = draft.isDeployed && target !== undefined && isWorkersDevHost(target);
  const records = deriveRecords(parsed.domain, {
    zone: domain,
    workersDevHost: isOwnTarget ? target : undefined,
  });
  const sets = Map.groupBy(records, ({ name, type }) => `${name} ${type}`);
  const judged = await Promise.all([...sets.values()].map((set) => judgeSet(set, living, lookUp)));
  const adopt = judged
    .flatMap(({ key, state }) => (state === "same" ? [relative(key, domain)] : []))
    .toSorted();
  // What stands at the names of a domain that is deployed is its deployment's.
  const conflicts = draft.isDeployed ? [] : judged.filter(({ state }) => state === "other");
  const notes = new Map(draft.notes);
  if (adopt.length > 0) {
    const line = "Records that stand already and say what is wanted; they keep their ids.";
    notes.set("adopt", [...(notes.get("adopt") ?? []), line]);
  }
  if (conflicts.length > 0) {
    const lines = conflicts.map(({ key, observed }) => `  - ${relative(key, domain)}  (today: ${observed})`);
    const head = "In the way of what this file wants; to overwrite them, write below replace:";
    notes.set("", [...(notes.get("") ?? []), head, ...lines]);
  }
  return { ...draft, file: adopt.length === 0 ? draft.file : { ...draft.file, adopt }, notes };
}

interface Judgement {
  /** `NAME/TYPE`. */
  readonly key: string;
  readonly state: "same" | "other" | "none";
  readonly observed: string;
}

async function judgeSet(
  set: readonly WantedRecord[],
  living: LivingDomain,
  lookUp: LookUp,
): Promise<Judgement> {
  const [first] = set as readonly [WantedRecord];
  const { name, type, purpose } = first;
  const none = { key: `${name}/${type}`, state: "none", observed: "" } as const;
  const alias = name === living.domain ? undefined : await lookUp.alias(name);
  if (alias !== undefined) {
    // A host name that leads elsewhere by a CNAME stands in the way of any other record at the name.
    if (alias === living.wildcard) return none;
    const isSame = type === "CNAME" && set.length === 1 && wantedRdata(first) === alias;
    const isOurs = type === "CNAME" && !isProxied(first) && isSame;
    return { key: `${name}/CNAME`, state: isOurs ? "same" : "other", observed: `CNAME ${alias}` };
  }
  if (type === "CNAME" || isProxied(first)) {
    const addresses = (await Promise.all([lookUp.data(name, "A"), lookUp.data(name, "AAAA")])).flat();
    if (addresses.length === 0 || addresses.join(", ") === living.wildcard) return none;
    // A name for guessing clients yields to whoever has it.
    if (first.isOptional === true) return none;
    return { key: `${name}/A`, state: "other", observed: addresses.join(", ") };
  }
  const data = await lookUp.data(name, type satisfies QueryType);
  const relevant = purpose === "spf" ? data.filter(isSpf) : data;
  if (relevant.length === 0) return none;
  const answered = new Set(relevant.map((content) => observedText(first, content)));
  const isThere = set.every((record) => answered.has(wantedRdata(record) ?? ""));
  const isSame = isThere && (type === "TXT" || answered.size === set.length);
  return { key: `${name}/${type}`, state: isSame ? "same" : "other", observed: relevant.join(" | ") };
}

function observedText({ type }: WantedRecord, content: string): string {
  if (type === "TXT") return content;
  const [priority, ...rest] = content.split(" ");
  const isMx = type === "MX";
  return observedRdata({
    type,
    content: isMx ? rest.join(" ") : content,
    ...(isMx ? { priority: Number(priority) } : {}),
  });
}

function isProxied(record: WantedRecord): boolean {
  return "proxied" in record && record.proxied;
}

/** As `adopt` takes it: relative to the domain, `@` for the domain itself. */
function relative(key: string, domain: string): string {
  const [name = "", type = ""] = key.split("/");
  if (name === domain) return `@/${type}`;
  return isWithin(name, domain) ? `${name.slice(0, -domain.length - 1)}/${type}` : key;
}
