import { getDomain } from "tldts";
import type { Mailbox } from "../../clients/ladder/discovery.ts";
import { memoWorld } from "../../clients/world/memo-world.ts";
import { readMx } from "../../clients/ladder/service-records.ts";
import type { World } from "../../clients/world/world.ts";
import { DISCOVERY_LABELS } from "../../spec/discovery-labels.ts";
import { isWithin } from "../../spec/host-name.ts";
import type { LivingDkim, LivingDomain } from "./living-domain.ts";
import { findHost, probeLivingPorts } from "./living-ports.ts";
import { readLivingServices } from "./living-services.ts";
import { notKnownLines, openLookUp, type LookUp } from "./look-up.ts";
import { readPublishedSettings } from "./published-settings.ts";
import { isSpf } from "../../spec/parse-spf.ts";

/**
 * Selectors that set-up pages and server programs choose by themselves (the presets' own among them): DNS does not list
 * the names of a zone, so another one stays unseen.
 */
const USUAL_SELECTORS: readonly string[] = [
  "default",
  "dkim",
  "mail",
  "s1",
  "s2",
  "k1",
  "google",
  "selector1",
  "selector2",
  "key1",
  "key2",
  "key3",
  "fm1",
  "fm2",
  "fm3",
  "protonmail",
  "protonmail2",
  "protonmail3",
  "sig1",
  "zmail",
];

/** A label that nobody has: what answers for it is a wildcard. */
const NOBODYS_LABEL = "mail-autodiscover-wildcard-probe";

/** Mail hosts whose usual ports are looked at, beside the announced ones. */
const MOST_HOSTS = 3;

/**
 * Looks at everything of a domain that its file could say. Never rejects: what could not be looked at is in `unknown`.
 *
 * @param done Told when DNS and documents, and when the mail ports were looked at.
 */
export async function observeLivingDomain(
  mailbox: Mailbox,
  asked: World,
  done: (what: string) => void = () => undefined,
): Promise<LivingDomain> {
  const { domain } = mailbox;
  const world = memoWorld(asked);
  const lookUp = openLookUp(world);
  const exchangers = await lookUp.resolve(domain, "MX");
  const mx = readMx(exchangers);
  const [services, texts, delivery, caa, dkim, aliases, wildcard, documents] = await Promise.all([
    readLivingServices(domain, lookUp),
    lookUp.data(domain, "TXT"),
    readDelivery(domain, lookUp, world),
    lookUp.data(domain, "CAA"),
    findDkim(domain, lookUp),
    readAliases(domain, lookUp),
    readWildcard(domain, lookUp),
    readPublishedSettings(mailbox, providersOf(domain, mx), world),
  ]);
  done("DNS and documents");
  const published = [...documents.published, ...(services.mail === undefined ? [] : [services.mail])];
  const announced = published[0]?.servers ?? [];
  const guessed = announced.length > 0 ? [] : await guessHosts(domain, mx, lookUp, world);
  const hosts = [...new Set([...announced.map(({ host }) => host), ...guessed])].slice(0, MOST_HOSTS);
  const ports = await probeLivingPorts(announced, hosts, world);
  done("mail ports");
  const { mail: _, ...other } = services;
  return {
    domain,
    mx,
    spf: texts.find(isSpf),
    ...delivery,
    dkim,
    caa,
    published,
    misplaced: documents.misplaced,
    ports,
    addresses: new Map(
      await Promise.all(hosts.map(async (host) => [host, await addressesOf(host, lookUp)] as const)),
    ),
    ...other,
    aliases,
    wildcard,
    exists: exchangers.state !== "absent" || exchangers.isNoName !== true,
    unknown: notKnownLines([...lookUp.unknown, ...documents.unknown]),
  };
}

