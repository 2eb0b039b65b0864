import type { StatusCount } from "./report-verdict.ts";

/** Returns how many there are of each status, worst first: `2 failed, 1 not known, 24 passed`. */
export function countWords({ fail, unknown, warn, pass }: StatusCount): string {
  const parts = [
    { count: fail, words: "failed" },
    { count: unknown, words: "not known" },
    { count: warn, words: warn === 1 ? "warning" : "warnings" },
    { count: pass, words: "passed" },
  ];
  const said = parts.filter(({ count }) => count > 0).map(({ count, words }) => `${count} ${words}`);
  return said.length === 0 ? "nothing looked at" : said.join(", ");
}
