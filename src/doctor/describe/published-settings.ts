import { parseAutoconfig } from "../../clients/autoconfig-document.ts";
import type { ClientServer, Mailbox } from "../../clients/discovery.ts";
import type { FoundServer } from "../../clients/found-settings.ts";
import { parsePox } from "../../clients/pox-document.ts";
import { renderPoxRequest } from "../../clients/pox-request.ts";
import type { World, WorldRequest, WorldResponse } from "../../clients/world.ts";
import { childrenOf, textOf } from "../../clients/xml-tree.ts";
import { readAutoconfigServers, readPoxServers } from "../checks/read-servers.ts";
import type { PublishedSettings } from "./living-domain.ts";

/** Mozilla's database of providers, as Thunderbird asks it. */
const ISPDB = "https://live.thunderbird.net/autoconfig/v1.1/";

/**
 * Returns the settings that documents give, the domain's own places first, then the mail exchanger's provider, then
 * Mozilla's database. A place that is not trusted, answers otherwise or names no server is left out.
 *
 * @param providers registrable domains of the mail exchangers, where they differ from the domain's
 */
export async function readPublishedSettings(
  mailbox: Mailbox,
  providers: readonly string[],
  world: World,
): Promise<readonly PublishedSettings[]> {
  const { domain, address } = mailbox;
  const query = `?emailaddress=${encodeURIComponent(address)}`;
  const get = (url: string): WorldRequest => ({ method: "GET", url });
  const post = (host: string): WorldRequest => ({
    method: "POST",
    url: `https://${host}/autodiscover/autodiscover.xml`,
    headers: { "content-type": "text/xml; charset=utf-8" },
    body: renderPoxRequest(address),
  });
  const places: readonly [WorldRequest, (body: string, mailbox: Mailbox) => Read | undefined][] = [
    [get(`https://autoconfig.${domain}/mail/config-v1.1.xml${query}`), readConfig],
    [get(`https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml${query}`), readConfig],
    [post(`autodiscover.${domain}`), readPoxSettings],
    [post(domain), readPoxSettings],
    ...providers.map((provider): [WorldRequest, typeof readConfig] => [
      get(`https://autoconfig.${provider}/mail/config-v1.1.xml${query}`),
      readConfig,
    ]),
    ...[domain, ...providers].map((name): [WorldRequest, typeof readConfig] => [
      get(`${ISPDB}${name}`),
      readConfig,
    ]),
  ];
  const answers = await Promise.all(
    places.map(async ([request, read]) => {
      const found = read(bodyOf(await world.request(request)), mailbox);
      return found === undefined || found.servers.length === 0
        ? []
        : [{ source: request.url.replace(/\?.*$/, ""), ...found }];
    }),
  );
  return answers.flat();
}

type Read = Omit<PublishedSettings, "source">;

function bodyOf(response: WorldResponse): string {
  const isUsable =
    response.state === "answered" && response.tlsError === undefined && response.status === 200;
  return isUsable ? response.body : "";
}

function readConfig(body: string): Read | undefined {
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
    displayName: textOf(provider, "displayName")?.trim(),
    webmail: childrenOf(webMail, "loginPage")[0]?.attributes["url"],
  };
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
