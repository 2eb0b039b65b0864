import type { DkimKeyFile, DomainFile } from "../../spec/domain-file.ts";
import type { PresetDefaults } from "../../spec/preset.ts";
import type { Note } from "./draft-domain-file.ts";
import type { LivingDomain, LivingDkim } from "./living-domain.ts";

type DeliveryFile = Pick<DomainFile, "mx" | "spf" | "dkim" | "dmarc" | "mtaSts" | "tlsRpt">;

/** Returns what the domain says about delivery, as far as its preset does not say the same. */
export function draftDelivery(
  living: LivingDomain,
  preset: PresetDefaults | undefined,
  note: Note,
): DeliveryFile {
  return {
    ...mx(living, preset),
    ...spf(living, preset),
    ...dkim(living, preset, note),
    ...(living.dmarc === undefined ? {} : { dmarc: living.dmarc }),
    ...mtaSts(living, note),
    ...tlsRpt(living),
  };
}

function mx({ mx: found }: LivingDomain, preset: PresetDefaults | undefined): Pick<DeliveryFile, "mx"> {
  if (found.length === 0) return {};
  if (found.every(({ host }) => host === ".")) return { mx: false };
  const given = preset?.mx === undefined || preset.mx === false ? [] : preset.mx;
  const known = new Set(given.map(({ host, priority }) => `${priority} ${host}`));
  const isSame =
    found.length === known.size && found.every(({ host, priority }) => known.has(`${priority} ${host}`));
  return isSame ? {} : { mx: found.map(({ host, priority }) => ({ host, priority })) };
}

function spf({ spf: found }: LivingDomain, preset: PresetDefaults | undefined): Pick<DeliveryFile, "spf"> {
  return found === undefined || found === preset?.spf ? {} : { spf: found };
}

function dkim(
  { dkim: found }: LivingDomain,
  preset: PresetDefaults | undefined,
  note: Note,
): Pick<DeliveryFile, "dkim"> {
  const given = preset?.dkim ?? [];
  const isGiven = (key: LivingDkim): boolean =>
    given.some(({ selector, cname }) => selector === key.selector && "cname" in key && cname === key.cname);
  // A list in the file takes the place of the preset's.
  if (found.every(isGiven)) return {};
  note("dkim", "Found under usual selectors; keys under other ones stay as they are.");
  return { dkim: found.map((key): DkimKeyFile => ({ ...key })) };
}

function mtaSts({ mtaSts: policy }: LivingDomain, note: Note): Pick<DeliveryFile, "mtaSts"> {
  if (policy === undefined) return {};
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:[ \\t]*(\\S+)[ \\t]*\\r?$`, "m").exec(policy)?.[1];
  const mode = field("mode");
  if (mode !== "testing" && mode !== "enforce" && mode !== "none") {
    note("", "The MTA-STS policy has no mode that is known; it is left out.");
    return {};
  }
  const seconds = Number(field("max_age"));
  return { mtaSts: { mode, ...(Number.isInteger(seconds) ? { maxAgeSeconds: seconds } : {}) } };
}

function tlsRpt({ tlsRpt: text }: LivingDomain): Pick<DeliveryFile, "tlsRpt"> {
  const urls = /(?:^|;)\s*rua=([^;]+)/.exec(text ?? "")?.[1];
  return urls === undefined ? {} : { tlsRpt: urls.split(",").map((url) => url.trim()) };
}
