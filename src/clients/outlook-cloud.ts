import { answerWords } from "./world/answer-words.ts";
import { conclude } from "./ladder/conclude.ts";
import type { ClientModel, Discovery, Mailbox } from "./ladder/discovery.ts";
import { followRedirects } from "./ladder/follow-redirects.ts";
import { memoWorld } from "./world/memo-world.ts";
import { Trace } from "./ladder/trace.ts";
import type { World } from "./world/world.ts";

/** What the service is asked to spend in all: `timeout=13.5` of its public requests. */
const TIMEOUT_MS = 13_500;

/** As other HTTP libraries; nothing is known of the service's own limit. */
const MOST_REDIRECTS = 10;

/**
 * The new Outlook, Outlook for phones and the simplified wizard of the classic one: a service of Microsoft's (AutoDetect)
 * looks for the settings, from a database that nobody outside can see. What it is known to fetch is Autodiscover V2, which
 * has no word for IMAP; so an IMAP account of a domain that Microsoft does not list ends with servers typed by hand
 * (reports: gromox #257, autodiscover-email-settings #18).
 */
export const outlookCloud: ClientModel = {
  name: "outlook-cloud",
  title: "Outlook (new, mobile)",
  isBestEffort: true,
  discover,
};

async function discover(mailbox: Mailbox, asked: World): Promise<Discovery> {
  const { address, domain } = mailbox;
  const trace = Trace.begin(memoWorld(asked));
  trace.note("Microsoft's database", "AutoDetect", {
    answer: "not asked: only Microsoft knows what it holds",
    effect: "passed",
  });
  trace.assume(`Microsoft's database (AutoDetect) does not list ${domain}`);
  const query = `Email=${encodeURIComponent(address)}&Protocol=ActiveSync&RedirectCount=1`;
  await followRedirects(
    trace,
    "Autodiscover V2",
    {
      method: "GET",
      url: `https://autodiscover.${domain}/autodiscover/autodiscover.json?${query}`,
      timeoutMs: TIMEOUT_MS,
    },
    { most: MOST_REDIRECTS },
    (response) => {
      const url = response.state === "answered" && response.status === 200 ? urlIn(response.body) : undefined;
      return {
        answer:
          url === undefined ? `${answerWords(response)}: no ActiveSync` : `ActiveSync at ${url}, no IMAP`,
        effect: "passed",
      };
    },
  );
  // Whatever came: V2 cannot carry IMAP, so that nothing unknown could have changed the end.
  return conclude("outlook-cloud", trace, mailbox, { outcome: "manual" });
}

/** The `Url` of a V2 answer (MS-OXDISCO, Autodiscover V2): an HTTP endpoint of the protocol that was asked for. */
function urlIn(body: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    const url = typeof answer === "object" && answer !== null && "Url" in answer ? answer.Url : undefined;
    return typeof url === "string" ? url : undefined;
  } catch {
    return undefined;
  }
}
