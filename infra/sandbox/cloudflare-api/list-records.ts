import { ApiRefusal } from "./api-refusal.ts";
import type { StoredRecord } from "./stored-state.ts";

type Query = Readonly<Record<string, string>>;
type Test = (record: StoredRecord) => boolean;

/**
 * Returns the records that a list request asks for, in its order; without `order`, in that of their creation.
 * Filters: `type`, `proxied`, `search`, and `name`, `content`, `comment` bare or with `.exact`, `.contains`, `.startswith`,
 * `.endswith`; `comment` and `tag` with `.present` and `.absent`; joined by `match` (`all`, the default, or `any`).
 */
export function listRecords(records: readonly StoredRecord[], query: Query): readonly StoredRecord[] {
  const tests = Object.entries(query)
    .map(([key, value]) => readTest(key, value))
    .filter((test) => test !== undefined);
  const any = query["match"] === "any";
  const found =
    tests.length === 0
      ? records
      : records.filter((record) =>
          any ? tests.some((test) => test(record)) : tests.every((test) => test(record)),
        );
  return sortRecords(found, query);
}

function readTest(key: string, value: string): Test | undefined {
  const wanted = value.toLowerCase();
  if (key === "type") return (record) => record.type === value.toUpperCase();
  if (key === "proxied") return (record) => String(record.proxied) === wanted;
  if (key === "search") {
    return ({ name, content, comment }) =>
      [name, content, comment ?? ""].some((text) => text.toLowerCase().includes(wanted));
  }
  if (key === "comment.present") return (record) => record.comment !== null;
  if (key === "comment.absent") return (record) => record.comment === null;
  if (key === "tag" || key.startsWith("tag.")) return readTagTest(key.slice(4), wanted);
  const [field, operator = "exact"] = key.split(".");
  if (field !== "name" && field !== "content" && field !== "comment") return undefined;
  const compare = comparison(operator);
  return (record) => compare((record[field] ?? "").toLowerCase(), wanted);
}

/** `name:value` for the comparisons, a name alone for `present` and `absent`. */
function readTagTest(operator: string, wanted: string): Test {
  const [name = "", value = ""] = wanted.split(/:(.*)/s);
  const tagsOf = (record: StoredRecord): readonly (readonly [string, string])[] =>
    (record.tags ?? []).map((tag) => {
      const [key = "", text = ""] = tag.toLowerCase().split(/:(.*)/s);
      return [key, text];
    });
  if (operator === "present") return (record) => tagsOf(record).some(([key]) => key === name);
  if (operator === "absent") return (record) => tagsOf(record).every(([key]) => key !== name);
  const compare = comparison(operator === "" ? "exact" : operator);
  return (record) => tagsOf(record).some(([key, text]) => key === name && compare(text, value));
}

function comparison(operator: string): (text: string, wanted: string) => boolean {
  switch (operator) {
    case "exact":
      return (text, wanted) => text === wanted;
    case "contains":
      return (text, wanted) => text.includes(wanted);
    case "startswith":
      return (text, wanted) => text.startsWith(wanted);
    case "endswith":
      return (text, wanted) => text.endsWith(wanted);
    default:
      throw new ApiRefusal(400, 1004, `Unknown filter operator "${operator}".`);
  }
}

const SORT_KEYS = {
  type: (record: StoredRecord) => record.type,
  name: (record: StoredRecord) => record.name,
  content: (record: StoredRecord) => record.content,
  ttl: (record: StoredRecord) => String(record.ttl).padStart(5, "0"),
  proxied: (record: StoredRecord) => String(record.proxied),
} as const;

function sortRecords(records: readonly StoredRecord[], query: Query): readonly StoredRecord[] {
  const order = query["order"];
  if (order === undefined) return records;
  if (!(order in SORT_KEYS)) throw new ApiRefusal(400, 1004, `Invalid order "${order}".`);
  const keyOf = SORT_KEYS[order as keyof typeof SORT_KEYS];
  const sorted = records.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
  return query["direction"] === "desc" ? sorted.toReversed() : sorted;
}
