import type { Discovery, DiscoveryStep } from "../../clients/discovery.ts";
import { serverWords } from "../../clients/server-words.ts";
import { printableText } from "../printable-text.ts";

/** What a client ends with, in words of a report. */
export interface DiscoveryWords {
  /** One line. */
  readonly result: string;
  /** Where it has the settings from, or what the search ended at; undefined where there is nothing to say. */
  readonly source: string | undefined;
  /** What a person has to know, the password first; one line each. */
  readonly alarms: readonly string[];
}

/** Shorter than this is no waiting, and a planned world takes no time at all. */
const WORTH_SAYING_MS = 1000;

/** Puts a discovery into words. */
export function discoveryWords(discovery: Discovery): DiscoveryWords {
  const { prompts, passwordSentTo, ms } = discovery;
  const wait = ms >= WORTH_SAYING_MS ? `, after ${Math.round(ms / 1000)} s` : "";
  return {
    result: printableText(`${resultWords(discovery)}${wait}`),
    source: sourceWords(discovery),
    alarms: [
      ...passwordSentTo.map((origin) => `the mailbox password goes to ${origin}`),
      ...prompts.map(({ text }) => `asks: ${text}`),
    ].map(printableText),
  };
}

function resultWords({ outcome, incoming, outgoing, username, steps }: Discovery): string {
  const servers = serverWords(incoming, outgoing);
  switch (outcome) {
    case "configured":
      return username === undefined ? servers : `${servers}, as ${username}`;
    case "manual":
      return "the person types the servers in";
    case "failed":
      return servers === "" ? "fails" : `fails with ${servers}`;
    case "unknown":
      return `not known: ${unknownWords(steps)}`;
  }
}

/** The first question without an answer is the one that decides. */
function unknownWords(steps: readonly DiscoveryStep[]): string {
  const step = steps.find(({ effect }) => effect === "unknown");
  return step?.answer.replace(/^not known: /, "") ?? "a step could not be looked at";
}

function sourceWords({ source, steps, outcome }: Discovery): string | undefined {
  if (source !== undefined) return printableText(`from ${source}`);
  const last = steps.findLast(({ effect }) => effect === "ended");
  if (last === undefined || outcome === "unknown") return undefined;
  return printableText(`ends at ${last.target.replace(/\?.*$/, "")}: ${last.answer}`);
}
