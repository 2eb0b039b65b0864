import { parseAppleProfile, type AppleProfile } from "./parsers/apple-profile.ts";
import { answerWords } from "./world/answer-words.ts";
import { askDocument } from "./ladder/ask-document.ts";
import { conclude } from "./ladder/conclude.ts";
import type { ClientModel, Discovery, Mailbox } from "./ladder/discovery.ts";
import { serverWords } from "./world/server-words.ts";
import { Trace } from "./ladder/trace.ts";
import type { World } from "./world/world.ts";

/** What the URL loading system gives a request. */
const TIMEOUT_MS = 60_000;
const MOST_REDIRECTS = 16;
const PROFILE_TYPE = "application/x-apple-aspen-config";

/**
 * Apple Mail. For IMAP it asks no place of the domain: neither SRV nor autoconfig nor Autodiscover, only Apple's own list of
 * large providers. What sets an account up is a configuration profile, once the person has opened its link; it is looked
 * for where our responder serves it. Calendars and address books are found by SRV (RFC 6764) when their accounts are made.
 */
export const apple: ClientModel = { name: "apple", title: "Apple Mail", isBestEffort: false, discover };

async function discover(mailbox: Mailbox, world: World): Promise<Discovery> {
  const trace = Trace.begin(world);
  const { address, domain } = mailbox;
  trace.note("address and password", address, {
    answer: "Mail asks nothing of the domain; without a profile the person types the servers",
    effect: "passed",
  });
  const { url, judgement } = await askDocument<AppleProfile>(trace, {
    what: "profile, when the person opens its link",
    request: {
      method: "GET",
      url: `https://autoconfig.${domain}/${domain}.mobileconfig`,
      timeoutMs: TIMEOUT_MS,
    },
    redirects: { most: MOST_REDIRECTS },
    judge: (response) => {
      const type = (response.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
      const isProfile = response.status === 200 && type === PROFILE_TYPE;
      const value = isProfile ? parseAppleProfile(response.body) : undefined;
      return value === undefined
        ? { effect: "passed", answer: answerWords(response) }
        : { effect: "used", answer: serverWords(value.incoming, value.outgoing), value };
    },
  });
  const profile = judgement?.value;
  const isUncertain = trace.isUncertain;
  if (profile?.isSigned === false) {
    trace.prompt({
      kind: "untrusted-source",
      target: url,
      text: "The profile is not signed: the device shows it as not verified. Install it?",
    });
  }
  for (const service of ["_caldavs", "_carddavs"]) {
    await trace.resolve("calendar and address book", `${service}._tcp.${domain}`, "SRV");
  }
  return conclude("apple", trace, mailbox, {
    incoming: profile?.incoming,
    outgoing: profile?.outgoing,
    username: profile === undefined ? undefined : (profile.username ?? address),
    source: profile === undefined ? undefined : url,
    outcome: profile !== undefined ? "configured" : isUncertain ? "unknown" : "manual",
  });
}
