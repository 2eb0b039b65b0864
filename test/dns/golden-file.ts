import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname } from "node:path";
import { expect } from "vitest";

/**
 * Compares text with a golden file. `UPDATE_GOLDEN=1` writes the file instead, but never where `CI` is set: there, a
 * difference is for a person to look at.
 */
export function expectGolden(file: URL, actual: string): void {
  const path = fileURLToPath(file);
  if (mayUpdate(process.env)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
  }
  expect(existsSync(path), `${path} is missing; run with UPDATE_GOLDEN=1`).toBe(true);
  expect(actual).toBe(readFileSync(path, "utf8"));
}

/** True where golden files may be written. */
export function mayUpdate(environment: Readonly<Record<string, string | undefined>>): boolean {
  return environment["UPDATE_GOLDEN"] === "1" && (environment["CI"] ?? "") === "";
}
