import { createHash } from "node:crypto";
import { answerWords } from "../world/answer-words.ts";
import { askDocument } from "../ladder/ask-document.ts";
import { assumeAbsent } from "../ladder/assume-absent.ts";
import { autoconfigUrl, ispdbUrl, wellKnownAutoconfigUrl } from "../ladder/autoconfig-urls.ts";
import { conclude } from "../ladder/conclude.ts";
import type { ClientModel, ClientServer, Discovery, Mailbox } from "../ladder/discovery.ts";
import { FAKE_USER, readEvolutionAutoconfig } from "./evolution-autoconfig.ts";
import { askMailService, MAIL_SERVICES, type MailService } from "../ladder/mail-services.ts";
import { mxHosts } from "../ladder/mx-hosts.ts";
import { Trace } from "../ladder/trace.ts";
import type { World, WorldResponse } from "../world/world.ts";

/** `timeout` of its HTTP sessions (`e-mail-autoconfig.c`). */
const TIMEOUT_MS = 15_000;
/** libsoup's own limit. */
const MOST_REDIRECTS = 20;

/**
 * The priorities of results, lowest first, as seen in 3.46: SRV goes before autoconfig, IMAP before POP3. The source of
 * newer versions gives SRV 100 more than autoconfig instead of 100 less (`e-srv-config-lookup.c`).
 */
const AUTOCONFIG_PRIORITY = { imap: 1000, pop3: 2000, submission: 1000 } as const;
const SRV_ADVANTAGE = 100;
/** Added for a service that is not TLS from the first byte. */
const STARTTLS_HANDICAP = 50;
/** Evolution's own words for the protocols. */
const BACKENDS = { imap: "imapx", pop3: "pop", submission: "smtp" } as const;

/**
 * Evolution (3.46, watched on the wire): several workers beside one another, of which mail is what SRV and autoconfig find.
 * The best result of each kind is what its assistant offers. Another worker looks for calendars and sends the mailbox
 * password to the mail domain's web site.
 */
export const evolution: ClientModel = {
  name: "evolution",
  title: "Evolution",
  isBestEffort: false,
  discover,
};

interface Candidate {
  readonly server: ClientServer;
  readonly priority: number;
  readonly username: string | undefined;
  readonly source: string;
}

async function discover(mailbox: Mailbox, world: World): Promise<Discovery> {
  const trace = Trace.begin(world);
  const [services, documents, web] = [trace.fork(), trace.fork(), trace.fork()];
  const known = await askServices(services, mailbox);
  const candidates = [...known, ...(await askAutoconfig(documents, mailbox, known))];
  const isUncertain = trace.isUncertain;
  const incoming = best(candidates, ({ protocol }) => protocol !== "submission");
  const outgoing = best(candidates, ({ protocol }) => protocol === "submission");
  const isFound = incoming !== undefined && outgoing !== undefined;
  if (isFound) assumeAbsent(trace);
  await askWebDav(web, mailbox.domain);
  trace.join(services, documents, web);
  if (candidates.length > 0) {
    trace.note("choice", mailbox.address, {
      answer: candidateWords(candidates),
      effect: isFound ? "used" : "passed",
    });
  }
  return conclude("evolution", trace, mailbox, {
    incoming: incoming?.server,
    outgoing: outgoing?.server,
    username: isFound ? incoming.username : undefined,
    source: isFound ? incoming.source : undefined,
    outcome: isFound ? "configured" : isUncertain ? "unknown" : "manual",
  });
}

async function askServices(trace: Trace, { address, domain }: Mailbox): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const service of Object.keys(MAIL_SERVICES) as MailService[]) {
    for (const server of await askMailService(trace, service, domain)) {
      const { protocol, tls, source } = server;
      const handicap = tls === "implicit" ? 0 : STARTTLS_HANDICAP;
      const priority = AUTOCONFIG_PRIORITY[protocol] - SRV_ADVANTAGE + handicap;
      candidates.push({ server, priority, username: address, source });
    }
  }
  return candidates;
}

/** The mail domain; where the last answer was a 404, the first MX host and the names above it (`e-mail-autoconfig.c`). */
async function askAutoconfig(
  trace: Trace,
  mailbox: Mailbox,
  known: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const first = await askPlaces(trace, mailbox, mailbox.domain, known);
  if (!first.isNotFound) return first.candidates;
  const [host] = await mxHosts(trace, mailbox.domain);
  for (let name = host ?? ""; name.includes("."); name = name.slice(name.indexOf(".") + 1)) {
    const { candidates, isNotFound } = await askPlaces(trace, mailbox, name, known);
    if (!isNotFound) return candidates;
  }
  return [];
}

