import { answerWords, isNotKnown } from "./world/answer-words.ts";
import { askAhead } from "./ladder/ask-ahead.ts";
import { askDocument } from "./ladder/ask-document.ts";
import { absenceOf } from "./ladder/assume-absent.ts";
import {
  parseAutoconfig,
  portOf,
  protocolOf,
  socketTypeOf,
  type AutoconfigDocument,
  type AutoconfigServer,
} from "./parsers/autoconfig-document.ts";
import { autoconfigUrl, ispdbUrl, wellKnownAutoconfigUrl } from "./ladder/autoconfig-urls.ts";
import { mxDomains } from "./ladder/base-domain.ts";
import { conclude, fillPlaceholders } from "./ladder/conclude.ts";
import type { ClientModel, ClientServer, Discovery, Mailbox } from "./ladder/discovery.ts";
import { firstInRank, type Attempt } from "./ladder/first-in-rank.ts";
import { isLegalHostName } from "./world/legal-host-name.ts";
import { memoWorld } from "./world/memo-world.ts";
import { mxHosts } from "./ladder/mx-hosts.ts";
import { serverWords } from "./world/server-words.ts";
import { Trace } from "./ladder/trace.ts";
import type { World, WorldRequest } from "./world/world.ts";
import { childrenOf, textOf } from "./parsers/xml-tree.ts";

/** OkHttp's own limits, which K-9 keeps: 10 s to connect, 10 s without a byte, 20 redirects. */
const TIMEOUT_MS = 10_000;
const MOST_REDIRECTS = 20;

/**
 * Thunderbird for Android and K-9 Mail (`feature/autodiscovery` of thunderbird-android): autoconfig at the provider, in
 * Mozilla's database and for the MX, all at once; never with the address; no Autodiscover, no SRV, no guess.
 */
export const thunderbirdAndroid: ClientModel = {
  name: "thunderbird-android",
  title: "Thunderbird for Android",
  isBestEffort: false,
  discover,
};

interface Settings {
  readonly incoming: ClientServer;
  readonly outgoing: ClientServer;
  readonly username: string;
  readonly source: string;
  /** False over plain HTTP, and where the MX is not proven by DNSSEC: a person has to approve of the settings. */
  readonly isTrusted: boolean;
}

async function discover(mailbox: Mailbox, asked: World): Promise<Discovery> {
  const world = memoWorld(asked);
  const trace = Trace.begin(world);
  const urls = [...providerUrls(mailbox.domain), ispdbUrl(mailbox.domain)];
  await askAhead(world, { names: [[mailbox.domain, "MX"]], requests: urls.map(toGet) });
  const { value, assumptions } = await firstInRank<Settings>(trace, [
    ...urls.map(
      (url) =>
        (branch: Trace, { isOpen }: { readonly isOpen: boolean }) =>
          askUrl(branch, url, mailbox, isOpen),
    ),
    (branch, { isOpen }) => askForMailExchanger(branch, world, mailbox, isOpen),
  ]);
  if (value === undefined) return conclude("thunderbird-android", trace, mailbox, {});
  for (const sentence of assumptions) trace.assume(sentence);
  if (!value.isTrusted) {
    trace.prompt({
      kind: "untrusted-source",
      target: value.source,
      text: `Thunderbird for Android shows the settings from ${value.source} as untrusted, to be approved.`,
    });
  }
  return conclude("thunderbird-android", trace, mailbox, value);
}

function providerUrls(domain: string): readonly string[] {
  return (["https", "http"] as const).flatMap((scheme) => [
    autoconfigUrl(scheme, domain),
    wellKnownAutoconfigUrl(scheme, domain),
  ]);
}

function toGet(url: string): WorldRequest {
  return { method: "GET", url, timeoutMs: TIMEOUT_MS };
}

