import type { Answer } from "dns-packet";
import type { QueryType, Resolution } from "../../clients/world/world.ts";
import { askDns, type DnsReply } from "./dns-exchange.ts";
import { askDoh } from "./doh.ts";
import { recursiveServers } from "./recursive-servers.ts";

export interface WorldResolverOptions {
  /** `ip:port` of the resolver; undefined means the system's. An authoritative server answers for its own zones. */
  readonly resolver?: string | undefined;
  /** DNS over HTTPS servers (URLs, RFC 8484), asked where `resolver` stays silent, or instead of the system's. Default none. */
  readonly doh?: readonly string[] | undefined;
  /** PEM roots for those, instead of the built-in ones. */
  readonly ca?: string | undefined;
}

/** Asks one question. Never rejects: what could not be asked is `unknown`. */
export type ResolveName = (name: string, type: QueryType) => Promise<Resolution>;

type AskServer = (name: string, type: QueryType) => Promise<DnsReply>;

/** Opens the resolver of a live world: UDP, TCP where an answer does not fit, HTTPS where port 53 is blocked. */
export function openWorldResolver(options: WorldResolverOptions = {}): ResolveName {
  const servers = recursiveServers(options);
  const doh = options.doh ?? [];
  const ways = [
    ...servers.map(
      (server): AskServer =>
        (name, type) =>
          askDns(server, { name, type }, NEVER),
    ),
    ...doh.map(
      (server): AskServer =>
        (name, type) =>
          askDoh(server, { name, type }, options.ca, NEVER),
    ),
  ];
  return async (name, type) => {
    const started = performance.now();
    let last: Resolution = { state: "unknown", reason: "this system has no resolver" };
    const order = ways.slice();
    for (const ask of order) {
      last = await follow(ask, name, type).catch((error: unknown): Resolution => {
        // A way that gave no answer is tried last from now on: a blocked port 53 costs its time once.
        ways.push(...ways.splice(ways.indexOf(ask), 1));
        return { state: "unknown", reason: error instanceof Error ? error.message : String(error) };
      });
      if (last.state !== "unknown") break;
    }
    return { ...last, ms: Math.round(performance.now() - started) };
  };
}

/** Every way has its own time-out. */
const NEVER = new AbortController().signal;

/** Further questions for the end of a chain of aliases; longer ones are a fault that resolvers give up at, too. */
const MOST_QUESTIONS = 8;

/**
 * Asks until the chain of aliases has an end: an authoritative server leaves an alias into another's zone to the asker. A name
 * that came before ends it, too.
 */
async function follow(ask: AskServer, name: string, type: QueryType): Promise<Resolution> {
  const aliases: string[] = [];
  for (let left = MOST_QUESTIONS; ; left -= 1) {
    const asked = aliases.at(-1) ?? name;
    const reply = await ask(asked, type);
    const resolution = readResolution(reply, asked, type);
    if (resolution.state === "unknown") return resolution;
    const further = resolution.aliases ?? [];
    const isCircle = further.some((alias) => alias === hostText(name) || aliases.includes(alias));
    aliases.push(...further);
    const isOpen = resolution.state === "absent" && further.length > 0 && !isNegative(reply);
    if (!isOpen || isCircle || left === 0)
      return aliases.length === 0 ? resolution : { ...resolution, aliases };
  }
}

/** True where the server says itself that the chain's end holds nothing (RFC 2308 §2). */
function isNegative({ authorities, rcode }: DnsReply): boolean {
  return rcode === "NXDOMAIN" || (authorities ?? []).some(({ type }) => type === "SOA");
}

/** True for an answer that only names other servers (RFC 2308 §2.2): this one does not know. */
function isReferral({ answers, authorities, flag_aa: isAuthoritative, rcode }: DnsReply): boolean {
  const types = (authorities ?? []).map(({ type }) => type);
  const isEmpty = rcode === "NOERROR" && (answers ?? []).length === 0;
  return isEmpty && !isAuthoritative && types.includes("NS") && !types.includes("SOA");
}

/** Reads a server's reply: a CNAME chain is followed as far as the server has followed it. */
export function readResolution(reply: DnsReply, name: string, type: QueryType): Resolution {
  if (!["NOERROR", "NXDOMAIN"].includes(reply.rcode))
    return { state: "unknown", reason: `the resolver said ${reply.rcode}` };
  if (isReferral(reply))
    return { state: "unknown", reason: "the server only names others: it is no resolver" };
  const answers = reply.answers ?? [];
  const aliases = type === "CNAME" ? [] : chainFrom(answers, hostText(name));
  const owner = aliases.at(-1) ?? hostText(name);
  const data = answers
    .filter((answer) => answer.type === type && hostText(answer.name) === owner)
    .flatMap(dataText);
  const beside = aliases.length === 0 ? {} : { aliases };
  // Of an alias the code speaks of the chain's end (RFC 6604 §3).
  if (reply.rcode === "NXDOMAIN") return { state: "absent", isNoName: true, ...beside };
  if (data.length === 0) return { state: "absent", ...beside };
  return { state: "found", data, ...beside, ...(reply.flag_ad ? { isAuthenticated: true } : {}) };
}

function chainFrom(answers: readonly Answer[], name: string): readonly string[] {
  const next = new Map(
    answers.flatMap((answer) =>
      answer.type === "CNAME" ? [[hostText(answer.name), hostText(answer.data)] as const] : [],
    ),
  );
  const chain: string[] = [];
  for (let target = next.get(name); target !== undefined; target = next.get(target)) {
    if (chain.includes(target)) break;
    chain.push(target);
  }
  return chain;
}

function dataText(answer: Answer): readonly string[] {
  switch (answer.type) {
    case "A":
    case "AAAA":
      return [answer.data];
    case "CNAME":
    case "NS":
      return [hostText(answer.data)];
    case "MX":
      return [`${answer.data.preference ?? 0} ${hostText(answer.data.exchange)}`];
    case "SRV": {
      const { priority = 0, weight = 0, port, target } = answer.data;
      return [`${priority} ${weight} ${port} ${hostText(target)}`];
    }
    case "TXT":
      return [[answer.data].flat().map(octets).join("")];
    case "CAA":
      return [`${answer.data.flags ?? 0} ${answer.data.tag} ${answer.data.value}`];
    case "TLSA": {
      const { usage, selector, matchingType, certificate } = answer.data;
      return [`${usage} ${selector} ${matchingType} ${Buffer.from(certificate).toString("hex")}`];
    }
    case "DS":
      return [`${answer.data.keyTag} ${answer.data.algorithm} ${answer.data.digestType}`];
    default:
      return [];
  }
}

function octets(part: string | Buffer): string {
  return typeof part === "string" ? part : part.toString("latin1");
}

/** The root, the target of a service that is not offered, is a dot. */
function hostText(name: string): string {
  return name === "" || name === "." ? "." : name.toLowerCase().replace(/\.$/, "");
}
