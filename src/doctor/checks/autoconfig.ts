import { readAutoconfig } from "../../clients/found-settings.ts";
import type { Finding } from "../finding.ts";
import type { Check, CheckSubject } from "./check.ts";
import { autoconfigRequests, type DocumentRequest } from "./document-requests.ts";
import { expectedServers, showServers } from "./expected-servers.ts";
import { isXmlType, judgeAnswer, type Place, type Verdict } from "./judge-answer.ts";
import { placeOf } from "./place-of.ts";
import { emptyElements, readAutoconfigServers } from "./read-servers.ts";

/** Fetches autoconfig wherever clients look for it, and reads it as the strictest of them does. */
export const checkAutoconfig: Check = {
  name: "autoconfig",
  run: async (subject) => {
    const label = await placeOf(subject, "autoconfig");
    return Promise.all(
      autoconfigRequests(subject.mailbox).map((asked) =>
        checkOne(subject, asked, asked.at === "apex" ? "apex" : label),
      ),
    );
  },
};

async function checkOne(subject: CheckSubject, { request }: DocumentRequest, place: Place): Promise<Finding> {
  const { spec, world } = subject;
  const isPlain = request.url.startsWith("http:");
  const placeholder = spec?.username === "localPart" ? "%EMAILLOCALPART%" : "%EMAILADDRESS%";
  const expected = spec === undefined ? undefined : showServers(expectedServers(spec, placeholder));
  const base = { code: "autoconfig-document", subject: `${request.method} ${request.url}` } as const;
  const response = await world.request(request);
  // Where https has the document, nobody needs it over http: silence and a redirect there are no fault.
  const verdict = judgeAnswer(
    response,
    request.url,
    isPlain && place === "ours" ? "label" : place,
    isXmlType,
  );
  if (verdict !== undefined) {
    const who = place === "label" ? { code: "discovery-host" as const } : {};
    return {
      ...base,
      ...who,
      ...(place === "ours" && expected !== undefined ? { expected } : {}),
      ...verdict,
    };
  }
  const text = response.state === "answered" ? response.body : "";
  return { ...base, ...(expected === undefined ? {} : { expected }), ...judgeText(text, expected, place) };
}

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