async function askUrl(
  trace: Trace,
  url: string,
  mailbox: Mailbox,
  isOpen: boolean,
): Promise<Attempt<Settings>> {
  // One hop over http is enough to make the settings untrusted.
  let isSecure = url.startsWith("https:");
  const {
    url: source,
    response,
    judgement,
  } = await askDocument<Omit<Settings, "source">>(trace, {
    what: url.startsWith(ispdbUrl("")) ? "ISPDB" : "autoconfig",
    request: toGet(url),
    redirects: {
      most: MOST_REDIRECTS,
      accepts: (_, to) => {
        isSecure &&= to.startsWith("https:");
        return true;
      },
    },
    judge: (answer) => {
      const document = answer.status < 200 || answer.status > 299 ? undefined : parseAutoconfig(answer.body);
      const settings = document === undefined ? undefined : readSettings(document, mailbox);
      if (settings === undefined) {
        const refusal = document === undefined ? "" : ": the document is refused as a whole";
        return { answer: `${answerWords(answer)}${refusal}`, effect: "passed" };
      }
      const value = { ...settings, isTrusted: isSecure };
      return {
        answer: serverWords(settings.incoming, settings.outgoing),
        effect: isOpen ? "used" : "passed",
        value,
      };
    },
  });
  return {
    value: judgement?.value === undefined ? undefined : { ...judgement.value, source },
    assumptions: isNotKnown(response) ? [absenceOf(`GET ${url}`)] : [],
  };
}

/** One after another, over https only: the MX's domain, then its registrable one; at each the provider, then the database. */
async function askForMailExchanger(
  trace: Trace,
  world: World,
  mailbox: Mailbox,
  isOpen: boolean,
): Promise<Attempt<Settings>> {
  const [host] = await mxHosts(trace, mailbox.domain);
  const answer = await world.resolve(mailbox.domain, "MX");
  const isProven = answer.state === "found" && answer.isAuthenticated === true;
  const assumptions: string[] = [];
  for (const domain of host === undefined ? [] : mxDomains(host, mailbox.domain)) {
    for (const url of [autoconfigUrl("https", domain), ispdbUrl(domain)]) {
      const attempt = await askUrl(trace, url, mailbox, isOpen);
      assumptions.push(...attempt.assumptions);
      if (attempt.value === undefined) continue;
      return { value: { ...attempt.value, isTrusted: attempt.value.isTrusted && isProven }, assumptions };
    }
  }
  return { value: undefined, assumptions };
}

/**
 * Reads as `RealAutoconfigParser` does, all or nothing: one IMAP or SMTP server with a fault refuses the document; servers
 * of other types are skipped untouched. Values are not trimmed.
 */
function readSettings(
  document: AutoconfigDocument,
  mailbox: Mailbox,
): Pick<Settings, "incoming" | "outgoing" | "username"> | undefined {
  if (!isLegalHostName(document.providerId ?? "")) return undefined;
  if (!document.domains.some((domain) => isLegalHostName(fillPlaceholders(domain, mailbox))))
    return undefined;
  const [provider] = childrenOf(document.root, "emailProvider");
  const isOAuthWhole = childrenOf(provider, "oAuth2").every((node) =>
    ["authURL", "tokenURL"].every((name) => URL.canParse(textOf(node, name) ?? "")),
  );
  if (!isOAuthWhole) return undefined;
  const incoming = readServers(document.incoming, "imap", mailbox);
  const outgoing = readServers(document.outgoing, "smtp", mailbox);
  const [first] = incoming ?? [];
  const [last] = outgoing ?? [];
  if (first === undefined || last === undefined) return undefined;
  return { incoming: first.server, outgoing: last.server, username: first.username };
}

interface ReadServer {
  readonly server: ClientServer;
  readonly username: string;
}

/** Returns the servers of a type; undefined where one of them is not right. */
function readServers(
  servers: readonly AutoconfigServer[],
  type: "imap" | "smtp",
  mailbox: Mailbox,
): readonly ReadServer[] | undefined {
  const read = servers.filter((server) => server.type === type).map((server) => readServer(server, mailbox));
  const whole = read.filter((server) => server !== undefined);
  return whole.length === read.length ? whole : undefined;
}

const AUTHENTICATION_WORDS: readonly string[] = ["OAuth2", "password-cleartext", "password-encrypted"];

function readServer(server: AutoconfigServer, mailbox: Mailbox): ReadServer | undefined {
  const protocol = protocolOf(server.type);
  const host = fillPlaceholders(server.hostname ?? "", mailbox);
  const port = portOf(server.port);
  const modes = server.socketTypes.map(socketTypeOf);
  const tls = modes.at(-1);
  if (
    protocol === undefined ||
    !isLegalHostName(host) ||
    port === undefined ||
    server.username === undefined
  ) {
    return undefined;
  }
  if (tls === undefined || modes.some((mode) => mode === undefined || mode === "plain")) return undefined;
  if (!server.authentications.some((word) => AUTHENTICATION_WORDS.includes(word))) return undefined;
  return { server: { protocol, host: host.toLowerCase(), port, tls }, username: server.username };
}
