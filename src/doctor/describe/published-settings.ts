import { answerWords } from "../../clients/world/answer-words.ts";
import { parseAutoconfig } from "../../clients/parsers/autoconfig-document.ts";
import type { ClientServer, Mailbox } from "../../clients/ladder/discovery.ts";
import type { FoundServer } from "../../clients/parsers/found-settings.ts";
import { parsePox } from "../../clients/parsers/pox-document.ts";
import { renderPoxRequest } from "../../clients/ladder/pox-request.ts";
import { followRedirects, type Arrival } from "../../clients/ladder/follow-redirects.ts";
import { Trace } from "../../clients/ladder/trace.ts";
import type { RequestFailure, World, WorldRequest } from "../../clients/world/world.ts";
import { childrenOf, textOf, type XmlNode } from "../../clients/parsers/xml-tree.ts";
import { isWithin } from "../../spec/host-name.ts";
import type { OAuth2File } from "../../spec/domain-file.ts";
import { readAutoconfigServers, readPoxServers } from "../checks/web/read-servers.ts";
import type { LivingDomain, OwnWords, PublishedSettings } from "./living-domain.ts";
import type { NotKnown } from "./look-up.ts";

/** Mozilla's database of providers, as Thunderbird asks it. */
const ISPDB = "https://live.thunderbird.net/autoconfig/v1.1/";
/** Of most HTTP libraries. */
const MOST_REDIRECTS = 10;

/** What was found where documents are. */
export interface LivingDocuments extends Pick<LivingDomain, "published" | "misplaced"> {
  readonly unknown: readonly NotKnown[];
}

/**
 * Returns the settings that documents give, the domain's own places first, then the mail exchanger's provider, then
 * Mozilla's database. A place that is not trusted, or answers with something else, is told of.
 *
 * @param providers registrable domains of the mail exchangers, where they differ from the domain's
 */
export async function readPublishedSettings(
  mailbox: Mailbox,
  providers: readonly string[],
  world: World,
): Promise<LivingDocuments> {
  const places = placesOf(mailbox, providers);
  const answers = await Promise.all(
    places.map(async (place) => {
      // Clients follow redirects, most of them wherever they lead.
      const arrival = await followRedirects(
        Trace.begin(world),
        "",
        place.request,
        { most: MOST_REDIRECTS },
        () => ({
          answer: "",
          effect: "passed",
        }),
      );
      return readPlace(place, arrival, mailbox);
    }),
  );
  return {
    published: answers.flatMap(({ published }) => published ?? []),
    misplaced: answers.flatMap(({ misplaced }) => misplaced ?? []),
    unknown: answers.flatMap(({ unknown }) => unknown ?? []),
  };
}

interface Place {
  readonly request: WorldRequest;
  readonly read: (body: string, mailbox: Mailbox, isOwn: boolean) => Read | undefined;
  /** True for a place of the domain itself. */
  readonly isOwn: boolean;
}

function placesOf({ domain, address }: Mailbox, providers: readonly string[]): readonly Place[] {
  const query = `?emailaddress=${encodeURIComponent(address)}`;
  const get = (url: string, isOwn: boolean): Place => ({
    request: { method: "GET", url },
    read: readConfig,
    isOwn,
  });
  const post = (host: string): Place => ({
    request: {
      method: "POST",
      url: `https://${host}/autodiscover/autodiscover.xml`,
      headers: { "content-type": "text/xml; charset=utf-8" },
      body: renderPoxRequest(address),
    },
    read: readPoxSettings,
    isOwn: true,
  });
  return [
    get(`https://autoconfig.${domain}/mail/config-v1.1.xml${query}`, true),
    get(`https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml${query}`, true),
    post(`autodiscover.${domain}`),
    post(domain),
    get(`http://autoconfig.${domain}/mail/config-v1.1.xml${query}`, true),
    ...providers.map((name) => get(`https://autoconfig.${name}/mail/config-v1.1.xml${query}`, false)),
    ...[domain, ...providers].map((name) => get(`${ISPDB}${name}`, false)),
  ];
}

interface PlaceAnswer {
  readonly published?: PublishedSettings;
  readonly misplaced?: string;
  readonly unknown?: NotKnown;
}

/** Why a place gave nothing at all: nobody knows what it would have said. */
const SILENT: ReadonlySet<RequestFailure> = new Set([
  "timeout",
  "unresolved",
  "unreachable",
  "not-allowed",
  "unknown",
]);

