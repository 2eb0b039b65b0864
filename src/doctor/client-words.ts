import type { Discovery } from "../clients/ladder/discovery.ts";
import { printableText } from "./printable-text.ts";

/** Returns what a person has to know of a client beside its servers, the password first; one line each. */
export function warningWords({ prompts, passwordSentTo }: Discovery): readonly string[] {
  return [
    ...passwordSentTo.map((origin) => `the password goes to ${origin}`),
    ...prompts.map(({ kind, target, text }) =>
      text.includes(target) ? `asks (${kind}): ${text}` : `asks (${kind}) ${target}: ${text}`,
    ),
  ].map(printableText);
}

/** Returns a time as people read it: `0.4 s`. */
export function secondsWords(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
