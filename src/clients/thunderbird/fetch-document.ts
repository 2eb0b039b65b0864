import { answerWords, isNotKnown } from "../world/answer-words.ts";
import { followRedirects } from "../ladder/follow-redirects.ts";
import type { Reading, Trace } from "../ladder/trace.ts";
import type { WorldRequest, WorldResponse } from "../world/world.ts";
import { parseXmlTree } from "../parsers/xml-tree.ts";

/** Default of `FetchHTTP.sys.mjs`. */
export const FETCH_TIMEOUT_MS = 5000;

/** `network.http.redirection-limit` of Gecko. */
const MOST_REDIRECTS = 20;

const XML_TYPES: readonly string[] = ["text/xml", "application/xml", "text/rdf"];
const JSON_TYPES: readonly string[] = ["text/json", "application/json"];

/** What counts as a successful fetch, whether it is of any use or not. */
export interface FetchedBody {
  /** Undefined where the content type made it a mere text: no reader of settings finds anything in that. */
  readonly xml: string | undefined;
  /** `HTTP 200 text/html` */
  readonly words: string;
}

export interface FetchResult {
  /** Of the last request. */
  readonly url: string;
  readonly wasRedirected: boolean;
  /** Undefined where the fetch failed. */
  readonly body: FetchedBody | undefined;
  /** Of the last answer; undefined where none came over a trusted connection. */
  readonly status: number | undefined;
  /** True where the world could not say. */
  readonly isUnknown: boolean;
  /** True where Thunderbird would have sent the password, and the world did not. */
  readonly isPasswordWithheld: boolean;
}

/**
 * Fetches as Thunderbird does (`FetchHTTP.sys.mjs`): redirects anywhere, trusted certificates only, any status 2xx is
 * success, and the content type alone says whether it is XML. Malformed XML of an XML type is a failure; a page or an
 * empty body of another type is a success.
 */
export async function fetchDocument(
  trace: Trace,
  what: string,
  request: WorldRequest,
  judge: (body: FetchedBody, url: string) => Reading,
): Promise<FetchResult> {
  let body: FetchedBody | undefined;
  const { url, response, wasRedirected } = await followRedirects(
    trace,
    what,
    request,
    { most: MOST_REDIRECTS },
    (answer, url) => {
      body = bodyOf(answer);
      return body === undefined ? { answer: answerWords(answer), effect: "passed" } : judge(body, url);
    },
  );
  const isTrusted = response.state === "answered" && response.tlsError === undefined;
  if (request.withPassword === true && (wasRedirected || isTrusted)) trace.sendPassword(request.url);
  return {
    url,
    wasRedirected,
    body,
    status: isTrusted ? response.status : undefined,
    isUnknown: isNotKnown(response),
    isPasswordWithheld: response.state === "answered" && response.isPasswordWithheld === true,
  };
}

function bodyOf(answer: WorldResponse): FetchedBody | undefined {
  if (answer.state === "failed" || answer.tlsError !== undefined) return undefined;
  if (answer.status < 200 || answer.status > 299) return undefined;
  const type = answer.headers["content-type"] ?? "";
  const words = answerWords(answer);
  if (XML_TYPES.some((known) => type.startsWith(known))) {
    return parseXmlTree(answer.body) === undefined ? undefined : { xml: answer.body, words };
  }
  if (JSON_TYPES.some((known) => type.startsWith(known)) && !isJson(answer.body)) return undefined;
  return { xml: undefined, words };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
