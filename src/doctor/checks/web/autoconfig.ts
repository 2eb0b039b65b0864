import { readAutoconfig } from "../../../clients/parsers/found-settings.ts";
import type { Check } from "../check.ts";
import { autoconfigRequests } from "./document-requests.ts";
import { expectedServers, showServers } from "./expected-servers.ts";
import type { Place, Verdict } from "./judge-answer.ts";
import { lookAtPlaces } from "../look-at-places.ts";
import { placeOf } from "../place-of.ts";
import { emptyElements, readAutoconfigServers } from "./read-servers.ts";

/** Fetches autoconfig wherever clients look for it, and reads it as the strictest of them does. */
export const checkAutoconfig: Check = {
  name: "autoconfig",
  run: async (subject) => {
    const { mailbox, spec } = subject;
    const placeholder = spec?.username === "localPart" ? "%EMAILLOCALPART%" : "%EMAILADDRESS%";
    const expected = spec === undefined ? undefined : showServers(expectedServers(spec, placeholder));
    return lookAtPlaces(subject, autoconfigRequests(mailbox), await placeOf(subject, "autoconfig"), {
      code: () => "autoconfig-document",
      expected: () => expected,
      // Where https has the document, nobody needs it over http: silence and a redirect there are no fault.
      strictness: ({ url }, place) => (url.startsWith("http:") && place === "ours" ? "label" : place),
      judgeText,
    });
  },
};

function judgeText(text: string, expected: string | undefined, place: Place): Verdict {
  const loose = readAutoconfigServers(text);
  const strict = readAutoconfig(text);
  const empty = emptyElements(text);
  if (loose === undefined || loose.length === 0) {
    return {
      status: "fail",
      observed: "a document without a mail server that clients could read",
      remedy: "Publish a document with hostname, port, socketType and username of each server.",
    };
  }
  const observed = showServers(strict ?? loose);
  if (empty.length > 0) {
    return {
      status: "fail",
      observed: `empty: ${empty.join(", ")}; ${observed}`,
      remedy: "Remove the empty elements: clients take them for values.",
    };
  }
  if (strict === undefined) {
    return {
      status: place === "ours" ? "fail" : "warn",
      observed: `${observed}; refused as a whole by Thunderbird for Android`,
      remedy: "Write SSL or STARTTLS and password-cleartext for every server, without spaces.",
    };
  }
  return expected === undefined || place === "provider" || observed === expected
    ? { status: "pass", observed }
    : {
        status: "fail",
        observed,
        remedy: "Publish the settings of the spec, or wait a minute for the edge's cache.",
      };
}
