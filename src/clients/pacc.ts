import { paccName } from "../dns/pacc-record.ts";
import { answerWords } from "./world/answer-words.ts";
import { askDocument } from "./ladder/ask-document.ts";
import { conclude, type Ending } from "./ladder/conclude.ts";
import type { ClientModel, Discovery, Mailbox } from "./ladder/discovery.ts";
import { isVouchedFor, parsePacc, type PaccDocument } from "./parsers/pacc-document.ts";
import { serverWords } from "./world/server-words.ts";
import { Trace } from "./ladder/trace.ts";
import type { World } from "./world/world.ts";

/** No source says how long readers wait; the same as Thunderbird. */
const TIMEOUT_MS = 5000;

/**
 * A program that reads PACC (draft-ietf-mailmaint-pacc, the protocol of the drafts up to -03): one JSON document over https,
 * and a digest of its bytes in DNS. Without a digest that matches it takes nothing.
 */
export const pacc: ClientModel = { name: "pacc", title: "PACC reader", isBestEffort: false, discover };

async function discover(mailbox: Mailbox, world: World): Promise<Discovery> {
  const trace = Trace.begin(world);
  const url = `https://ua-auto-config.${mailbox.domain}/.well-known/user-agent-configuration.json`;
  const { response, judgement } = await askDocument<PaccDocument>(trace, {
    what: "PACC",
    request: { method: "GET", url, timeoutMs: TIMEOUT_MS },
    redirects: { most: 0 },
    judge: (response) => {
      const value = response.status === 200 ? parsePacc(response.body) : undefined;
      return value === undefined
        ? { effect: "passed", answer: answerWords(response) }
        : {
            effect: "passed",
            answer: `${serverWords(value.incoming, value.outgoing)}; to be vouched for`,
            value,
          };
    },
  });
  const value = judgement?.value;
  const document = response.state === "answered" ? (response.bytes ?? response.body) : "";
  const ending = value === undefined ? {} : await vouch(trace, mailbox, value, document);
  return conclude("pacc", trace, mailbox, {
    ...ending,
    source: ending.incoming === undefined ? undefined : url,
  });
}

async function vouch(
  trace: Trace,
  { address, domain }: Mailbox,
  { incoming, outgoing, takesPassword }: PaccDocument,
  document: Uint8Array | string,
): Promise<Ending> {
  const name = paccName(domain);
  const answer = await trace.resolve("digest", name, "TXT");
  if (answer.state === "unknown") return {};
  const target = `${name} TXT`;
  if (answer.state === "absent" || !isVouchedFor(document, answer.data)) {
    const reason =
      answer.state === "absent"
        ? "no digest vouches for the document"
        : "the document's digest is none of those in DNS";
    trace.note("digest", target, { answer: reason, effect: "ended" });
    return { outcome: "failed" };
  }
  if (!takesPassword) {
    trace.note("digest", target, { answer: "matches; but the account takes no password", effect: "ended" });
    return {};
  }
  if (incoming === undefined || outgoing === undefined) {
    trace.note("digest", target, { answer: "matches; but no account of mail is in it", effect: "ended" });
    return {};
  }
  trace.note("digest", target, { answer: "matches the document", effect: "used" });
  return { incoming, outgoing, username: address };
}
