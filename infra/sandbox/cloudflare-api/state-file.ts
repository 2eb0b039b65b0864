import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { MailAutodiscoverError } from "../../../src/errors.ts";
import { emptyState, type StoredState } from "./stored-state.ts";

/** Worker bindings and KV values may be private, so nobody else reads the file. */
const OWNER_ONLY = 0o600;

/**
 * Returns the state of an earlier run, or an empty one where there is no file.
 *
 * @throws MailAutodiscoverError `state-unreadable` where the file is not this account's state.
 */
export function readState(file: string, accountId: string): StoredState {
  const text = readIfThere(file);
  if (text === undefined) return emptyState(accountId);
  const state = parseState(file, text);
  if (state.accountId !== accountId) {
    throw unreadable(file, `belongs to account ${state.accountId}, not ${accountId}`);
  }
  return state;
}

export function renderState(state: StoredState): string {
  return `${JSON.stringify(state, undefined, 2)}\n`;
}

/** Replaces the file in one step: a kill leaves the former content or the new one, never half of either. */
export function writeState(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${String(process.pid)}.tmp`;
  writeFileSync(temporary, text, { mode: OWNER_ONLY });
  renameSync(temporary, file);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(file, "cannot be read", cause);
  }
}

/** Only this program writes the file, so its frame is checked and not every field. */
function parseState(file: string, text: string): StoredState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(file, "is not JSON", cause);
  }
  const state = value as Partial<StoredState> | null;
  if (state?.version !== 1 || typeof state.accountId !== "string") {
    throw unreadable(file, "is not of format version 1");
  }
  for (const part of ["zones", "scripts", "kvNamespaces", "customDomains"] as const) {
    if (!Array.isArray(state[part])) throw unreadable(file, `has no list "${part}"`);
  }
  return value as StoredState;
}

function unreadable(file: string, what: string, cause?: unknown): MailAutodiscoverError {
  return new MailAutodiscoverError("state-unreadable", `The sandbox's state file ${file} ${what}.`, {
    remedy: "Give --state another folder, or remove this one to start from nothing.",
    cause,
  });
}
