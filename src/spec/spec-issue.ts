import { closest } from "fastest-levenshtein";
import type * as z from "zod";
import { KNOWN_KEYS } from "./schema.ts";

/** One problem of one domain file. */
export interface SpecIssue {
  /** The file, where the text came from one. */
  readonly file: string | undefined;
  /** Where in the file, for example `mailServer.imap.0.port`; empty for the whole file. */
  readonly path: string;
  /** The value found there, shortened to 80 characters; undefined where there is none. */
  readonly value: string | undefined;
  readonly message: string;
  /** One imperative sentence. */
  readonly remedy: string;
}

/** Takes one issue: parsing goes on, so that one run shows all there is to mend. */
export type Report = (issue: SpecIssue) => void;

/** An issue with its path in parts, as the value's keys are. */
export interface LocatedIssue {
  readonly path: readonly PropertyKey[];
  readonly issue: SpecIssue;
}

/** What a key of several shapes takes. */
const SHAPES: Readonly<Record<string, string>> = {
  imap: "false, one block, or a list of blocks",
  pop3: "false, one block, or a list of blocks",
  submission: "false, one block, or a list of blocks",
  sieve: "true, false, or one block",
  mx: "false, or a list of blocks",
  caa: "true, false, or one block",
  preset: "a name, or one block",
  wildcard: "shadow, forbid, allow, or one block",
};

/** Returns an issue about the value at a path. */
export function specIssue(
  path: readonly PropertyKey[] | string,
  value: unknown,
  message: string,
  remedy: string,
): SpecIssue {
  return {
    file: undefined,
    path: typeof path === "string" ? path : path.map(String).join("."),
    value: showValue(value),
    message,
    remedy,
  };
}

/** Renders issues for a person, one block each: where, what, what to do. */
export function renderSpecIssues(issues: readonly SpecIssue[]): string {
  return issues
    .map((issue) => {
      const where = [issue.file, issue.path].filter(Boolean).join(": ") || "the file";
      const value = issue.value === undefined ? "" : ` (found: ${issue.value})`;
      return `${where}: ${issue.message}${value}\n    ${issue.remedy}`;
    })
    .join("\n");
}

/** Turns what zod found into issues with remedies; a union is judged by the branch that the value's shape chose. */
export function issuesOfZod(found: readonly z.core.$ZodIssue[], input: unknown): readonly LocatedIssue[] {
  return found.flatMap((issue) => ofZod(issue, [], input));
}

function ofZod(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[], input: unknown): LocatedIssue[] {
  const path = [...prefix, ...issue.path];
  const value = valueAt(input, path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      issue: unknownKey(path, key, valueAt(input, [...path, key])),
    }));
  }
  if (issue.code === "invalid_union") {
    const branch = issue.errors.toSorted((a, b) => depth(b) - depth(a)).find((errors) => fitsShape(errors));
    if (branch !== undefined) return branch.flatMap((inner) => ofZod(inner, path, input));
    const room = String(path.at(-1));
    const remedy = `Write ${SHAPES[room] ?? "one block"}; known here: ${(KNOWN_KEYS[room] ?? []).join(", ")}.`;
    return [{ path, issue: specIssue(path, value, "has the wrong shape", remedy) }];
  }
  if (value === undefined && issue.code === "invalid_type") {
    const remedy = `Add ${path.map(String).join(".") || "a mail domain"}.`;
    return [{ path, issue: specIssue(path, undefined, "is missing", remedy) }];
  }
  return [{ path, issue: specIssue(path, value, issue.message, remedyOf(issue)) }];
}

/** A branch fits where its complaints lie inside the value, not about the value's own type. */
function fitsShape(errors: readonly z.core.$ZodIssue[]): boolean {
  return errors.every(
    (error) => error.path.length > 0 || (error.code !== "invalid_type" && error.code !== "invalid_value"),
  );
}

function depth(errors: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...errors.map((error) => error.path.length)) - errors.length / 100;
}

function unknownKey(path: readonly PropertyKey[], key: string, value: unknown): SpecIssue {
  const room = path.findLast((part) => typeof part === "string" && part in KNOWN_KEYS);
  const known = KNOWN_KEYS[String(room ?? "")] ?? [];
  if (known.includes(key)) return excludedKey([...path, key], value, known);
  const near = closest(key, [...known]);
  return specIssue(
    [...path, key],
    value,
    `is not a known key; the nearest is "${near}"`,
    `Write "${near}", or remove the key; known here: ${known.join(", ")}.`,
  );
}

/** The key of another branch of a union: right by itself, but with a wrong value or beside a key of this branch. */
function excludedKey(path: readonly PropertyKey[], value: unknown, known: readonly string[]): SpecIssue {
  return typeof value === "string"
    ? specIssue(path, value, "cannot stand beside the other key", `Keep one of: ${known.join(", ")}.`)
    : specIssue(path, value, "is not a text", "Write a value of the type string.");
}

function remedyOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value":
      return `Write one of: ${issue.values.map(String).join(", ")}.`;
    case "invalid_type":
      return `Write a value of the type ${issue.expected}.`;
    case "too_small":
      return `Write at least ${String(issue.minimum)}.`;
    case "too_big":
      return `Write at most ${String(issue.maximum)}.`;
    default:
      return "Correct the value.";
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

function showValue(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === "string" ? `"${value}"` : toJson(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** A YAML alias may point at what holds it, which JSON cannot show. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}
