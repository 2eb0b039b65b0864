import type { DomainFile } from "./domain-file.ts";
import type { PresetFacts } from "./mail-domain.ts";

/** A value that only the operator knows, for example the Microsoft 365 tenant's mail host. */
export interface PresetValue {
  readonly key: string;
  /** What it is and where to find it; shown where it is missing. */
  readonly description: string;
  /** Matches the normalised value: trimmed, lower case, no final dot. Not matching is a problem of the file. */
  readonly pattern: RegExp;
  readonly example: string;
  readonly isRequired: boolean;
}

/** What a preset puts in where the file says nothing; the file's own values always win. */
export type PresetDefaults = Partial<
  Pick<
    DomainFile,
    | "mailServer"
    | "username"
    | "webmail"
    | "calDav"
    | "cardDav"
    | "jmap"
    | "mx"
    | "spf"
    | "dkim"
    | "dmarc"
    | "mtaSts"
    | "guessNames"
  >
>;

/** What the defaults of a preset may depend on. */
export interface PresetContext {
  /** A-label, lower case, no trailing dot. */
  readonly domain: string;
  /** `mailServer.host` of the file in the same form; undefined where the file names none. */
  readonly mailHost: string | undefined;
  /** Normalised values of the file, each matching its pattern; an optional one may be absent. */
  readonly values: Readonly<Record<string, string | undefined>>;
}

/** A provider or a server program whose settings are known. */
export interface Preset {
  /** The word of the domain file, camelCase. */
  readonly name: string;
  /** Shown to people. */
  readonly title: string;
  /** `hosted`: a provider's servers; `panel`: a program that the operator runs on a server of his own. */
  readonly kind: "hosted" | "panel";
  /** ISO date on which the sources were read. */
  readonly verified: string;
  /** Public pages or files that say so. */
  readonly sources: readonly string[];
  readonly values: readonly PresetValue[];
  /**
   * False where no client could log in with an address of the domain at a server that everybody reaches: then the
   * services are announced as not offered, unless the file has a `mailServer` of its own.
   */
  readonly hasClientSettings: boolean;
  readonly defaults: (context: PresetContext) => PresetDefaults;
  readonly facts: Omit<PresetFacts, "name" | "title">;
}

/** The facts of a provider that answers nothing at the domain. */
export const NO_FACTS: Preset["facts"] = {
  discovery: {},
  autodiscoverSrv: undefined,
  answers: [],
  answersRemedy: undefined,
  spamTraining: undefined,
};
