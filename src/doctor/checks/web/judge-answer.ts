import type { RequestFailure, WorldResponse } from "../../../clients/world/world.ts";
import { secondsWords } from "../../client-words.ts";
import type { Finding } from "../../finding.ts";
import { edgeTrouble } from "./edge-trouble.ts";
import { oldTlsTrouble, tlsTrouble } from "../tls-trouble.ts";

export type Verdict = Pick<Finding, "status" | "observed" | "remedy">;

/**
 * Whose answer it is. `ours`: a document has to be there. `label`: a discovery name at which nobody has to answer, but no
 * stranger may. `apex`: the domain's own web site, asked by the way. `provider`: a mail provider's discovery, with logins and names
 * of its own.
 */
export type Place = "ours" | "label" | "apex" | "provider";

/** True where a trusted host gave something: status 200, whatever its type. */
export function isTrusted200(
  response: WorldResponse,
): response is Extract<WorldResponse, { readonly state: "answered" }> {
  return response.state === "answered" && response.status === 200 && response.tlsError === undefined;
}

/**
 * Says what an answer does to clients that ask for a document; undefined where it may be one, trusted and with status 200, so that
 * its text has the word.
 *
 * @param isDocument says whether the content type is one that clients read as the document
 */
export function judgeAnswer(
  response: WorldResponse,
  url: string,
  place: Place,
  isDocument: (contentType: string) => boolean,
): Verdict | undefined {
  const { hostname: host, protocol } = new URL(url);
  if (response.state === "failed")
    return judgeFailure(response, host, place, protocol === "https:" ? 443 : 80);
  if (place === "provider") return judgeProvider(response, isDocument);
  const isHttps = protocol === "https:";
  if (response.tlsError !== undefined) {
    const { words, remedy } = tlsTrouble(response.tlsError, host);
    return { status: place === "apex" ? "warn" : "fail", observed: words, remedy };
  }
  const { status, headers } = response;
  if (status === 401 || status === 407) {
    return {
      // Over plain HTTP no client sends a password.
      status: isHttps ? "fail" : "warn",
      observed: `HTTP ${status}: asks for a password`,
      remedy: `Remove what answers at ${url} with ${status}: clients send it the mailbox password.`,
    };
  }
  if (REDIRECTS.has(status)) return judgeRedirect(status, headers["location"], url, place);
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "none";
  if (status === 200 && isDocument(type)) return undefined;
  if (status >= 200 && status < 300) {
    const what = status === 200 ? `content type ${type}` : "no document";
    return {
      status: place === "apex" || !isHttps ? "warn" : "fail",
      observed: `HTTP ${status}, ${what}`,
      remedy: DOCUMENT.test(response.body)
        ? `Serve the document at ${url} with its own content type: clients read it with no other.`
        : `Answer 404 at ${url} where there is no document: clients take any answer of success for one.`,
    };
  }
  const edge = place === "apex" ? undefined : edgeTrouble(response, host);
  if (edge !== undefined) {
    return { status: place === "ours" ? "fail" : "warn", observed: edge.words, remedy: edge.remedy };
  }
  return judgeRefusal(status, url, place);
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** How the documents begin that clients look for: XML, JSON, MTA-STS, a profile. */
const DOCUMENT = /<(clientConfig|Autodiscover|plist)[\s>]|^\s*\{|^version:\s*STSv1/;

/** A server that is broken, overrun or guarded by a filter for robots answers so, and a client finds nothing there. */
const TROUBLE: ReadonlySet<number> = new Set([403, 429, 500, 502, 503, 504]);

function judgeRefusal(status: number, url: string, place: Place): Verdict {
  const observed = `HTTP ${status}`;
  if (place === "ours") return { status: "fail", observed, remedy: `Publish the document at ${url}.` };
  return place === "label" && TROUBLE.has(status)
    ? { status: "warn", observed, remedy: `Let ${url} answer with a document, or with 404.` }
    : { status: "pass", observed };
}

/** Words of silence: never "missing". */
function judgeFailure(
  response: Extract<WorldResponse, { state: "failed" }>,
  host: string,
  place: Place,
  port: number,
): Verdict {
  const { kind, reason, tlsProtocol, ms } = response;
  const isOurs = place === "ours";
  const calm = (observed: string): Verdict =>
    isOurs
      ? { status: "fail", observed, remedy: `Check the record, the route and the server of ${host}.` }
      : { status: "pass", observed };
  switch (kind) {
    case "absent":
      return calm("no such name");
    case "refused":
      return calm(`nothing listens on port ${port}`);
    case "timeout":
      return {
        status: "unknown",
        observed: `does not answer within ${secondsWords(ms)}`,
        remedy: `Let ${host} answer, or remove its address: each client waits for it.`,
      };
    case "not-allowed":
      return {
        status: isOurs ? "fail" : "warn",
        observed: reason,
        remedy: `Give ${host} a public address, or allow private ones for a closed network.`,
      };
    case "unresolved":
    case "unknown":
    case "unreachable":
      return {
        status: "unknown",
        observed: `${UNKNOWN_WORDS[kind]}: ${reason}`,
        remedy: "Look again later.",
      };
    case "tls-failed":
    case "protocol-error":
    case "too-large":
    case "invalid-url": {
      const old = oldTlsTrouble(tlsProtocol, host);
      return {
        status: isOurs ? "fail" : "warn",
        observed: old?.words ?? `${FAULT_WORDS[kind]}: ${reason}`,
        remedy: old?.remedy ?? faultRemedy(kind, host),
      };
    }
  }
}

type Fault = Extract<RequestFailure, "tls-failed" | "protocol-error" | "too-large" | "invalid-url">;

const FAULT_WORDS: Readonly<Record<Fault, string>> = {
  "tls-failed": "no TLS",
  "protocol-error": "answers otherwise than in HTTP",
  "too-large": "no document",
  "invalid-url": "nothing that could be asked",
};

function faultRemedy(kind: Fault, host: string): string {
  switch (kind) {
    case "tls-failed":
      return `Offer TLS 1.2 or newer for ${host}, or remove its address.`;
    case "too-large":
      return `Answer with a document of a few kB at ${host}, or with 404.`;
    case "protocol-error":
    case "invalid-url":
      return `Let ${host} answer in HTTP, or remove its address.`;
  }
}

const UNKNOWN_WORDS: Readonly<
  Record<Extract<RequestFailure, "unresolved" | "unknown" | "unreachable">, string>
> = {
  unresolved: "could not be looked up",
  unknown: "not known",
  unreachable: "not to be reached from here",
};

/** A redirect keeps to the document, or leads to a home page that clients then take for it. */
function judgeRedirect(status: number, location: string | undefined, url: string, place: Place): Verdict {
  const from = new URL(url);
  const target = location === undefined ? null : URL.parse(location, url);
  const observed = `HTTP ${status} to ${target?.href ?? "nowhere"}`;
  const isSamePath = target?.pathname.toLowerCase() === from.pathname.toLowerCase();
  const isUpgrade = from.protocol === "http:" && target?.protocol === "https:";
  if (target?.protocol === "https:" && isSamePath && (place !== "ours" || isUpgrade)) {
    return { status: "pass", observed };
  }
  if (place === "apex") return { status: "pass", observed };
  return {
    status: from.protocol === "http:" ? "warn" : "fail",
    observed,
    remedy: `Remove the redirect at ${url}: it leads away from the document.`,
  };
}

/** A provider's own discovery may ask for a password, which is the mailbox's there, and may bear the provider's name alone. */
function judgeProvider(
  response: Extract<WorldResponse, { state: "answered" }>,
  isDocument: (contentType: string) => boolean,
): Verdict | undefined {
  const type = response.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "none";
  if (response.tlsError === undefined && response.status === 200 && isDocument(type)) return undefined;
  const trust = response.tlsError === undefined ? "" : `, certificate of the provider (${response.tlsError})`;
  return { status: "pass", observed: `HTTP ${response.status} of the mail provider${trust}` };
}

/**
 * Leaves out what is said of a URL already: a stranger's answer is the same with the address and without, to POST and to GET. Each
 * document of ours is its own.
 */
export function withoutRepetition<F extends Finding>(findings: readonly F[], place: Place): readonly F[] {
  if (place === "ours") return findings;
  const said = new Set<string>();
  return findings.filter(({ observed, status, subject }) => {
    const url = subject.replace(/^\S+ /, "").replace(/\?.*$/, "");
    const key = `${url} ${status} ${observed ?? ""}`;
    if (status === "pass" || !said.has(key)) {
      said.add(key);
      return true;
    }
    return false;
  });
}

/** A stranger's answer where no client sends a password and few look: what fails elsewhere is worth a warning. */
export function mild(verdict: Verdict): Verdict {
  return verdict.status === "fail" ? { ...verdict, status: "warn" } : verdict;
}

/** XML as Thunderbird and Outlook know it. */
export function isXmlType(type: string): boolean {
  return /^(text|application)\/xml$/.test(type);
}