interface PlacesAnswer {
  /** Of the first answer that is XML. */
  readonly candidates: readonly Candidate[];
  /** True where there is none, and the last place answered 404. */
  readonly isNotFound: boolean;
}

async function askPlaces(
  trace: Trace,
  mailbox: Mailbox,
  domain: string,
  known: readonly Candidate[],
): Promise<PlacesAnswer> {
  const md5 = createHash("md5").update(mailbox.address.toLowerCase(), "utf8").digest("hex");
  const fake = encodeURIComponent(`${FAKE_USER}@${mailbox.domain}`);
  const query = `?emailaddress=${fake}&emailmd5=${md5}`;
  const places = [
    ["autoconfig", `${autoconfigUrl("https", domain)}${query}`],
    ["autoconfig", `${autoconfigUrl("http", domain)}${query}`],
    ["autoconfig", `${wellKnownAutoconfigUrl("https", domain)}${query}`],
    ["ISPDB", ispdbUrl(domain)],
  ] as const;
  let last: WorldResponse | undefined;
  for (const [what, url] of places) {
    const asked = await askDocument<readonly Candidate[]>(trace, {
      what,
      request: { method: "GET", url, timeoutMs: TIMEOUT_MS },
      redirects: { most: MOST_REDIRECTS },
      judge: (response) => {
        const isGood = response.status >= 200 && response.status < 300;
        const servers = isGood ? readEvolutionAutoconfig(response.body, mailbox) : undefined;
        if (servers === undefined) {
          return { effect: "passed", answer: `${answerWords(response)}${isGood ? ", no XML" : ""}` };
        }
        const value = servers.map(({ username, ...server }) => {
          return { server, priority: AUTOCONFIG_PRIORITY[server.protocol], username, source: url };
        });
        if (value.length === 0)
          return { effect: "ended", answer: "XML without servers, taken as the last word", value };
        return {
          effect: isOfUse(value, known) ? "used" : "passed",
          answer: candidateWords(value),
          value,
        };
      },
    });
    const found = asked.judgement?.value?.map((candidate) => ({ ...candidate, source: asked.url }));
    if (found !== undefined) return { candidates: found, isNotFound: false };
    last = asked.response;
  }
  return { candidates: [], isNotFound: last?.state === "answered" && last.status === 404 };
}

/** True where a result of the list is the best of its kind, in spite of those known before. */
function isOfUse(found: readonly Candidate[], known: readonly Candidate[]): boolean {
  const all = [...known, ...found];
  return [true, false].some((isSending) => {
    const chosen = best(all, ({ protocol }) => (protocol === "submission") === isSending);
    return chosen !== undefined && found.includes(chosen);
  });
}

/** The PROPFIND asks for calendars; the password goes with the first one, before anybody has asked for it. */
async function askWebDav(trace: Trace, domain: string): Promise<void> {
  const url = `https://${domain}/`;
  const response = await trace.request(
    "WebDAV",
    { method: "PROPFIND", url, headers: { depth: "0" }, withPassword: true, timeoutMs: TIMEOUT_MS },
    (answer) => ({
      answer: isTrusted(answer)
        ? `${answerWords(answer)}; gets the mailbox password at once`
        : answerWords(answer),
      effect: "passed",
    }),
  );
  if (isTrusted(response)) trace.sendPassword(url);
}

function isTrusted(response: WorldResponse): boolean {
  return response.state === "answered" && response.tlsError === undefined;
}

function best(
  candidates: readonly Candidate[],
  isOfKind: (server: ClientServer) => boolean,
): Candidate | undefined {
  return candidates.filter(({ server }) => isOfKind(server)).toSorted((a, b) => a.priority - b.priority)[0];
}

/** The results in Evolution's words: what is received with before what is sent with. */
function candidateWords(candidates: readonly Candidate[]): string {
  const isSending = ({ server }: Candidate): boolean => server.protocol === "submission";
  return [...candidates.filter((each) => !isSending(each)), ...candidates.filter(isSending)]
    .map(({ server, priority }) => `${BACKENDS[server.protocol]} ${server.host}:${server.port} p${priority}`)
    .join("; ");
}
