import { absenceOf } from "../ladder/assume-absent.ts";
import { baseDomain } from "../ladder/base-domain.ts";
import type { Mailbox } from "../ladder/discovery.ts";
import { firstInRank, type Attempt, type Race } from "../ladder/first-in-rank.ts";
import { renderPoxRequest } from "../ladder/pox-request.ts";
import { serverWords } from "../world/server-words.ts";
import type { Reading, Trace } from "../ladder/trace.ts";
import type { WorldRequest } from "../world/world.ts";
import { FETCH_TIMEOUT_MS, fetchDocument, type FetchResult } from "./fetch-document.ts";
import { documentReading } from "./found-account.ts";
import { readPox, type PoxAccount } from "./read-pox.ts";

/** Before it asks whether it may go to another domain, Thunderbird waits for a better answer. */
const PATIENCE_MS = 2000;

/** Other domains that are gone to without a question (`kSafeDomains`). */
const SAFE_DOMAINS: readonly string[] = ["office365.com", "outlook.com"];

export interface ExchangeOptions {
  /** True in the second run, once a person has given the password. */
  readonly withPassword: boolean;
  /** False where autoconfig has settings: then this track can only add Exchange. */
  readonly isOpen: boolean;
}

export interface ExchangeAnswer extends Attempt<PoxAccount & { readonly source: string }> {
  /** The URLs that answered 401, where no place of the track was a success: Thunderbird takes that for a wrong password. */
  readonly refusals: readonly string[];
  /** True where the world did not send the password that Thunderbird would have sent. */
  readonly isPasswordWithheld: boolean;
}

/** What the track asks before it knows anything. */
export function exchangeRequests(mailbox: Mailbox, withPassword: boolean): readonly WorldRequest[] {
  const { secure, plain } = placesOf(mailbox.domain);
  return [...secure.map((url) => poxRequest(url, mailbox, withPassword)), poxRequest(plain, mailbox, false)];
}

export function autodiscoverService(domain: string): string {
  return `_autodiscover._tcp.${domain}`;
}

/**
 * Runs `fetchConfigFromExchange`: four places at once, the first success in rank is the answer, of use or not. Thunderbird
 * always waits for its end. Basic goes only over https, and with the first request.
 */
export async function askExchange(
  trace: Trace,
  mailbox: Mailbox,
  { withPassword, isOpen }: ExchangeOptions,
): Promise<ExchangeAnswer> {
  const track = new ExchangeTrack(mailbox, withPassword, isOpen);
  const { secure, plain } = placesOf(mailbox.domain);
  const { value, assumptions } = await firstInRank<Success>(trace, [
    ...secure.map((url) => (branch: Trace, race: Race) => track.ask(branch, race, url)),
    (branch, race) => track.askPlain(branch, race, plain),
    (branch, race) => track.askService(branch, race),
  ]);
  return {
    value: value?.account,
    assumptions,
    refusals: value === undefined ? track.refusals : [],
    isPasswordWithheld: track.isPasswordWithheld,
  };
}

interface Success {
  readonly account: (PoxAccount & { readonly source: string }) | undefined;
}

class ExchangeTrack {
  readonly refusals: string[] = [];
  isPasswordWithheld = false;
  readonly #mailbox: Mailbox;
  readonly #withPassword: boolean;
  readonly #isOpen: boolean;

  constructor(mailbox: Mailbox, withPassword: boolean, isOpen: boolean) {
    this.#mailbox = mailbox;
    this.#withPassword = withPassword;
    this.#isOpen = isOpen;
  }

  async ask(trace: Trace, race: Race, url: string): Promise<Attempt<Success>> {
    const [first, success] = await this.#post(trace, race, url, this.#withPassword);
    // A redirect loses body and password, and is repeated with both where it fails (`fetchHTTP`, isRetry).
    const isRepeated = this.#withPassword && first.wasRedirected && first.body === undefined;
    if (!isRepeated || first.status === undefined) return this.#attempt(first, success);
    const isSecure = first.url.startsWith("https:");
    return this.#attempt(...(await this.#post(trace, race, first.url, isSecure)));
  }

