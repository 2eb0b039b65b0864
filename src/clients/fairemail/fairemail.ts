import { getPublicSuffix } from "tldts";
import { answerWords } from "../world/answer-words.ts";
import { askDocument } from "../ladder/ask-document.ts";
import { assumeAbsent } from "../ladder/assume-absent.ts";
import { autoconfigUrl, ispdbUrl, wellKnownAutoconfigUrl } from "../ladder/autoconfig-urls.ts";
import { conclude } from "../ladder/conclude.ts";
import type { ClientModel, ClientServer, Discovery, Mailbox } from "../ladder/discovery.ts";
import {
  readFairEmailAutoconfig,
  readFairEmailPox,
  type FairEmailPair,
} from "../parsers/fairemail-documents.ts";
import { scanFairEmail } from "./fairemail-scan.ts";
import { askMailService, type MailServiceServer } from "../ladder/mail-services.ts";
import { mxHosts } from "../ladder/mx-hosts.ts";
import { renderPoxRequest } from "../ladder/pox-request.ts";
import { serverWords } from "../world/server-words.ts";
import { byPriority } from "../ladder/service-records.ts";
import { Trace } from "../ladder/trace.ts";
import type { World, WorldRequest } from "../world/world.ts";
import { isWrongName } from "../world/wrong-name.ts";

/** `ISPDB_TIMEOUT` and `MS_TIMEOUT` of `EmailProvider`. */
const TIMEOUT_MS = 10_000;
/** Of Android's HTTP client; it never goes from one scheme to the other. */
const MOST_REDIRECTS = 20;

/**
 * FairEmail (`EmailProvider.java`, the build of its own site; that of the Play store asks fewer places). SRV, autoconfig,
 * Autodiscover and a port scan each give a pair of servers with a score, 50, 20, 20 and 10 a server, and the highest wins. Where
 * the mail domain gives none, the MX host and the names above it are asked the same. Its list of well-known providers, which goes before all, is not part of the world. The scan runs in any case; here
 * only where its result could win.
 */
export const fairEmail: ClientModel = {
  name: "fairemail",
  title: "FairEmail",
  isBestEffort: false,
  discover,
};

interface Candidate {
  readonly imap: ClientServer;
  readonly smtp: ClientServer;
  readonly username: string;
  readonly source: string;
}

async function discover(mailbox: Mailbox, world: World): Promise<Discovery> {
  const trace = Trace.begin(world);
  const found = (await askDomain(trace, mailbox, mailbox.domain)) ?? (await askMx(trace, mailbox));
  if (found !== undefined) assumeAbsent(trace);
  return conclude("fairemail", trace, mailbox, {
    incoming: found?.imap,
    outgoing: found?.smtp,
    username: found?.username,
    source: found?.source,
  });
}

/** The best of what a domain's own places say. */
async function askDomain(trace: Trace, mailbox: Mailbox, domain: string): Promise<Candidate | undefined> {
  const services = await askServices(trace, domain);
  const autoconfig = await askAutoconfig(trace, mailbox, domain, services !== undefined);
  const pox = await askPox(trace, mailbox, domain, (services ?? autoconfig) !== undefined);
  const best = services ?? autoconfig ?? pox;
  if (best !== undefined) return best;
  const scanned = await scanFairEmail(trace, domain);
  if (scanned === undefined) return undefined;
  trace.note("choice", domain, { answer: serverWords(scanned.imap, scanned.smtp), effect: "used" });
  return { ...scanned, username: "%EMAILADDRESS%", source: "guess" };
}

/**
 * Both pairs of services in one list each; what is equal otherwise goes to `_imaps`, but to `_submission`. STARTTLS is what
 * stands at its usual port under a name without `s`.
 */
