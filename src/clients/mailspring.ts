import { answerWords } from "./world/answer-words.ts";
import { askDocument } from "./ladder/ask-document.ts";
import { assumeAbsent } from "./ladder/assume-absent.ts";
import {
  parseAutoconfig,
  portOf,
  socketTypeOf,
  type AutoconfigServer,
} from "./parsers/autoconfig-document.ts";
import { autoconfigUrl, wellKnownAutoconfigUrl } from "./ladder/autoconfig-urls.ts";
import { conclude, type Ending } from "./ladder/conclude.ts";
import type { ClientModel, ClientServer, Discovery, Mailbox } from "./ladder/discovery.ts";
import { firstTrustedServer } from "./ladder/probe-servers.ts";
import { serverWords } from "./world/server-words.ts";
import { Trace } from "./ladder/trace.ts";
import type { World } from "./world/world.ts";

/** What the browser engine gives a request; a person waits no longer. */
const TIMEOUT_MS = 60_000;
const MOST_REDIRECTS = 20;

/**
 * Mailspring (`onboarding-helpers.ts`): the https place, then the one at the mail domain, without the address; then
 * `imap.` and `smtp.` at the ports of TLS, which it tries before it makes the account. Its own templates of providers, which
 * go before all, and its copy of Thunderbird's database are not part of the world.
 */
export const mailspring: ClientModel = {
  name: "mailspring",
  title: "Mailspring",
  isBestEffort: false,
  discover,
};

async function discover(mailbox: Mailbox, world: World): Promise<Discovery> {
  const trace = Trace.begin(world);
  const ending = (await askPlaces(trace, mailbox)) ?? (await guess(trace, mailbox));
  if (ending !== undefined) assumeAbsent(trace);
  return conclude("mailspring", trace, mailbox, ending ?? {});
}

async function askPlaces(trace: Trace, { address, localPart, domain }: Mailbox): Promise<Ending | undefined> {
  for (const url of [autoconfigUrl("https", domain), wellKnownAutoconfigUrl("https", domain)]) {
    const { url: source, judgement } = await askDocument<Ending>(trace, {
      what: "autoconfig",
      request: { method: "GET", url, timeoutMs: TIMEOUT_MS },
      redirects: { most: MOST_REDIRECTS },
      judge: (response) => {
        const isGood = response.status >= 200 && response.status < 300;
        const value = isGood ? read(response.body) : undefined;
        return value === undefined
          ? { effect: "passed", answer: answerWords(response) }
          : { effect: "used", answer: serverWords(value.incoming, value.outgoing), value };
      },
    });
    const value = judgement?.value;
    if (value !== undefined) {
      return { ...value, username: value.username === "%EMAILLOCALPART%" ? localPart : address, source };
    }
  }
  return undefined;
}

async function guess(trace: Trace, { address, domain }: Mailbox): Promise<Ending | undefined> {
  const incoming = await firstTrustedServer(
    trace,
    "guess",
    [{ protocol: "imap", host: `imap.${domain}`, port: 993, tls: "implicit" }],
    TIMEOUT_MS,
  );
  const outgoing = await firstTrustedServer(
    trace,
    "guess",
    [{ protocol: "submission", host: `smtp.${domain}`, port: 465, tls: "implicit" }],
    TIMEOUT_MS,
  );
  if (incoming === undefined || outgoing === undefined) return undefined;
  return { incoming, outgoing, username: address, source: "guess" };
}

function read(text: string): Ending | undefined {
  const document = parseAutoconfig(text);
  const imap = document?.incoming.find(({ type }) => type === "imap");
  const smtp = document?.outgoing.find(({ type }) => type === "smtp");
  if (imap === undefined || smtp === undefined) return undefined;
  return {
    incoming: toServer("imap", imap),
    outgoing: toServer("submission", smtp),
    username: imap.username,
  };
}

function toServer(protocol: ClientServer["protocol"], server: AutoconfigServer): ClientServer {
  const tls = socketTypeOf(server.socketTypes[0] ?? "") ?? "plain";
  return { protocol, host: server.hostname ?? "", port: portOf(server.port) ?? 0, tls };
}
