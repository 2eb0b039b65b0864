import { askDocument, type Judgement } from "./ladder/ask-document.ts";
import { answerWords } from "./world/answer-words.ts";
import { assumeAbsent } from "./ladder/assume-absent.ts";
import { autoconfigUrl, ispdbUrl, wellKnownAutoconfigUrl } from "./ladder/autoconfig-urls.ts";
import { conclude } from "./ladder/conclude.ts";
import {
  readDeltaChatAutoconfig,
  readDeltaChatPox,
  type DeltaChatServer,
} from "./parsers/deltachat-documents.ts";
import type { ClientModel, ClientServer, Discovery, Mailbox } from "./ladder/discovery.ts";
import { firstTrustedServer, type SecureServer } from "./ladder/probe-servers.ts";
import { Trace } from "./ladder/trace.ts";
import type { World } from "./world/world.ts";

/** `net::TIMEOUT` of the core, for each connection. */
const TIMEOUT_MS = 60_000;
/** Redirects of HTTP that are followed, and `RedirectUrl`s in documents (`configure/auto_outlook.rs`). */
const MOST_REDIRECTS = 10;
const MOST_DOCUMENTS = 10;

const USUAL_PORTS = {
  imap: { implicit: 993, starttls: 143 },
  submission: { implicit: 465, starttls: 587 },
} as const;

/**
 * Delta Chat (core 2.57, watched on the wire; `src/configure.rs`): one place after another, by GET over https alone. What
 * parses without an error ends the search, a web page of status 200 among it; whatever is missing then is guessed. No
 * certificate that is not trusted is ever accepted, and no person asked. After a failure the core asks everything again for
 * the text of its log, which the times here leave out.
 */
export const deltaChat: ClientModel = {
  name: "deltachat",
  title: "Delta Chat",
  isBestEffort: false,
  discover,
};

interface Found {
  readonly servers: readonly DeltaChatServer[];
  readonly url: string;
}

async function discover(mailbox: Mailbox, world: World): Promise<Discovery> {
  const trace = Trace.begin(world);
  const found = await search(trace, mailbox);
  const servers = found?.servers ?? [];
  if (servers.length > 0) assumeAbsent(trace);
  const reading = trace.fork();
  const sending = trace.fork();
  const incoming = await settle(reading, "imap", servers, mailbox);
  const outgoing = await settle(sending, "submission", servers, mailbox);
  trace.join(reading, sending);
  const isFound = incoming !== undefined && outgoing !== undefined;
  if (isFound && servers.length === 0) assumeAbsent(trace);
  return conclude("deltachat", trace, mailbox, {
    incoming,
    outgoing,
    username: isFound
      ? (servers.find(({ protocol }) => protocol === "imap")?.username ?? mailbox.address)
      : undefined,
    source: servers.length > 0 ? found?.url : isFound ? "guess" : undefined,
  });
}

/** Undefined: nothing that parses anywhere. */
async function search(trace: Trace, mailbox: Mailbox): Promise<Found | undefined> {
  const { domain, address } = mailbox;
  const query = `?emailaddress=${encodeAddress(address)}`;
  const read = (text: string): readonly DeltaChatServer[] | undefined =>
    readDeltaChatAutoconfig(text, mailbox);
  return (
    (await ask(trace, "autoconfig", `${autoconfigUrl("https", domain)}${query}`, read)) ??
    (await ask(trace, "autoconfig", wellKnownAutoconfigUrl("https", domain), read)) ??
    (await ask(trace, "POX", `https://${domain}/autodiscover/autodiscover.xml`, readDeltaChatPox)) ??
    (await ask(
      trace,
      "POX",
      `https://autodiscover.${domain}/autodiscover/autodiscover.xml`,
      readDeltaChatPox,
    )) ??
    (await ask(trace, "ISPDB", ispdbUrl(domain), read))
  );
}

async function ask(
  trace: Trace,
  what: string,
  start: string,
  read: (text: string) => readonly DeltaChatServer[] | string | undefined,
): Promise<Found | undefined> {
  let url = start;
  for (let left = MOST_DOCUMENTS; left > 0; left -= 1) {
    const { url: last, judgement } = await askDocument<readonly DeltaChatServer[] | string>(trace, {
      what,
      request: { method: "GET", url, timeoutMs: TIMEOUT_MS },
      redirects: { most: MOST_REDIRECTS },
      judge: (response) => {
        const isGood = response.status >= 200 && response.status < 300;
        const value = isGood ? read(response.body) : undefined;
        if (value !== undefined) return judge(value);
        return {
          effect: "passed",
          answer: isGood ? `${answerWords(response)}, no XML` : answerWords(response),
        };
      },
    });
    const value = judgement?.value;
    if (value === undefined) return undefined;
    if (typeof value !== "string") return { servers: value, url: last };
    if (!URL.canParse(value)) return undefined;
    url = value;
  }
  return undefined;
}

function judge(value: readonly DeltaChatServer[] | string): Judgement<readonly DeltaChatServer[] | string> {
  if (typeof value === "string") return { effect: "passed", answer: `RedirectUrl ${value}`, value };
  if (value.length === 0)
    return { effect: "ended", answer: "an answer without servers, taken as the last word", value };
  return {
    effect: "used",
    answer: value.map(({ protocol, host, port }) => `${protocol} ${host}:${port}`).join(", "),
    value,
  };
}

/** A document's first server of a protocol; without one, the first guess that answers with a trusted certificate. */
async function settle(
  trace: Trace,
  protocol: DeltaChatServer["protocol"],
  servers: readonly DeltaChatServer[],
  { domain }: Mailbox,
): Promise<ClientServer | undefined> {
  const server = servers.find((each) => each.protocol === protocol);
  const ports = USUAL_PORTS[protocol];
  const at = (host: string, tls: SecureServer["tls"], port: number): SecureServer => ({
    protocol,
    host,
    port,
    tls,
  });
  if (server === undefined) {
    const label = protocol === "imap" ? "imap" : "smtp";
    const guesses = [`${label}.${domain}`, `mail.${domain}`, domain].flatMap((host) => [
      at(host, "implicit", ports.implicit),
      at(host, "starttls", ports.starttls),
    ]);
    return firstTrustedServer(trace, "guess", guesses, TIMEOUT_MS);
  }
  const { host, port, socket } = server;
  if (socket !== "automatic") {
    const usual = socket === "implicit" ? ports.implicit : ports.starttls;
    return { protocol, host, port: port === 0 ? usual : port, tls: socket };
  }
  const tried = [
    at(host, "implicit", port === 0 ? ports.implicit : port),
    at(host, "starttls", port === 0 ? ports.starttls : port),
  ];
  const answering = await firstTrustedServer(trace, "TLS or STARTTLS", tried, TIMEOUT_MS);
  if (answering !== undefined) return answering;
  const tls = port === ports.starttls ? "starttls" : "implicit";
  const usual = { protocol, host, port: port === 0 ? ports.implicit : port, tls } as const;
  trace.assume(`${host}:${usual.port} speaks ${tls === "implicit" ? "TLS from the first byte" : "STARTTLS"}`);
  return usual;
}

/** Everything but ASCII letters, digits and dots is escaped: some servers echo `%2E` (comment in `configure.rs`). */
function encodeAddress(address: string): string {
  return Array.from(new TextEncoder().encode(address), (octet) => {
    const character = String.fromCharCode(octet);
    return /[A-Za-z0-9.]/.test(character)
      ? character
      : `%${octet.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}