async function askServices(trace: Trace, domain: string): Promise<Candidate | undefined> {
  const imap = await askPair(trace, domain, "_imaps", "_imap");
  if (imap === undefined) return undefined;
  const smtp = await askPair(trace, domain, "_submission", "_submissions");
  if (smtp === undefined) return undefined;
  trace.note("choice", domain, { answer: serverWords(imap, smtp), effect: "used" });
  return { imap, smtp, username: "%EMAILADDRESS%", source: imap.source };
}

async function askPair(
  trace: Trace,
  domain: string,
  preferred: MailServiceServer["service"],
  other: MailServiceServer["service"],
): Promise<MailServiceServer | undefined> {
  const servers = [
    ...(await askMailService(trace, preferred, domain)),
    ...(await askMailService(trace, other, domain)),
  ];
  const [first] = servers.toSorted(byPriority);
  if (first === undefined) return undefined;
  const startTlsPort = first.protocol === "imap" ? 143 : 587;
  const isStartTls = first.tls === "starttls" && first.port === startTlsPort;
  return { ...first, tls: isStartTls ? "starttls" : "implicit" };
}

/** The address goes into the URL as it is. */
async function askAutoconfig(
  trace: Trace,
  { address }: Mailbox,
  domain: string,
  isOutdone: boolean,
): Promise<Candidate | undefined> {
  const query = `?emailaddress=${address}`;
  const own = [
    autoconfigUrl("https", domain),
    wellKnownAutoconfigUrl("https", domain),
    autoconfigUrl("http", domain),
    wellKnownAutoconfigUrl("http", domain),
  ];
  for (const url of own) {
    const request: WorldRequest = { method: "GET", url: `${url}${query}` };
    const found = await ask(trace, "autoconfig", request, readFairEmailAutoconfig, isOutdone, isWrongName);
    if (found !== undefined) return found;
  }
  return ask(trace, "ISPDB", { method: "GET", url: ispdbUrl(domain) }, readFairEmailAutoconfig, isOutdone);
}

/** The request has no type of XML. */
async function askPox(
  trace: Trace,
  { address }: Mailbox,
  domain: string,
  isOutdone: boolean,
): Promise<Candidate | undefined> {
  for (const host of [domain, `autodiscover.${domain}`]) {
    const found = await ask(
      trace,
      "POX",
      {
        method: "POST",
        url: `https://${host}/autodiscover/autodiscover.xml`,
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: renderPoxRequest(address),
      },
      readFairEmailPox,
      isOutdone,
      isWrongName,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A certificate for another name is good enough at the domain's own places, one of nobody known is not. */
async function ask(
  trace: Trace,
  what: string,
  request: WorldRequest,
  read: (text: string) => FairEmailPair | undefined,
  isOutdone: boolean,
  acceptsTlsError?: (tlsError: string) => boolean,
): Promise<Candidate | undefined> {
  const { url, judgement } = await askDocument<FairEmailPair>(trace, {
    what,
    request: { ...request, timeoutMs: TIMEOUT_MS },
    redirects: {
      most: MOST_REDIRECTS,
      accepts: (from, to) => new URL(from).protocol === new URL(to).protocol,
    },
    acceptsTlsError,
    judge: (response) => {
      const value = response.status === 200 ? read(response.body) : undefined;
      if (value === undefined) return { effect: "passed", answer: answerWords(response) };
      const words = serverWords(value.imap, value.smtp);
      return isOutdone
        ? { effect: "passed", answer: `${words}; another source goes before it`, value }
        : { effect: "used", answer: words, value };
    },
  });
  const value = judgement?.value;
  return value === undefined ? undefined : { ...value, source: url };
}

/**
 * The first MX host and the names above it, down to a public suffix. That FairEmail then tries the MX host as a mail server
 * adds nothing: the scan has looked at its ports.
 */
async function askMx(trace: Trace, mailbox: Mailbox): Promise<Candidate | undefined> {
  const [host = ""] = await mxHosts(trace, mailbox.domain);
  for (let name = host; name.includes("."); name = name.slice(name.indexOf(".") + 1)) {
    if (name === getPublicSuffix(name)) return undefined;
    const found = await askDomain(trace, mailbox, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
