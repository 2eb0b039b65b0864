import { askAhead } from "../ladder/ask-ahead.ts";
import { absenceOf } from "../ladder/assume-absent.ts";
import { autoconfigUrl, thunderbirdDatabaseUrl, wellKnownAutoconfigUrl } from "../ladder/autoconfig-urls.ts";
import { mxDomains } from "../ladder/base-domain.ts";
import type { Mailbox } from "../ladder/discovery.ts";
import { firstInRank, type Attempt, type Race } from "../ladder/first-in-rank.ts";
import { mxHosts } from "../ladder/mx-hosts.ts";
import type { Trace } from "../ladder/trace.ts";
import type { World, WorldRequest } from "../world/world.ts";
import { FETCH_TIMEOUT_MS, fetchDocument } from "./fetch-document.ts";
import { documentReading, type FoundAccount, type Standing } from "./found-account.ts";
import { readAutoconfig } from "./read-autoconfig.ts";

/** `fetchConfigFromDB` gives the database twice the usual time. */
const DATABASE_TIMEOUT_MS = 10_000;

/** An account with the URL that gave it. */
export interface SourcedAccount extends FoundAccount {
  readonly source: string;
}

/** A success of a fetch, of use or not. */
interface Success {
  readonly account: SourcedAccount | undefined;
}

/** What Thunderbird asks for autoconfig before it knows anything. */
export function autoconfigRequests({ address, domain }: Mailbox): readonly WorldRequest[] {
  return [...providerUrls(domain, address).map(toGet), toDatabase(domain)];
}

/**
 * Asks all sources of autoconfig at once and takes the first in rank with settings: the provider, Mozilla's database, then
 * both for whoever receives the domain's mail (`FindConfig.sys.mjs`). The file of an installation is left out: nobody else
 * can know of it.
 */
export async function askAutoconfig(
  trace: Trace,
  world: World,
  mailbox: Mailbox,
): Promise<Attempt<SourcedAccount>> {
  const { domain, address } = mailbox;
  return firstInRank<SourcedAccount>(trace, [
    (branch) => fromProvider(branch, providerUrls(domain, address), mailbox, true),
    (branch, race) => fromDatabase(branch, domain, mailbox, race),
    (branch, race) => forMailExchanger(branch, world, mailbox, race),
  ]);
}

/**
 * The four URLs at once. The first success in rank is the answer, **also where there are no settings in it**: a page or an
 * empty body at the first one gives up a good document at the others (`_fetchConfigFromIsp` reads only after the race).
 */
async function fromProvider(
  trace: Trace,
  urls: readonly string[],
  mailbox: Mailbox,
  isOpen: boolean,
): Promise<Attempt<SourcedAccount>> {
  const { value, assumptions } = await firstInRank<Success>(
    trace,
    urls.map((url) => async (branch, race) => {
      const { success, assumptions } = await fetchConfig(branch, "autoconfig", toGet(url), mailbox, {
        isOpen: isOpen && race.isOpen,
        endsRace: urls.length > 1,
      });
      return { value: success, assumptions };
    }),
  );
  return { value: value?.account, assumptions };
}

async function fromDatabase(
  trace: Trace,
  domain: string,
  mailbox: Mailbox,
  { isOpen }: Pick<Race, "isOpen">,
): Promise<Attempt<SourcedAccount>> {
  const { success, assumptions } = await fetchConfig(trace, "ISPDB", toDatabase(domain), mailbox, {
    isOpen,
    endsRace: false,
  });
  return { value: success?.account, assumptions };
}

/** `fetchConfigForMX`: over https only, without `.well-known`, at the MX's domain and at its registrable one. */
async function forMailExchanger(
  trace: Trace,
  world: World,
  mailbox: Mailbox,
  { isOpen }: Race,
): Promise<Attempt<SourcedAccount>> {
  const [host] = await mxHosts(trace, mailbox.domain);
  const domains = host === undefined ? [] : mxDomains(host, mailbox.domain);
  const urlOf = (domain: string): string => withAddress(autoconfigUrl("https", domain), mailbox.address);
  await askAhead(world, {
    requests: domains.flatMap((domain) => [toGet(urlOf(domain)), toDatabase(domain)]),
  });
  return firstInRank<SourcedAccount>(
    trace,
    domains.flatMap((domain) => [
      (branch: Trace, race: Race) => fromProvider(branch, [urlOf(domain)], mailbox, isOpen && race.isOpen),
      (branch: Trace, race: Race) => fromDatabase(branch, domain, mailbox, { isOpen: isOpen && race.isOpen }),
    ]),
  );
}

interface ConfigAnswer {
  readonly success: Success | undefined;
  readonly assumptions: readonly string[];
}

async function fetchConfig(
  trace: Trace,
  what: string,
  request: WorldRequest,
  mailbox: Mailbox,
  standing: Standing,
): Promise<ConfigAnswer> {
  let success: Success | undefined;
  const { isUnknown } = await fetchDocument(trace, what, request, ({ xml, words }, url) => {
    const account = xml === undefined ? undefined : readAutoconfig(xml, mailbox);
    success = { account: account === undefined ? undefined : { ...account, source: url } };
    return documentReading(account, words, standing);
  });
  return { success, assumptions: isUnknown ? [absenceOf(`GET ${request.url}`)] : [] };
}

/** In order of rank; `fetchFromISP.sslOnly` is false, so that plain http is asked as well. */
function providerUrls(domain: string, address: string): readonly string[] {
  return (["https", "http"] as const).flatMap((scheme) => [
    withAddress(autoconfigUrl(scheme, domain), address),
    withAddress(wellKnownAutoconfigUrl(scheme, domain), address),
  ]);
}

function withAddress(url: string, address: string): string {
  return `${url}?${new URLSearchParams({ emailaddress: address }).toString()}`;
}

function toGet(url: string): WorldRequest {
  return { method: "GET", url, timeoutMs: FETCH_TIMEOUT_MS };
}

function toDatabase(domain: string): WorldRequest {
  return { method: "GET", url: thunderbirdDatabaseUrl(domain), timeoutMs: DATABASE_TIMEOUT_MS };
}
