import type { ClientServer } from "../ladder/discovery.ts";
import { serverWords } from "../world/server-words.ts";
import type { Reading } from "../ladder/trace.ts";

/** What a document or a guess gives an account. */
export interface FoundAccount {
  readonly incoming: ClientServer;
  /** Undefined: Thunderbird would take the outgoing server that it uses already. */
  readonly outgoing: ClientServer | undefined;
  /** With placeholders. */
  readonly username: string;
}

/** How a document stands in the race of its track. */
export interface Standing {
  /** True where it may decide: nothing of a higher rank did. */
  readonly isOpen: boolean;
  /** True where its mere arrival gives up the places below it, whether there are settings in it or not. */
  readonly endsRace: boolean;
}

/** Says what a document is worth: it decides, is not needed, or ends its race without settings. */
export function documentReading(
  account: FoundAccount | undefined,
  whatItIs: string,
  { isOpen, endsRace }: Standing,
): Reading {
  if (account !== undefined) {
    const words = serverWords(account.incoming, account.outgoing);
    return isOpen ? { answer: words, effect: "used" } : { answer: `${words}; not needed`, effect: "passed" };
  }
  return isOpen && endsRace
    ? { answer: `${whatItIs}: taken for the answer, and there are no settings in it`, effect: "ended" }
    : { answer: `${whatItIs}: no settings`, effect: "passed" };
}
