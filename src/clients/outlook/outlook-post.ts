import { answerWords } from "../world/answer-words.ts";
import type { Ending } from "../ladder/conclude.ts";
import type { Mailbox } from "../ladder/discovery.ts";
import { redirectTarget } from "../ladder/follow-redirects.ts";
import { renderPoxRequest } from "../ladder/pox-request.ts";
import { serverWords } from "../world/server-words.ts";
import type { Reading, Trace } from "../ladder/trace.ts";
import type { WorldResponse } from "../world/world.ts";
import { readPox, type PoxReading } from "./read-pox.ts";

/** Redirects of any kind on the way (MS-OXDISCO and MSDOC speak of ten). */
const MOST_HOPS = 10;

/** What one request came to. */
type Step =
  | { readonly kind: "over" }
  | { readonly kind: "ending"; readonly ending: Ending }
  | { readonly kind: "next"; readonly url: string }
  /** `isWithheld`: the world did not send the password that Outlook would have sent. */
  | { readonly kind: "refused"; readonly isWithheld: boolean };

/**
 * The POST of Autodiscover at https places, with what a person sees and where the password goes. No time-out of Outlook's
 * is documented: a silent host costs what the world gives it.
 */
export class OutlookPost {
  readonly #trace: Trace;
  readonly #mailbox: Mailbox;

  constructor(trace: Trace, mailbox: Mailbox) {
    this.#trace = trace;
    this.#mailbox = mailbox;
  }

  /**
   * Asks one place and where it leads. Returns undefined where Outlook goes on to its next place: after a certificate
   * warning too, which is taken to be answered with No.
   */
  async ask(url: string): Promise<Ending | undefined> {
    let current = url;
    for (let hops = 0; hops <= MOST_HOPS; hops += 1) {
      let step = await this.#post(current, false);
      if (step.kind === "refused") step = await this.#postWithPassword(current);
      if (step.kind === "ending") return step.ending;
      if (step.kind !== "next") return undefined;
      current = step.url;
    }
    return undefined;
  }

  /** The wizard knows the password from its first page, and gives it to whoever answers 401 over trusted TLS. */
  async #postWithPassword(url: string): Promise<Step> {
    this.#trace.sendPassword(url);
    const step = await this.#post(url, true);
    if (step.kind !== "refused") return step;
    this.#trace.prompt({
      kind: "password",
      target: url,
      text: `Outlook asks for the password again, because ${url} answers 401 to it.`,
    });
    // What the right password gets there is not known where it was not sent.
    if (step.isWithheld) this.#trace.doubt();
    else this.#trace.assume(`${url} answers 401 to the right password, too`);
    return { kind: "over" };
  }

  async #post(url: string, withPassword: boolean): Promise<Step> {
    let step: Step = { kind: "over" };
    const request = {
      method: "POST",
      url,
      headers: { "content-type": "text/xml" },
      body: renderPoxRequest(this.#mailbox.address),
      ...(withPassword ? { withPassword } : {}),
    } as const;
    await this.#trace.request("POX", request, (response) => {
      const [reading, next] = this.#read(url, response);
      step = next;
      return reading;
    });
    return step;
  }

  #read(url: string, response: WorldResponse): [Reading, Step] {
    const words = answerWords(response);
    const passed = (answer: string, step: Step = { kind: "over" }): [Reading, Step] => [
      { answer, effect: "passed" },
      step,
    ];
    if (response.state === "failed") return passed(words);
    if (response.tlsError !== undefined) {
      this.#warnOfCertificate(url, response.tlsError);
      return passed(words);
    }
    if (response.status === 401) {
      return passed(words, { kind: "refused", isWithheld: response.isPasswordWithheld === true });
    }
    const target = [301, 302].includes(response.status) ? redirectTarget(response, url) : undefined;
    // What comes over trusted TLS is followed without a question, and never back to http.
    if (target?.startsWith("https:") === true) {
      return passed(`${response.status} to ${target}`, { kind: "next", url: target });
    }
    return response.status === 200
      ? this.#readBody(url, readPox(response.body, this.#mailbox), words)
      : passed(words);
  }

  #readBody(url: string, pox: PoxReading, words: string): [Reading, Step] {
    const passed = (answer: string, step: Step = { kind: "over" }): [Reading, Step] => [
      { answer, effect: "passed" },
      step,
    ];
    switch (pox.kind) {
      case "foreign":
        // A page for everything: seen as a warning about the document where the apex's certificate is good.
        this.#trace.prompt({
          kind: "document",
          target: url,
          text: `${url} answers with something else than Autodiscover (${words}).`,
        });
        return passed(`${words}: no Autodiscover`);
      case "empty":
        return passed(pox.reason);
      case "redirect":
        return pox.url.startsWith("https:")
          ? passed(`sends on to ${pox.url}`, { kind: "next", url: pox.url })
          : passed(`sends on to ${pox.url}, which is not https`);
      case "unusable":
        return [
          { answer: pox.reason, effect: "ended" },
          { kind: "ending", ending: { outcome: "failed", source: url } },
        ];
      case "settings": {
        const { incoming, outgoing, username } = pox;
        return [
          { answer: serverWords(incoming, outgoing), effect: "used" },
          { kind: "ending", ending: { incoming, outgoing, username, source: url } },
        ];
      }
    }
  }

  #warnOfCertificate(url: string, tlsError: string): void {
    const { hostname } = new URL(url);
    this.#trace.prompt({
      kind: "certificate",
      target: hostname,
      text: `Outlook warns of the certificate of ${hostname}: ${tlsError}.`,
    });
  }
}
