import { answerWords } from "./world/answer-words.ts";
import { askDocument } from "./ladder/ask-document.ts";
import { assumeAbsent } from "./ladder/assume-absent.ts";
import { parseAutoconfig, portOf, type AutoconfigServer } from "./parsers/autoconfig-document.ts";
import { autoconfigUrl, ispdbUrl, wellKnownAutoconfigUrl } from "./ladder/autoconfig-urls.ts";
import { conclude, type Ending } from "./ladder/conclude.ts";
import type { ClientModel, ClientServer, Discovery, Mailbox } from "./ladder/discovery.ts";
import { mxHosts } from "./ladder/mx-hosts.ts";
import { serverWords } from "./world/server-words.ts";
import { Trace } from "./ladder/trace.ts";
import type { World } from "./world/world.ts";

/** `IspDb::queryUrl`. */
const TIMEOUT_MS = 7000;
/** Guzzle's own limit. */
const MOST_REDIRECTS = 5;

/**
 * Nextcloud Mail (`IspDb.php`): asked by the server that it runs on, not by the person's device. The domain's places in turn,
 * those over plain HTTP after Thunderbird's database; then the same for the MX host, and for the name above it.
 */
export const nextcloud: ClientModel = {
  name: "nextcloud",
  title: "Nextcloud Mail",
  isBestEffort: false,
  discover,
};

async function discover(mailbox: Mailbox, world: World): Promise<Discovery> {
  const trace = Trace.begin(world);
  const found = (await askPlaces(trace, mailbox, mailbox.domain)) ?? (await askMx(trace, mailbox)) ?? {};
  if (found.incoming !== undefined && found.outgoing !== undefined) assumeAbsent(trace);
  return conclude("nextcloud", trace, mailbox, found);
}

async function askMx(trace: Trace, mailbox: Mailbox): Promise<Ending | undefined> {
  const [host] = await mxHosts(trace, mailbox.domain);
  if (host === undefined) return undefined;
  const parent = host.slice(host.indexOf(".") + 1);
  return (await askPlaces(trace, mailbox, host)) ?? (await askPlaces(trace, mailbox, parent));
}

/** The address goes into the URL as it is. */
async function askPlaces(trace: Trace, { address }: Mailbox, domain: string): Promise<Ending | undefined> {
  const query = `?emailaddress=${address}`;
  const places = [
    ["autoconfig", `${autoconfigUrl("https", domain)}${query}`],
    ["autoconfig", `${wellKnownAutoconfigUrl("https", domain)}${query}`],
    ["ISPDB", ispdbUrl(domain)],
    ["autoconfig", `${autoconfigUrl("http", domain)}${query}`],
    ["autoconfig", `${wellKnownAutoconfigUrl("http", domain)}${query}`],
  ] as const;
  for (const [what, url] of places) {
    const { url: source, judgement } = await askDocument<Ending>(trace, {
      what,
      request: { method: "GET", url, timeoutMs: TIMEOUT_MS },
      redirects: { most: MOST_REDIRECTS },
      judge: (response) => {
        const isGood = response.status >= 200 && response.status < 300;
        const value = isGood ? read(response.body) : undefined;
        if (value === undefined) return { effect: "passed", answer: answerWords(response) };
        const isWhole = value.incoming !== undefined && value.outgoing !== undefined;
        const answer = serverWords(value.incoming, value.outgoing);
        return isWhole ? { effect: "used", answer, value } : { effect: "ended", answer, value };
      },
    });
    if (judgement?.value !== undefined) return { ...judgement.value, source };
  }
  return undefined;
}

/** The first IMAP and the first SMTP server; one of them is enough to end the search. */
function read(text: string): Ending | undefined {
  const document = parseAutoconfig(text);
  const imap = document?.incoming.find(({ type }) => type === "imap");
  const smtp = document?.outgoing.find(({ type }) => type === "smtp");
  if (imap === undefined && smtp === undefined) return undefined;
  return {
    incoming: imap === undefined ? undefined : toServer("imap", imap),
    outgoing: smtp === undefined ? undefined : toServer("submission", smtp),
    username: imap?.username,
  };
}

/** Placeholders in host names stay as they are; an unknown socket type means none. */
function toServer(protocol: ClientServer["protocol"], server: AutoconfigServer): ClientServer {
  const type = server.socketTypes[0]?.toLowerCase() ?? "";
  const tls = type === "ssl" ? "implicit" : ["starttls", "tls"].includes(type) ? "starttls" : "plain";
  return { protocol, host: server.hostname ?? "", port: portOf(server.port?.trim()) ?? 0, tls };
}
