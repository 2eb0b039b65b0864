import { readAutodiscoverPox } from "../../../clients/parsers/found-settings.ts";
import { parsePox } from "../../../clients/parsers/pox-document.ts";
import type { Check } from "../check.ts";
import { poxRequests, spelledPoxRequests } from "./document-requests.ts";
import { expectedServers, showServers } from "./expected-servers.ts";
import type { Place, Verdict } from "./judge-answer.ts";
import { lookAtPlaces } from "../look-at-places.ts";
import { placeOf } from "../place-of.ts";
import { emptyElements, readPoxServers } from "./read-servers.ts";

/** Asks for Autodiscover POX as Outlook, Thunderbird and Delta Chat do, and reads the answer as the strictest of them does. */
export const checkAutodiscover: Check = {
  name: "autodiscover",
  run: async (subject) => {
    const { mailbox, spec } = subject;
    const label = await placeOf(subject, "autodiscover");
    // Who serves nothing of ours is asked no more than clients ask.
    const spelled = label === "ours" ? spelledPoxRequests(mailbox) : [];
    const login = spec?.username === "localPart" ? mailbox.localPart : mailbox.address;
    return lookAtPlaces(subject, [...poxRequests(mailbox), ...spelled], label, {
      code: (place) => (place === "apex" ? "apex" : "autodiscover-document"),
      // A bare GET names nobody, and is told no login.
      expected: ({ method }) =>
        spec === undefined ? undefined : showServers(expectedServers(spec, method === "POST" ? login : "")),
      judgeText,
    });
  },
};

function judgeText(text: string, expected: string | undefined, place: Place): Verdict {
  const document = parsePox(text);
  if (document === undefined) {
    return {
      status: "fail",
      observed: "XML that is no answer of Autodiscover",
      remedy: "Answer 404, or with an Autodiscover document.",
    };
  }
  if (document.errorCode !== undefined || place === "provider") {
    const observed = document.errorCode === undefined ? "a document" : `error ${document.errorCode}`;
    const isWrong = place === "ours";
    return isWrong
      ? { status: "fail", observed, remedy: "Publish the settings of the domain." }
      : { status: "pass", observed };
  }
  const strict = readAutodiscoverPox(text);
  const observed = showServers(strict ?? readPoxServers(text) ?? []);
  const empty = emptyElements(text);
  if (empty.length > 0) {
    return {
      status: "fail",
      observed: `empty: ${empty.join(", ")}`,
      remedy: "Remove the empty elements: clients take them for values.",
    };
  }
  if (strict === undefined) return judgeLoose(text, observed, place);
  return expected === undefined || observed === expected
    ? { status: "pass", observed }
    : {
        status: "fail",
        observed,
        remedy: "Publish the settings of the spec, or wait a minute for the edge's cache.",
      };
}

/** Exchange's own answer has no mail protocol: not ours to judge. */
function judgeLoose(text: string, observed: string, place: Place): Verdict {
  const protocols = parsePox(text)?.protocols ?? [];
  const isExchange = protocols.some(({ type }) => ["EXCH", "EXPR", "EXHTTP", "WEB"].includes(type));
  if (isExchange && place !== "ours") return { status: "pass", observed: "settings of an Exchange server" };
  return {
    status: place === "ours" ? "fail" : "warn",
    observed: observed === "" ? "no mail server" : `${observed}; not as Outlook reads it`,
    remedy: "Write SPA off, SSL on, and an Encryption that says SSL for implicit TLS or TLS for STARTTLS.",
  };
}
