import { createHash } from "node:crypto";
import { isVouchedFor } from "../../../clients/parsers/pacc-document.ts";
import type { WorldResponse } from "../../../clients/world/world.ts";
import { paccName } from "../../../dns/pacc-record.ts";
import { deriveClientSettings } from "../../../documents/client-settings.ts";
import type { Finding } from "../../finding.ts";
import type { Check, CheckSubject } from "../check.ts";
import { paccRequest } from "./document-requests.ts";
import { isTrusted200, judgeAnswer, mild, type Place } from "./judge-answer.ts";
import { placeOf } from "../place-of.ts";

/** Looks at the document of PACC and at the record that vouches for its bytes (draft-ietf-mailmaint-pacc). */
export const checkPacc: Check = {
  name: "pacc",
  run: async (subject) => {
    const { mailbox, spec, world } = subject;
    const wanted = spec === undefined ? undefined : deriveClientSettings(spec).pacc;
    const published = await placeOf(subject, "ua-auto-config");
    const place = spec !== undefined && published === "ours" && wanted === undefined ? "label" : published;
    const request = paccRequest(mailbox);
    const response = await world.request(request);
    const document = checkDocument(response, request.url, place, wanted);
    const isServed = document.status === "pass" && isTrusted200(response);
    return [document, ...(await checkDigest(subject, response, isServed))];
  },
};

function checkDocument(
  response: WorldResponse,
  url: string,
  place: Place,
  wanted: string | undefined,
): Finding {
  const verdict = judgeAnswer(response, url, place, (type) => type === "application/json");
  const code = place === "label" && verdict !== undefined ? "discovery-host" : "pacc-document";
  const base = { code, subject: `GET ${url}` } as const;
  if (verdict !== undefined) return { ...base, ...(place === "label" ? mild(verdict) : verdict) };
  const text = response.state === "answered" ? response.body : "";
  const expected = wanted === undefined ? undefined : protocolsOf(wanted);
  const observed = protocolsOf(text);
  if (observed === undefined) {
    return {
      ...base,
      status: "fail",
      observed: "no JSON with authentication.password and protocols",
      remedy: "Publish the document as draft-ietf-mailmaint-pacc wants it.",
    };
  }
  if (expected === undefined || place !== "ours" || observed === expected) {
    return { ...base, status: "pass", ...(expected === undefined ? {} : { expected }), observed };
  }
  return {
    ...base,
    status: "fail",
    expected,
    observed,
    remedy: "Publish the settings of the spec, or wait a minute for the edge's cache.",
  };
}

/** Returns the servers of a document in a stable order; undefined where it is none. Members that are not known are nobody's fault. */
function protocolsOf(text: string): string | undefined {
  try {
    const { authentication, protocols } = JSON.parse(text) as {
      authentication?: { password?: unknown };
      protocols?: Readonly<Record<string, { host?: unknown; url?: unknown }>>;
    };
    if (typeof authentication?.password !== "boolean" || protocols === undefined) return undefined;
    return Object.entries(protocols)
      .map(([name, place]) => `${name} ${String(place.host ?? place.url)}`)
      .toSorted()
      .join(", ");
  } catch {
    return undefined;
  }
}

async function checkDigest(
  { domain, spec, world }: CheckSubject,
  response: WorldResponse,
  isServed: boolean,
): Promise<readonly Finding[]> {
  const name = paccName(domain);
  const answer = await world.resolve(name, "TXT");
  const base = { code: "pacc-digest", subject: `${name} TXT` } as const;
  if (answer.state === "unknown") {
    return [{ ...base, status: "unknown", observed: answer.reason, remedy: "Look again later." }];
  }
  const digests =
    answer.state === "found" ? answer.data.filter((text) => /^\s*v\s*=\s*UAAC1\s*(;|$)/.test(text)) : [];
  if (!isServed) {
    if (digests.length === 0) return [{ ...base, status: "pass", observed: "none, and no document" }];
    const isUnknown =
      response.state === "failed" && response.kind !== "absent" && response.kind !== "refused";
    return [
      isUnknown
        ? {
            ...base,
            status: "unknown",
            observed: "the document could not be read",
            remedy: "Look again later.",
          }
        : {
            ...base,
            status: "fail",
            observed: "a digest without its document",
            remedy: "Publish the document, or remove the record.",
          },
    ];
  }
  const bytes = response.state === "answered" ? (response.bytes ?? response.body) : "";
  const served = createHash("sha256").update(bytes).digest("base64");
  const expected = `v=UAAC1; a=sha256; d=${served}`;
  if (isVouchedFor(bytes, digests)) return [{ ...base, status: "pass", expected, observed: served }];
  const isOptional = digests.length === 0 && spec === undefined;
  return [
    {
      ...base,
      status: isOptional ? "warn" : "fail",
      expected,
      observed: digests.join(", ") || "none",
      remedy: "Publish the record of the bytes that are served now.",
    },
  ];
}
