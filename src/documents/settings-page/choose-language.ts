/** Ranges that are read of one `Accept-Language`: browsers send fewer, and a request must not buy work. */
const MAX_RANGES = 32;

/**
 * Returns the language of the page: the one asked for in the query, else the best of `Accept-Language` (RFC 9110
 * §12.5.4), matched by lookup (RFC 4647 §3.4: `de-AT` finds `de`), else the first that is offered.
 */
export function chooseLanguage(
  acceptLanguage: string | null,
  query: string | null,
  offered: readonly string[],
): string {
  const wanted = [...(query === null ? [] : [query]), ...rangesByWeight(acceptLanguage ?? "")];
  for (const range of wanted) {
    const found = range === "*" ? offered[0] : lookUp(range, offered);
    if (found !== undefined) return found;
  }
  return offered[0] ?? "en";
}

function rangesByWeight(header: string): readonly string[] {
  return header
    .split(",", MAX_RANGES)
    .map((item) => {
      const [range = "", ...parameters] = item.split(";").map((part) => part.trim());
      const weight = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2) ?? "1";
      return { range, weight: /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight) : 0 };
    })
    .filter(({ range, weight }) => range !== "" && weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .map(({ range }) => range);
}

function lookUp(range: string, offered: readonly string[]): string | undefined {
  const subtags = range.toLowerCase().split("-");
  for (let length = subtags.length; length > 0; length -= 1) {
    const prefix = subtags.slice(0, length).join("-");
    const found = offered.find((tag) => tag.toLowerCase() === prefix);
    if (found !== undefined) return found;
  }
  return undefined;
}
