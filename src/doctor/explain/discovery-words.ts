import type { Discovery, DiscoveryStep } from "../../clients/ladder/discovery.ts";
import { serverWords } from "../../clients/world/server-words.ts";
import type { PasswordRisk } from "./password-risk.ts";
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

/** Puts a discovery into words, with those who could have the password from it. */
export function discoveryWords(discovery: Discovery, risks: readonly PasswordRisk[] = []): DiscoveryWords {
  const { prompts, passwordSentTo, ms, outcome } = discovery;
  // How long a client waits for what nobody knows, nobody knows either.
  const isWait = outcome !== "unknown" && ms >= WORTH_SAYING_MS;
  const wait = isWait ? `, after ${Math.round(ms / 1000)} s` : "";
  return {
    result: printableText(`${resultWords(discovery)}${wait}`),
    source: sourceWords(discovery),
    alarms: [
      ...passwordSentTo.map((origin) => `the mailbox password goes to ${origin}`),
      ...risks.map(
        ({ origin, leadsTo }) => `would give the mailbox password to ${riskWords(origin, leadsTo)}`,
      ),
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

function riskWords(origin: string, leadsTo: string): string {
  return `${origin} (${leadsTo}), if that asks for it`;
}

/** The first question without an answer decides; one about a zone of somebody else only where there is no other. */
function unknownWords(steps: readonly DiscoveryStep[]): string {
  const unknown = steps.filter(({ effect }) => effect === "unknown");
  const step = unknown.find(({ answer }) => !answer.endsWith("in no zone that was read")) ?? unknown[0];
  return step?.answer.replace(/^not known: /, "") ?? "a step could not be looked at";
}

function sourceWords({ source, steps, outcome }: Discovery): string | undefined {
  if (source !== undefined) return printableText(`from ${source}`);
  const last = steps.findLast(({ effect }) => effect === "ended");
  if (last === undefined || outcome === "unknown") return undefined;
  return printableText(`ends at ${last.target.replace(/\?.*$/, "")}: ${last.answer}`);
}
