import type { DomainFile } from "./domain-file.ts";
import { domainFileSchema } from "./schema.ts";
import { issuesOfZod } from "./spec-issue.ts";

/** Stands where a text has to stand; RFC 6761 keeps `invalid` free of meaning. */
const PLACEHOLDER = "placeholder.invalid";

type Path = readonly PropertyKey[];

/**
 * Returns what can still be checked of a file that the schema refused: without the values that it complained of. Where
 * that is not enough, without the whole key of the file that holds them.
 */
export function repairDomainFile(input: unknown, refused: readonly Path[]): DomainFile {
  let value = input;
  let paths = refused;
  for (const depth of [Number.POSITIVE_INFINITY, 1]) {
    for (const path of distinct(paths.map((found) => found.slice(0, depth)))) value = without(value, path);
    const parsed = domainFileSchema.safeParse(value);
    if (parsed.success) return parsed.data;
    paths = issuesOfZod(parsed.error.issues, value).map((found) => found.path);
  }
  return { domain: PLACEHOLDER };
}

function distinct(paths: readonly Path[]): readonly Path[] {
  return [...new Map(paths.map((path) => [JSON.stringify(path.map(String)), path])).values()];
}

/** Copies along the path only: a YAML alias may point at what holds it. List items keep their place, which paths name. */
function without(value: unknown, path: Path): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return {};
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => {
      if (index !== Number(key)) return item;
      return rest.length === 0 ? PLACEHOLDER : without(item, rest);
    });
  }
  const copy: Record<PropertyKey, unknown> = { ...value };
  if (rest.length > 0) copy[key] = without(copy[key], rest);
  else if (copy[key] === undefined) copy[key] = PLACEHOLDER;
  else delete copy[key];
  return copy;
}