/** Hosts that answer mail protocols under the names that clients guess, or as exchangers: of mailboxes, and of submission. */
async function guessHosts(
  domain: string,
  mx: LivingDomain["mx"],
  lookUp: LookUp,
  world: World,
): Promise<readonly string[]> {
  const exchangers = mx.map(({ host }) => host).filter((host) => host !== ".");
  const [own, others] = [true, false].map((isOwn) =>
    exchangers.filter((host) => isWithin(host, domain) === isOwn),
  );
  const guesses = (...labels: readonly string[]): readonly string[] =>
    labels.map((label) => `${label}.${domain}`);
  // A name that is an alias is worth less than the one that it leads to.
  const ranked = async (hosts: readonly string[]): Promise<readonly string[]> => {
    const distinct = [...new Set(hosts)];
    const isAlias = await Promise.all(distinct.map(async (host) => (await lookUp.alias(host)) !== undefined));
    return [
      ...distinct.filter((_, index) => isAlias[index] === false),
      ...distinct.filter((_, index) => isAlias[index] === true),
    ];
  };
  const mailbox = await findHost(
    ["imap", "pop3"],
    await ranked([...(own ?? []), ...guesses("mail", "imap", "pop"), ...(others ?? []), domain]),
    world,
  );
  if (mailbox === undefined) return [];
  const submission =
    (await findHost(["submission"], [mailbox], world)) ??
    (await findHost(["submission"], await ranked([...(own ?? []), ...guesses("mail", "smtp")]), world));
  return [mailbox, ...(submission === undefined ? [] : [submission])];
}

/** An alias holds no addresses: none could stand beside it. */
async function addressesOf(host: string, lookUp: LookUp): Promise<readonly string[]> {
  const found = await Promise.all([lookUp.resolve(host, "A"), lookUp.resolve(host, "AAAA")]);
  return found.flatMap((answer) =>
    answer.state === "found" && (answer.aliases ?? []).length === 0 ? answer.data : [],
  );
}

/** Thunderbird's MX step: an exchanger under another registrable domain belongs to a provider. */
function providersOf(domain: string, mx: LivingDomain["mx"]): readonly string[] {
  const own = getDomain(domain, { allowPrivateDomains: true });
  const bases = mx.map(({ host }) => getDomain(host, { allowPrivateDomains: true }));
  return [...new Set(bases.filter((base) => base !== null && base !== own).map(String))];
}

async function readDelivery(
  domain: string,
  lookUp: LookUp,
  world: World,
): Promise<Pick<LivingDomain, "dmarc" | "tlsRpt" | "mtaSts">> {
  const [dmarc, tlsRpt, sts] = await Promise.all([
    lookUp.data(`_dmarc.${domain}`, "TXT"),
    lookUp.data(`_smtp._tls.${domain}`, "TXT"),
    lookUp.data(`_mta-sts.${domain}`, "TXT"),
  ]);
  const hasPolicy = sts.some((text) => /^v=STSv1\s*;/.test(text));
  const url = `https://mta-sts.${domain}/.well-known/mta-sts.txt`;
  const policy = hasPolicy ? await world.request({ method: "GET", url }) : undefined;
  const isThere = policy?.state === "answered" && policy.tlsError === undefined && policy.status === 200;
  return {
    dmarc: dmarc.find((text) => /^v=DMARC1\s*(;|$)/i.test(text)),
    tlsRpt: tlsRpt.find((text) => /^v=TLSRPTv1\s*;/.test(text)),
    mtaSts: isThere ? policy.body : undefined,
  };
}

async function findDkim(domain: string, lookUp: LookUp): Promise<readonly LivingDkim[]> {
  const keys = await Promise.all(
    USUAL_SELECTORS.map(async (selector): Promise<readonly LivingDkim[]> => {
      const name = `${selector}._domainkey.${domain}`;
      const [text] = await lookUp.data(name, "TXT");
      if (text === undefined || !/(^|;)\s*p=/.test(text)) return [];
      const cname = await lookUp.alias(name);
      return [cname === undefined ? { selector, publicKey: text } : { selector, cname }];
    }),
  );
  // A wildcard that answers below `_domainkey` would make every selector one.
  return keys.flat().length === USUAL_SELECTORS.length ? [] : keys.flat();
}

async function readAliases(domain: string, lookUp: LookUp): Promise<ReadonlyMap<string, string>> {
  const names = DISCOVERY_LABELS.map((label) => `${label}.${domain}`);
  const found = await Promise.all(names.map(async (name) => [name, await lookUp.alias(name)] as const));
  return new Map(found.flatMap(([name, target]) => (target === undefined ? [] : [[name, target] as const])));
}

async function readWildcard(domain: string, lookUp: LookUp): Promise<string | undefined> {
  const name = `${NOBODYS_LABEL}.${domain}`;
  const [alias, v4, v6] = await Promise.all([
    lookUp.alias(name),
    lookUp.data(name, "A"),
    lookUp.data(name, "AAAA"),
  ]);
  const answers = alias === undefined ? [...v4, ...v6] : [alias];
  return answers.length === 0 ? undefined : answers.join(", ");
}
