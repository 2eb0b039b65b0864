import type { Resolution, World } from "../../../clients/world/world.ts";
import { isSpf, MAX_SPF_LOOKUPS, SPF_LOOKUP_TERMS, splitTerm } from "../../../spec/parse-spf.ts";

/** Of names that are not there, beside the limit of all (RFC 7208 §4.6.4). */
const MOST_VOID_LOOKUPS = 2;
/** Of one `mx`, the same section. */
const MOST_EXCHANGERS = 10;

/** What a receiver meets that finds no match before the end: the worst case, and that of every forged message. */
export interface SpfLookups {
  /** Terms that cause DNS questions, in the record and in all that it includes; no more than one over the limit is counted. */
  readonly lookups: number;
  /** Why receivers would give up with a permanent error; undefined where they would not. */
  readonly trouble: string | undefined;
  /** What could not be asked; undefined where everything was. */
  readonly unknown: string | undefined;
}

/**
 * Counts the look-ups of an SPF record through `include` and `redirect`. Nothing more is asked once the limit is passed; what a macro
 * makes of the sender is counted and not followed.
 */
export async function countSpfLookups(
  domain: string,
  text: string,
  resolve: World["resolve"],
): Promise<SpfLookups> {
  const walk = new Walk(resolve);
  await walk.follow(domain, text, [domain.toLowerCase()]);
  return walk.result();
}

class Walk {
  readonly #resolve: World["resolve"];
  readonly #empty: string[] = [];
  readonly #troubles: string[] = [];
  #lookups = 0;
  #unknown: string | undefined;

  constructor(resolve: World["resolve"]) {
    this.#resolve = resolve;
  }

  result(): SpfLookups {
    const lookups = Math.min(this.#lookups, MAX_SPF_LOOKUPS + 1);
    return { lookups, trouble: this.#trouble(lookups), unknown: this.#unknown };
  }

  #trouble(lookups: number): string | undefined {
    // First of all: past the limit it is a matter of luck what else was seen.
    if (lookups > MAX_SPF_LOOKUPS)
      return `needs more than ${MAX_SPF_LOOKUPS} DNS look-ups with what it includes`;
    const [trouble] = this.#troubles.toSorted();
    if (trouble !== undefined) return trouble;
    return this.#empty.length > MOST_VOID_LOOKUPS
      ? `asks for ${this.#empty.length} names that are not there: ${this.#empty.toSorted().join(", ")}`
      : undefined;
  }

  /** @param path the records on the way here, from the domain's own */
  async follow(domain: string, text: string, path: readonly string[]): Promise<void> {
    const terms = lookupTerms(text);
    this.#lookups += terms.length;
    if (this.#lookups > MAX_SPF_LOOKUPS) return;
    await Promise.all(terms.map((term) => this.#ask(term, term.domain ?? domain, path)));
  }

  async #ask({ name, text }: LookupTerm, target: string, path: readonly string[]): Promise<void> {
    if (target.includes("%") || this.#lookups > MAX_SPF_LOOKUPS) return;
    switch (name) {
      case "include":
      case "redirect":
        return this.#enter(text, target, path);
      case "a":
      case "exists": {
        const answer = await this.#resolve(target, "A");
        if (answer.state !== "absent") return this.#hear(target, answer);
        return this.#hear(target, name === "a" ? await this.#resolve(target, "AAAA") : answer);
      }
      case "mx": {
        const answer = await this.#resolve(target, "MX");
        this.#hear(target, answer);
        if (answer.state === "found" && answer.data.length > MOST_EXCHANGERS) {
          this.#troubles.push(`${text}: more than ${MOST_EXCHANGERS} exchangers`);
        }
        return;
      }
      // Of the sender's address.
      case "ptr":
    }
  }

  async #enter(term: string, target: string, path: readonly string[]): Promise<void> {
    if (path.includes(target)) {
      this.#troubles.push(`${term} leads back to ${target} itself`);
      return;
    }
    const answer = await this.#resolve(target, "TXT");
    this.#hear(target, answer);
    if (answer.state === "unknown") return;
    const records = answer.state === "found" ? answer.data.filter(isSpf) : [];
    const [record] = records;
    if (record === undefined || records.length > 1) {
      // RFC 7208 §5.2 and §6.1: without a record there, and with two, the whole is in error.
      this.#troubles.push(
        `${term}: ${record === undefined ? "no" : "more than one"} SPF record at ${target}`,
      );
      return;
    }
    await this.follow(target, record, [...path, target]);
  }

  /** An empty answer is worth as much as a name that does not exist (RFC 7208 §4.6.4). */
  #hear(target: string, answer: Resolution): void {
    if (answer.state === "absent") this.#empty.push(target);
    if (answer.state === "unknown") this.#unknown ??= `${target}: ${answer.reason}`;
  }
}

interface LookupTerm {
  readonly name: "include" | "redirect" | "a" | "mx" | "exists" | "ptr";
  /** As it stands in the record. */
  readonly text: string;
  /** In lower case; undefined for the record's own. */
  readonly domain: string | undefined;
}

/** Returns the terms that cost a look-up, in their order: nothing behind `all`, and no `redirect` beside it (RFC 7208 §5.1, §6.1). */
function lookupTerms(text: string): readonly LookupTerm[] {
  const parts = text.trim().split(/\s+/).slice(1);
  const end = parts.findIndex((part) => /^[-+~?]?all$/i.test(part));
  return parts.flatMap((part, index): readonly LookupTerm[] => {
    const { qualifier, name, rest } = splitTerm(part);
    const isRedirect = name === "redirect";
    const isTerm = isRedirect ? qualifier === "" && rest.startsWith("=") : /^(?:[:/]|$)/.test(rest);
    const isReached = end < 0 || (!isRedirect && index < end);
    if (!SPF_LOOKUP_TERMS.has(name) || !isTerm || !isReached) return [];
    const [target = ""] = rest.replace(/^[:=]/, "").toLowerCase().split("/");
    const domain = target.replace(/\.$/, "");
    return [{ name: name as LookupTerm["name"], text: part, domain: domain === "" ? undefined : domain }];
  });
}
