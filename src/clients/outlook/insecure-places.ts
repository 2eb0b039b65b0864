import { answerWords } from "../world/answer-words.ts";
import type { Ending } from "../ladder/conclude.ts";
import { redirectTarget } from "../ladder/follow-redirects.ts";
import type { Trace } from "../ladder/trace.ts";
import type { OutlookPost } from "./outlook-post.ts";

/**
 * The step over plain HTTP: a GET, whose 301 or 302 to an https URL is followed after a question (unless the target is on
 * an administrator's list). A document given here is never taken.
 */
export async function askRedirect(
  trace: Trace,
  domain: string,
  post: OutlookPost,
): Promise<Ending | undefined> {
  const url = `http://autodiscover.${domain}/autodiscover/autodiscover.xml`;
  let target: string | undefined;
  await trace.request("redirect", { method: "GET", url }, (response) => {
    const isFollowed = response.state === "answered" && [301, 302].includes(response.status);
    target = isFollowed ? redirectTarget(response, url) : undefined;
    if (target?.startsWith("https:") !== true) target = undefined;
    return {
      answer: target === undefined ? answerWords(response) : `sends on to ${target}`,
      effect: "passed",
    };
  });
  if (target === undefined) return undefined;
  promptRedirect(trace, target, domain);
  return post.ask(target);
}

/** The SRV step: only a record with port 443 counts; the place that it names is asked after a question. */
export async function askService(
  trace: Trace,
  domain: string,
  post: OutlookPost,
): Promise<Ending | undefined> {
  const answer = await trace.resolve("SRV", `_autodiscover._tcp.${domain}`, "SRV");
  const [best] = (answer.state === "found" ? answer.data : [])
    .map((line) => line.split(" "))
    .filter(([, , port, host]) => port === "443" && host !== undefined && host !== ".")
    .toSorted(([a, v], [b, w]) => Number(a) - Number(b) || Number(w) - Number(v));
  const host = best?.[3];
  if (host === undefined) return undefined;
  const url = `https://${host}/autodiscover/autodiscover.xml`;
  promptRedirect(trace, url, domain);
  return post.ask(url);
}

function promptRedirect(trace: Trace, target: string, domain: string): void {
  trace.prompt({
    kind: "redirect",
    target,
    text: `Outlook asks whether ${new URL(target).hostname} may configure the account of ${domain}.`,
  });
}
