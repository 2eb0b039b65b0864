import { answerWords } from "./world/answer-words.ts";
import { askDocument } from "./ladder/ask-document.ts";
import { assumeAbsent } from "./ladder/assume-absent.ts";
import { parseAutoconfig, portOf, type AutoconfigServer } from "./parsers/autoconfig-document.ts";
import { autoconfigUrl, ispdbUrl } from "./ladder/autoconfig-urls.ts";
import { conclude, type Ending } from "./ladder/conclude.ts";
import type { ClientModel, ClientServer, Discovery, Mailbox } from "./ladder/discovery.ts";
import { serverWords } from "./world/server-words.ts";
import { Trace } from "./ladder/trace.ts";
import type { World } from "./world/world.ts";

/** libsoup waits as long as the connection does; a minute is what a person bears. */
const TIMEOUT_MS = 60_000;
const MOST_REDIRECTS = 20;

/**
 * Geary (`accounts-autoconfig.vala`): the https place, then Thunderbird's database. The status does not count, only that the
 * answer is autoconfig; the first incoming server has to be IMAP, the first outgoing one SMTP. The user name is the address
 * whatever the document says, and an unknown socket type means no TLS.
 */
export const geary: ClientModel = { name: "geary", title: "Geary", isBestEffort: false, discover };

async function discover(mailbox: Mailbox, world: World): Promise<Discovery> {
  const trace = Trace.begin(world);
  const places = [
    ["autoconfig", autoconfigUrl("https", mailbox.domain)],
    ["ISPDB", ispdbUrl(mailbox.domain)],
  ] as const;
  for (const [what, url] of places) {
    const { url: source, judgement } = await askDocument<Ending>(trace, {
      what,
      request: { method: "GET", url, timeoutMs: TIMEOUT_MS },
      redirects: { most: MOST_REDIRECTS },
      judge: (response) => {
        const value = read(response.body);
        return value === undefined
          ? { effect: "passed", answer: answerWords(response) }
          : { effect: "used", answer: serverWords(value.incoming, value.outgoing), value };
      },
    });
    if (judgement?.value !== undefined) {
      assumeAbsent(trace);
      return conclude("geary", trace, mailbox, { ...judgement.value, username: mailbox.address, source });
    }
  }
  return conclude("geary", trace, mailbox, {});
}

function read(text: string): Ending | undefined {
  const document = parseAutoconfig(text);
  const [imap] = document?.incoming ?? [];
  const [smtp] = document?.outgoing ?? [];
  if (imap?.type !== "imap" || smtp?.type !== "smtp") return undefined;
  return { incoming: toServer("imap", imap), outgoing: toServer("submission", smtp) };
}

function toServer(protocol: ClientServer["protocol"], server: AutoconfigServer): ClientServer {
  const [type] = server.socketTypes;
  const tls = type === "SSL" ? "implicit" : type === "STARTTLS" ? "starttls" : "plain";
  return { protocol, host: server.hostname ?? "", port: portOf(server.port) ?? 0, tls };
}
