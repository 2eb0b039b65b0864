import type { Finding } from "../../finding.ts";
import type { Check, CheckSubject } from "../check.ts";
import { jsonRequests, plainAutodiscover } from "./document-requests.ts";
import { judgeAnswer } from "./judge-answer.ts";
import { placeOf } from "../place-of.ts";

/** Outlook's step over plain HTTP, and the JSON of Autodiscover V2, both only where a document of ours is at their end. */
export const checkAutodiscoverVariants: Check = {
  name: "autodiscover-variants",
  run: async (subject) => {
    if ((await placeOf(subject, "autodiscover")) !== "ours") return [];
    return Promise.all([
      checkRedirect(subject),
      ...jsonRequests(subject.mailbox).map(({ url }) => checkJson(subject, url)),
    ]);
  },
};

/** Outlook wants 301 or 302 to https there (support.microsoft.com 3211279). */
async function checkRedirect({ mailbox, world }: CheckSubject): Promise<Finding> {
  const request = plainAutodiscover(mailbox);
  const target = request.url.replace("http:", "https:");
  const expected = `301 or 302 to ${target}`;
  const base = { code: "http-redirect", subject: `GET ${request.url}`, expected } as const;
  const response = await world.request(request);
  if (response.state === "failed") {
    const isUnknown = ["timeout", "unresolved", "unknown", "unreachable"].includes(response.kind);
    return {
      ...base,
      status: isUnknown ? "unknown" : "warn",
      observed: `${response.kind}: ${response.reason}`,
      remedy: "Let port 80 redirect to https.",
    };
  }
  const { location } = response.headers;
  const observed = `HTTP ${response.status}${location === undefined ? "" : ` to ${location}`}`;
  const isRight = [301, 302].includes(response.status) && location === target;
  return isRight
    ? { ...base, status: "pass", observed }
    : { ...base, status: "fail", observed, remedy: "Remove the redirect rule that answers first." };
}

async function checkJson({ mailbox, world }: CheckSubject, url: string): Promise<Finding> {
  const place = `https://autodiscover.${mailbox.domain}/autodiscover/autodiscover.xml`;
  const base = { code: "autodiscover-json", subject: `GET ${url}`, expected: place } as const;
  const response = await world.request({ method: "GET", url });
  const verdict = judgeAnswer(response, url, "ours", (type) => type === "application/json");
  if (verdict !== undefined) return { ...base, ...verdict };
  const found = urlOf(response.state === "answered" ? response.body : "");
  return found === place
    ? { ...base, status: "pass", observed: found }
    : {
        ...base,
        status: "fail",
        observed: found ?? "no JSON with a Url",
        remedy: `Name ${place} as the Url of AutodiscoverV1.`,
      };
}

function urlOf(text: string): string | undefined {
  try {
    const { Url } = JSON.parse(text) as { Url?: unknown };
    return typeof Url === "string" ? Url : undefined;
  } catch {
    return undefined;
  }
}
