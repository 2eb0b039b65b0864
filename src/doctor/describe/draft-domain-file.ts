import type { DomainFile } from "../../spec/domain-file.ts";
import { parseMailDomain, shortNameOf } from "../../spec/parse-mail-domain.ts";
import { draftDelivery } from "./draft-delivery.ts";
import { draftMailServer } from "./draft-mail-server.ts";
import type { LivingDomain, OwnWords } from "./living-domain.ts";
import { recogniseDeployment } from "./recognise-deployment.ts";
import { recognisePreset } from "./recognise-preset.ts";

/** A domain file with what its writer was not sure of. */
export interface Draft {
  readonly file: DomainFile;
  /** By key of the file (`mailServer.imap`), or empty for the whole file: one line each. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
  /** False where no mail server was found, and the file has a name that somebody has to put right. */
  readonly hasMailServer: boolean;
  /** True where the domain is deployed from such a file already. */
  readonly isDeployed: boolean;
}

/** Takes a remark about a key of the file. */
export type Note = (path: string, line: string) => void;

/**
 * Describes a living domain in its own words: what is as the defaults and the preset have it is left out. The file is one
 * that `parseMailDomain` takes; what it would refuse becomes a note.
 */
export function draftDomainFile(living: LivingDomain): Draft {
  const notes = new Map<string, string[]>();
  const note: Note = (path, line) => void notes.set(path, [...(notes.get(path) ?? []), line]);
  const recognised = recognisePreset(living);
  const [settings] = living.published;
  const mail =
    recognised === undefined ? draftMailServer(living, note) : { mailServer: undefined, hasMailServer: true };
  const { username, webmail, own } = settings ?? {};
  const isOwn = settings !== undefined && recognised === undefined;
  if (recognised !== undefined) {
    const { title } = recognised.preset;
    note("preset", `${title}, by the mail exchangers; its servers and records are those of the preset.`);
  }
  const file: DomainFile = {
    domain: living.domain,
    ...displayNames(living.domain, own),
    ...(recognised === undefined
      ? {}
      : {
          preset:
            Object.keys(recognised.values).length === 0
              ? recognised.preset.name
              : { name: recognised.preset.name, ...recognised.values },
        }),
    ...(mail.mailServer === undefined ? {} : { mailServer: mail.mailServer }),
    ...(isOwn && username === "localPart" ? { username } : {}),
    ...(isOwn && webmail?.startsWith("https://") === true ? { webmail } : {}),
    ...(recognised === undefined ? webServices(living, own) : {}),
    ...draftDelivery(living, recognised?.defaults, note),
    ...(own?.help === undefined ? {} : { help: own.help }),
    ...(isOwn && own?.oauth2 !== undefined ? { oauth2: own.oauth2 } : {}),
  };
  const accepted = withoutRefused(file, note);
  const deployed = recogniseDeployment(accepted, living);
  const isDeployed = deployed !== undefined;
  remarkOnNames(living, isDeployed, note);
  return { file: { ...accepted, ...deployed }, notes, hasMailServer: mail.hasMailServer, isDeployed };
}

/** The short name is made of the other one, where a document has no other. */
function displayNames(
  domain: string,
  own: OwnWords | undefined,
): Pick<DomainFile, "displayName" | "displayShortName"> {
  const { displayName = domain, displayShortName } = own ?? {};
  const isDerived = displayShortName === undefined || displayShortName === shortNameOf(displayName);
  return {
    ...(displayName === domain ? {} : { displayName }),
    ...(isDerived ? {} : { displayShortName }),
  };
}

/** The document gives whole URLs; a JMAP server's path stands in no record. */
function webServices(living: LivingDomain, own: OwnWords | undefined): Partial<DomainFile> {
  const urls = (["calDav", "cardDav", "jmap"] as const).map((key) => [key, own?.[key] ?? living[key]]);
  return Object.fromEntries(urls.filter(([, url]) => url !== undefined));
}

function remarkOnNames(living: LivingDomain, isDeployed: boolean, note: Note): void {
  const { domain, exists, aliases, autodiscoverTarget, wildcard, unknown, caa, misplaced } = living;
  if (!exists) note("", `The name ${domain} does not exist in DNS.`);
  if (isDeployed) {
    note("", `${domain} serves the very document of this file: it is deployed already, by some stack.`);
  } else {
    for (const line of misplaced) note("", line);
    for (const [name, target] of aliases) {
      note("", `${name} leads to ${target} today; explain says what it has to become.`);
    }
    if (autodiscoverTarget !== undefined) {
      note("", `_autodiscover._tcp leads Outlook to ${autodiscoverTarget} today.`);
    }
    if (caa.length > 0) {
      note(
        "",
        `CAA records stand at the domain: ${caa.join(", ")}. Without the key caa they stay as they are.`,
      );
    }
  }
  if (wildcard !== undefined) {
    note("", `A wildcard answers for every name without records (${wildcard}); it stays as it is.`);
  }
  for (const line of unknown) note("", `Could not be looked up: ${line}`);
}

/** What the parser refuses of what stands in the world today is taken out, with the reason: of a list, one entry. */
function withoutRefused(file: DomainFile, note: Note): DomainFile {
  const result = parseMailDomain(file);
  if (result.ok) return file;
  const refused = Map.groupBy(
    result.issues.filter(({ path }) => !["domain", "mailServer", "preset", ""].includes(keyOf(path))),
    ({ path }) => removableOf(file, path),
  );
  if (refused.size === 0) return file;
  for (const [place, issues] of refused) {
    const written = JSON.stringify(valueAt(file, place));
    const reasons = issues.map(({ path, value, message }) =>
      [path, value, message].filter(Boolean).join(" "),
    );
    note("", `${place} is left out, ${written}: ${reasons.join("; ")}`);
  }
  return withoutRefused(without(file, new Set(refused.keys())), note);
}

function keyOf(path: string): string {
  return path.split(".")[0] ?? "";
}

/** The key of a path, with the index of a list's entry: `dkim.0`. */
function removableOf(file: DomainFile, path: string): string {
  const [key = "", index = ""] = path.split(".");
  return Array.isArray(valueAt(file, key)) && /^\d+$/.test(index) ? `${key}.${index}` : key;
}

function valueAt(file: DomainFile, place: string): unknown {
  const [key = "", index] = place.split(".");
  const value = file[key as keyof DomainFile];
  return index === undefined ? value : (value as readonly unknown[])[Number(index)];
}

function without(file: DomainFile, places: ReadonlySet<string>): DomainFile {
  const rest = Object.entries(file).flatMap(([key, value]) => {
    if (places.has(key)) return [];
    if (!Array.isArray(value)) return [[key, value]];
    const left = value.filter((_, index) => !places.has(`${key}.${index}`));
    return left.length === 0 ? [] : [[key, left]];
  });
  return Object.fromEntries(rest);
}