  /** Over http a redirect is followed as GET, and a success of that is taken without a question. */
  async askPlain(trace: Trace, race: Race, url: string): Promise<Attempt<Success>> {
    const [first, success] = await this.#post(trace, race, url, false);
    const isFailedRedirect = first.body === undefined && first.status !== undefined && first.wasRedirected;
    if (!isFailedRedirect || !first.url.startsWith("https:")) return this.#attempt(first, success);
    return this.#askUnsafe(trace, race, first.url);
  }

  /** Sorted by weight, the lightest first; priority and port do not matter. */
  async askService(trace: Trace, race: Race): Promise<Attempt<Success>> {
    const name = autodiscoverService(this.#mailbox.domain);
    const answer = await trace.resolve("SRV", name, "SRV");
    const assumptions = answer.state === "unknown" ? [absenceOf(`${name} SRV`)] : [];
    const [lightest] = (answer.state === "found" ? answer.data : [])
      .map((line) => line.split(" "))
      .toSorted(([, a], [, b]) => Number(a) - Number(b));
    const host = lightest?.[3] ?? ".";
    if (host === "." || race.decidedMs <= trace.elapsedMs) return { value: undefined, assumptions };
    return this.#askUnsafe(trace, race, secureUrl(host));
  }

  /** A place that came from DNS or over http: in another domain it is asked only after a person's consent, given here. */
  async #askUnsafe(trace: Trace, race: Race, url: string): Promise<Attempt<Success>> {
    const domain = baseDomain(new URL(url).hostname);
    const isForeign = domain !== baseDomain(this.#mailbox.domain) && !SAFE_DOMAINS.includes(domain ?? "");
    if (isForeign) {
      if (race.decidedMs <= trace.elapsedMs + PATIENCE_MS) return { value: undefined, assumptions: [] };
      trace.wait(PATIENCE_MS);
      trace.prompt({
        kind: "redirect",
        target: url,
        text: `Thunderbird asks whether it may go on to ${domain ?? url} for the settings of ${this.#mailbox.domain}.`,
      });
    }
    return this.ask(trace, race, url);
  }

  async #post(
    trace: Trace,
    race: Race,
    url: string,
    withPassword: boolean,
  ): Promise<[FetchResult, Success | undefined]> {
    let success: Success | undefined;
    const request = poxRequest(url, this.#mailbox, withPassword);
    const result = await fetchDocument(trace, "POX", request, ({ xml, words }, source) => {
      const account = xml === undefined ? undefined : readPox(xml, this.#mailbox);
      success = { account: account === undefined ? undefined : { ...account, source } };
      return poxReading(account, words, this.#isOpen && race.isOpen);
    });
    return [result, success];
  }

  #attempt(result: FetchResult, success: Success | undefined): Attempt<Success> {
    if (result.status === 401) this.refusals.push(result.url);
    if (result.isPasswordWithheld) this.isPasswordWithheld = true;
    return { value: success, assumptions: result.isUnknown ? [absenceOf(`POST ${result.url}`)] : [] };
  }
}

function poxReading(account: PoxAccount | undefined, words: string, isOpen: boolean): Reading {
  if (account === undefined) return documentReading(undefined, words, { isOpen, endsRace: true });
  const { incoming, outgoing } = account;
  if (incoming !== undefined)
    return documentReading({ ...account, incoming, outgoing }, words, { isOpen, endsRace: true });
  return { answer: `Exchange only ${serverWords(outgoing)}`.trimEnd(), effect: isOpen ? "used" : "passed" };
}

function placesOf(domain: string): { readonly secure: readonly string[]; readonly plain: string } {
  return {
    secure: [secureUrl(`autodiscover.${domain}`), secureUrl(domain)],
    plain: `http://autodiscover.${domain}/autodiscover/autodiscover.xml`,
  };
}

function secureUrl(host: string): string {
  return `https://${host}/autodiscover/autodiscover.xml`;
}

function poxRequest(url: string, { address }: Mailbox, withPassword: boolean): WorldRequest {
  return {
    method: "POST",
    url,
    headers: { "content-type": "text/xml; charset=utf-8" },
    body: renderPoxRequest(address),
    timeoutMs: FETCH_TIMEOUT_MS,
    ...(withPassword ? { withPassword } : {}),
  };
}
