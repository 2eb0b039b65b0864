import { closest } from "fastest-levenshtein";
import type { DomainFile } from "../domain-file.ts";
import { parseHostName } from "../host-name.ts";
import type { PresetFacts } from "../mail-domain.ts";
import { NO_FACTS, type Preset, type PresetDefaults, type PresetValue } from "../preset.ts";
import { specIssue, type SpecIssue } from "../spec-issue.ts";
import { PRESETS } from "./presets.ts";

export interface AppliedPreset {
  /** The file, with the preset's defaults where it says nothing. */
  readonly file: DomainFile;
  readonly facts: PresetFacts;
  /**
   * False where no mail client can be set up: the preset knows no servers for that, and the file names none. Then IMAP,
   * POP3 and submission are all `false` in `file.mailServer`, which is no mistake of the file.
   */
  readonly hasClientSettings: boolean;
  readonly issues: readonly SpecIssue[];
}

const NO_PRESET: PresetFacts = { name: "none", title: "", ...NO_FACTS };

/**
 * Returns the file with what its preset knows, or every problem of its `preset` at once. The file's own values win;
 * `mailServer` is merged key by key.
 */
export function applyPreset(file: DomainFile): AppliedPreset {
  const { name, given, path } = readPreset(file.preset);
  if (name === "none") {
    const issues = Object.keys(given).map((key) => unknownValue(key, given[key], "none", []));
    return { file, facts: NO_PRESET, hasClientSettings: true, issues };
  }
  const preset = PRESETS.find((candidate) => candidate.name === name);
  if (preset === undefined) {
    return { file, facts: NO_PRESET, hasClientSettings: true, issues: [unknownPreset(path, name)] };
  }
  const issues: SpecIssue[] = [];
  const values = readValues(preset, given, issues);
  const mailHost = file.mailServer?.host;
  const defaults = preset.defaults({
    domain: aLabels(file.domain),
    mailHost: mailHost === undefined ? undefined : aLabels(mailHost),
    values,
  });
  const announcesNothing = !preset.hasClientSettings && saysNothing(file.mailServer);
  return {
    file: merge(file, announcesNothing ? { ...defaults, mailServer: nothingOffered(defaults) } : defaults),
    facts: { name: preset.name, title: preset.title, ...preset.facts },
    hasClientSettings: !announcesNothing,
    issues,
  };
}

function readPreset(preset: DomainFile["preset"]): {
  readonly name: string;
  readonly given: Readonly<Record<string, string>>;
  readonly path: string;
} {
  if (preset === undefined) return { name: "none", given: {}, path: "preset" };
  if (typeof preset === "string") return { name: preset, given: {}, path: "preset" };
  const { name, ...given } = preset;
  return { name, given, path: "preset.name" };
}

function readValues(
  preset: Preset,
  given: Readonly<Record<string, string>>,
  issues: SpecIssue[],
): Record<string, string | undefined> {
  const values: Record<string, string | undefined> = {};
  for (const value of preset.values) {
    const text = given[value.key];
    const normal = text?.trim().replace(/\.$/, "").toLowerCase();
    const issue = auditValue(preset, value, text, normal);
    if (issue !== undefined) issues.push(issue);
    // The example stands in for what is wrong, so that the rest of the file can still be judged without echoes.
    values[value.key] = issue === undefined ? normal : value.example;
  }
  const known = preset.values.map(({ key }) => key);
  for (const [key, text] of Object.entries(given)) {
    if (!known.includes(key)) issues.push(unknownValue(key, text, preset.name, known));
  }
  return values;
}

function auditValue(
  preset: Preset,
  value: PresetValue,
  text: string | undefined,
  normal: string | undefined,
): SpecIssue | undefined {
  const path = `preset.${value.key}`;
  const remedy = `Write ${value.description}, for example ${value.key}: ${value.example}.`;
  if (normal === undefined) {
    return value.isRequired
      ? specIssue(path, undefined, `is missing, which ${preset.title} needs`, remedy)
      : undefined;
  }
  return value.pattern.test(normal)
    ? undefined
    : specIssue(path, text, `is not of the form that ${preset.title} uses`, remedy);
}

function unknownValue(key: string, text: unknown, preset: string, known: readonly string[]): SpecIssue {
  return known.length === 0
    ? specIssue(
        `preset.${key}`,
        text,
        `is not a value of the preset ${preset}, which takes none`,
        "Remove it.",
      )
    : specIssue(
        `preset.${key}`,
        text,
        `is not a value of the preset ${preset}; the nearest is "${closest(key, known)}"`,
        `Write "${closest(key, known)}", or remove it; known here: ${known.join(", ")}.`,
      );
}

function unknownPreset(path: string, name: string): SpecIssue {
  const known = ["none", ...PRESETS.map((preset) => preset.name)];
  const near = closest(name, known);
  return specIssue(
    path,
    name,
    `is not a known preset; the nearest is "${near}"`,
    `Write one of: ${known.join(", ")}.`,
  );
}

function merge(file: DomainFile, defaults: PresetDefaults): DomainFile {
  const given = withoutUndefined(file);
  const merged = { ...withoutUndefined(defaults), ...given };
  return defaults.mailServer === undefined
    ? merged
    : { ...merged, mailServer: { ...defaults.mailServer, ...withoutUndefined(file.mailServer ?? {}) } };
}

/** A key whose value is undefined says nothing, so it must not hide a default. */
function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}

type MailServerFile = DomainFile["mailServer"];

/** True where a file offers no service by its own words, before and after the preset was applied. */
function saysNothing(server: MailServerFile): boolean {
  return (
    server === undefined ||
    [server.imap, server.pop3, server.submission].every((service) => service === false)
  );
}

/** RFC 6186 §3.4: a service that a domain does not offer is announced as such, so that no client guesses. */
function nothingOffered(defaults: PresetDefaults): MailServerFile {
  const mx = defaults.mx === undefined || defaults.mx === false ? [] : defaults.mx;
  return { host: mx[0]?.host, imap: false, pop3: false, submission: false };
}

/** A name that is none stays as it is: the parser says so. */
function aLabels(text: string): string {
  const name = parseHostName(text);
  return name.ok ? name.value : text;
}