function readPlace(place: Place, { url, response }: Arrival, mailbox: Mailbox): PlaceAnswer {
  const { request, read } = place;
  const isOwn = place.isOwn && isWithin(new URL(url).hostname, mailbox.domain);
  const source = request.url.replace(/\?.*$/, "");
  if (response.state === "failed") {
    const what = `${request.method} ${source}`;
    return SILENT.has(response.kind) ? { unknown: { what, reason: answerWords(response) } } : {};
  }
  const isUsable = response.tlsError === undefined && response.status === 200;
  const found = isUsable ? read(response.body, mailbox, isOwn) : undefined;
  if (found !== undefined && found.servers.length > 0) return { published: { source, ...found } };
  // A place that says it has none is as good as one that is not there.
  return isUsable || response.tlsError !== undefined
    ? { misplaced: `${source} gives no settings: ${answerWords(response)}.` }
    : {};
}

type Read = Omit<PublishedSettings, "source">;

function readConfig(body: string, _mailbox: Mailbox, isOwn: boolean): Read | undefined {
  const document = parseAutoconfig(body);
  if (document === undefined) return undefined;
  const [provider] = childrenOf(document.root, "emailProvider");
  const [webMail] = [document.root, provider].flatMap((node) => childrenOf(node, "webMail"));
  const servers = [...document.incoming, ...document.outgoing];
  const usernames = servers.map(({ username }) => username?.trim());
  return {
    servers: (readAutoconfigServers(body) ?? []).flatMap(nameable),
    username: usernames.includes("%EMAILLOCALPART%")
      ? "localPart"
      : usernames.includes("%EMAILADDRESS%")
        ? "address"
        : undefined,
    webmail: childrenOf(webMail, "loginPage")[0]?.attributes["url"],
    ...(isOwn ? { own: readOwnWords(body, document.root) } : {}),
  };
}

function readOwnWords(document: string, root: XmlNode): OwnWords {
  const [provider] = childrenOf(root, "emailProvider");
  const [help] = childrenOf(provider, "documentation");
  const url = help?.attributes["url"];
  const texts = childrenOf(help, "descr").flatMap(({ attributes: { lang }, text }) =>
    // What is indented stands on lines of its own.
    lang === undefined ? [] : [[lang, text.includes("\n") ? text.trim() : text] as const],
  );
  return {
    document,
    displayName: textOf(provider, "displayName")?.trim(),
    displayShortName: textOf(provider, "displayShortName")?.trim(),
    calDav: serviceUrl(root, "calendar", "caldav"),
    cardDav: serviceUrl(root, "addressbook", "carddav"),
    jmap: serviceUrl(provider, "incomingServer", "jmap")?.replace(/\/\.well-known\/jmap$/, "/"),
    help:
      url?.startsWith("https://") === true
        ? { url, ...(texts.length === 0 ? {} : { texts: Object.fromEntries(texts) }) }
        : undefined,
    oauth2: readOAuth2(childrenOf(root, "oAuth2")[0]),
  };
}

function serviceUrl(node: XmlNode | undefined, element: string, type: string): string | undefined {
  const service = childrenOf(node, element).find(({ attributes }) => attributes["type"] === type);
  const url = textOf(service, "url")?.trim();
  return url?.startsWith("https://") === true ? url : undefined;
}

function readOAuth2(node: XmlNode | undefined): OAuth2File | undefined {
  const text = (name: string): string | undefined => textOf(node, name)?.trim();
  const [issuer, authUrl, tokenUrl] = ["issuer", "authURL", "tokenURL"].map(text);
  const clientId = text("clientID");
  if (issuer === undefined || authUrl === undefined || tokenUrl === undefined) return undefined;
  const scopes = (text("scope") ?? "").split(/\s+/).filter((scope) => scope !== "");
  return { issuer, authUrl, tokenUrl, scopes, ...(clientId === undefined ? {} : { clientId }) };
}

function readPoxSettings(body: string, { address, localPart }: Mailbox): Read | undefined {
  const document = parsePox(body);
  if (document === undefined) return undefined;
  const logins = document.protocols.map(({ loginName }) => loginName?.trim());
  return {
    servers: (readPoxServers(body) ?? []).flatMap(nameable),
    username: logins.includes(address) ? "address" : logins.includes(localPart) ? "localPart" : undefined,
  };
}

function nameable({ protocol, host, port, tls }: FoundServer): readonly ClientServer[] {
  const name = host.replace(/\.$/, "");
  // A placeholder stands for each user's own host, which a file cannot name.
  return name.includes(".") && !name.includes("%") ? [{ protocol, host: name, port, tls }] : [];
}
