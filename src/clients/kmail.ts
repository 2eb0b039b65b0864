import { answerWords } from "./world/answer-words.ts";
import { askDocument, type AnsweredResponse, type Judgement } from "./ladder/ask-document.ts";
import { assumeAbsent } from "./ladder/assume-absent.ts";
import { parseAutoconfig, portOf, type AutoconfigServer } from "./parsers/autoconfig-document.ts";
import { autoconfigUrl, ispdbUrl, wellKnownAutoconfigUrl } from "./ladder/autoconfig-urls.ts";
import { conclude, fillPlaceholders } from "./ladder/conclude.ts";
import type { ClientModel, ClientServer, Discovery, Mailbox } from "./ladder/discovery.ts";
import { serverWords } from "./world/server-words.ts";
import { Trace } from "./ladder/trace.ts";
import type { World } from "./world/world.ts";

/** Qt's transfer time-out. */
const TIMEOUT_MS = 30_000;
const MOST_REDIRECTS = 50;

/**
 * KMail's account wizard (`ispdbservice.cpp`): Thunderbird's database first, then the domain's own places. Only a status
 * other than 200 makes it go on: a page that is no autoconfig ends the search.
 */
export const kmail: ClientModel = { name: "kmail", title: "KMail", isBestEffort: false, discover };

interface Settings {
  readonly incoming: ClientServer;
  readonly outgoing: ClientServer | undefined;
  readonly username: string;
}

async function discover(mailbox: Mailbox, world: World): Promise<Discovery> {
  const trace = Trace.begin(world);
  const { domain } = mailbox;
  const places = [
    ["ISPDB", ispdbUrl(domain)],
    ["autoconfig", autoconfigUrl("https", domain)],
    ["autoconfig", autoconfigUrl("http", domain)],
    ["autoconfig", wellKnownAutoconfigUrl("https", domain)],
  ] as const;
  for (const [what, url] of places) {
    const { url: source, judgement } = await askDocument<Settings>(trace, {
      what,
      request: { method: "GET", url, timeoutMs: TIMEOUT_MS },
      // Qt's default policy: never from https to http.
      redirects: {
        most: MOST_REDIRECTS,
        accepts: (from, to) => !from.startsWith("https:") || to.startsWith("https:"),
      },
      judge: (response) => judge(response, mailbox),
    });
    if (judgement?.value !== undefined) {
      if (judgement.value.outgoing !== undefined) assumeAbsent(trace);
      return conclude("kmail", trace, mailbox, { ...judgement.value, source });
    }
    if (judgement?.effect === "ended") break;
  }
  return conclude("kmail", trace, mailbox, {});
}

function judge(response: AnsweredResponse, mailbox: Mailbox): Judgement<Settings> {
  if (response.status !== 200) return { effect: "passed", answer: answerWords(response) };
  const value = read(response.body, mailbox);
  if (value === undefined)
    return { effect: "ended", answer: `${answerWords(response)}, no settings: the search ends here` };
  return { effect: "used", answer: serverWords(value.incoming, value.outgoing), value };
}

/**
 * The first IMAP server, or POP3; of the outgoing ones that of the "highest" socket type, of which none is highest
 * (`configurationmodel.cpp`: `SSL`, `STARTTLS`, none). An unknown socket type is `SSL`; a server without a port is dropped.
 */
function read(text: string, mailbox: Mailbox): Settings | undefined {
  const document = parseAutoconfig(text);
  const servers = (all: readonly AutoconfigServer[], type: string): readonly AutoconfigServer[] =>
    all.filter((server) => server.type === type && server.port !== undefined);
  const incoming = [
    ...servers(document?.incoming ?? [], "imap"),
    ...servers(document?.incoming ?? [], "pop3"),
  ][0];
  if (incoming === undefined) return undefined;
  const outgoing = servers(document?.outgoing ?? [], "smtp").toSorted(
    (a, b) => SOCKET_ORDER.indexOf(tlsOf(b)) - SOCKET_ORDER.indexOf(tlsOf(a)),
  )[0];
  return {
    incoming: toServer(incoming.type === "imap" ? "imap" : "pop3", incoming, mailbox),
    outgoing: outgoing === undefined ? undefined : toServer("submission", outgoing, mailbox),
    username: incoming.username ?? "",
  };
}

const SOCKET_ORDER: readonly ClientServer["tls"][] = ["implicit", "starttls", "plain"];

function tlsOf({ socketTypes }: AutoconfigServer): ClientServer["tls"] {
  const known = socketTypes.findLast((word) => ["plain", "SSL", "STARTTLS"].includes(word));
  return known === "plain" ? "plain" : known === "STARTTLS" ? "starttls" : "implicit";
}

function toServer(
  protocol: ClientServer["protocol"],
  server: AutoconfigServer,
  mailbox: Mailbox,
): ClientServer {
  const host = fillPlaceholders(server.hostname ?? "", mailbox);
  return { protocol, host, port: portOf(server.port?.trim()) ?? 0, tls: tlsOf(server) };
}
