import type { DomainFile } from "../../spec/domain-file.ts";
import { parseMailDomain } from "../../spec/parse-mail-domain.ts";
import { draftDelivery } from "./draft-delivery.ts";
import { draftMailServer } from "./draft-mail-server.ts";
import type { LivingDomain } from "./living-domain.ts";
import { recognisePreset } from "./recognise-preset.ts";

/** A domain file with what its writer was not sure of. */
export interface Draft {
  readonly file: DomainFile;
  /** By key of the file (`mailServer.imap`), or empty for the whole file: one line each. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
  /** False where no mail server was found, and the file has a name that somebody has to put right. */
  readonly hasMailServer: boolean;
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
  const { displayName, username, webmail } = settings ?? {};
  const isOwn = settings !== undefined && recognised === undefined;
  if (recognised !== undefined) {
    const { title } = recognised.preset;
    note("preset", `${title}, by the mail exchangers; its servers and records are those of the preset.`);
  }
  const file: DomainFile = {
    domain: living.domain,
    ...(displayName === undefined || displayName === living.domain ? {} : { displayName }),
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
    ...(recognised === undefined ? webServices(living) : {}),
    ...draftDelivery(living, recognised?.defaults, note),
  };
  remarkOnNames(living, note);
  return { file: withoutRefused(file, note), notes, hasMailServer: mail.hasMailServer };
}

function webServices({ calDav, cardDav, jmap }: LivingDomain): Partial<DomainFile> {
  return {
    ...(calDav === undefined ? {} : { calDav }),
    ...(cardDav === undefined ? {} : { cardDav }),
    ...(jmap === undefined ? {} : { jmap }),
  };
}

function remarkOnNames({ aliases, wildcard, unknown, caa }: LivingDomain, note: Note): void {
  for (const [name, target] of aliases) {
    note("", `${name} leads to ${target} today; explain says what it has to become.`);
  }
  if (wildcard !== undefined) {
    note("", `A wildcard answers for every name without records (${wildcard}); it stays as it is.`);
  }
  if (caa.length > 0) {
    note(
      "",
      `CAA records stand at the domain: ${caa.join("; ")}. Without the key caa they stay as they are.`,
    );
  }
  for (const line of unknown) note("", `Could not be looked up: ${line}`);
}

/** What the parser refuses of what stands in the world today is taken out, with the reason. */
function withoutRefused(file: DomainFile, note: Note): DomainFile {
  const result = parseMailDomain(file);
  if (result.ok) return file;
  const refused = new Set(result.issues.map(({ path }) => path.split(".")[0] ?? ""));
  const removable = [...refused].filter((key) => !["domain", "mailServer", "preset", ""].includes(key));
  if (removable.length === 0) return file;
  for (const { path, value, message } of result.issues) {
    const key = path.split(".")[0] ?? "";
    if (!removable.includes(key)) continue;
    const written = JSON.stringify(file[key as keyof DomainFile]);
    note("", `${key} is left out, ${written}: ${[path, value, message].filter(Boolean).join(" ")}`);
  }
  const rest = Object.entries(file).filter(([key]) => !removable.includes(key));
  return withoutRefused(Object.fromEntries(rest) as unknown as DomainFile, note);
}
