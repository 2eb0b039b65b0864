import { InvalidArgumentError } from "commander";

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Reads a time such as `500ms`, `5s`, `10m` or `1h` as milliseconds. @throws InvalidArgumentError */
export function readDuration(text: string): number {
  const [, digits = "", unit = ""] = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Math.round(Number(digits) * (UNIT_MS[unit] ?? Number.NaN));
  if (!(ms > 0)) throw new InvalidArgumentError("Write a time such as 500ms, 5s, 10m or 1h.");
  return ms;
}
