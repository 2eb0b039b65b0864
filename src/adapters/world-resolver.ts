import { getServers } from "node:dns";
import type { Answer } from "dns-packet";
import type { QueryType, Resolution } from "../clients/world.ts";
import { askDns, type DnsReply } from "./dns-exchange.ts";
import { askDoh } from "./doh.ts";

export interface WorldResolverOptions {
  /** `ip:port` of the resolver; undefined means the system's. An authoritative server answers for its own zones. */
  readonly resolver?: string | undefined;
  /** DNS over HTTPS servers (URLs, RFC 8484), asked where the resolver stays silent. Default none. */
  readonly doh?: readonly string[] | undefined;
  /** PEM roots for those, instead of the built-in ones. */
  readonly ca?: string | undefined;
}

/** Asks one question. Never rejects: what could not be asked is `unknown`. */
export type ResolveName = (name: string, type: QueryType) => Promise<Resolution>;

/** Opens the resolver of a live world: UDP, TCP where an answer does not fit, HTTPS where port 53 is blocked. */
export function openWorldResolver(options: WorldResolverOptions = {}): ResolveName {
  const servers = options.resolver === undefined ? getServers() : [options.resolver];
  const doh = options.doh ?? [];
  const ways = [
    ...servers.map((server) => (name: string, type: QueryType): Promise<DnsReply> => {
      return askDns(server, { name, type }, NEVER);
    }),
    ...doh.map((server) => (name: string, type: QueryType): Promise<DnsReply> => {
      return askDoh(server, { name, type }, options.ca, NEVER);
    }),
  ];
  return async (name, type) => {
    const started = performance.now();
    let last: Resolution = { state: "unknown", reason: "this system has no resolver" };
    const order = ways.slice();
    for (const ask of order) {
      last = await ask(name, type).then(
        (reply) => readResolution(reply, name, type),
        (error: unknown): Resolution => {
          // A way that gave no answer is tried last from now on: a blocked port 53 costs its time once.
          ways.push(...ways.splice(ways.indexOf(ask), 1));
          return { state: "unknown", reason: error instanceof Error ? error.message : String(error) };
        },
      );
      if (last.state !== "unknown") break;
    }
    return { ...last, ms: Math.round(performance.now() - started) };
  };
}

/** Every way has its own time-out. */
const NEVER = new AbortController().signal;

/** Reads a server's reply: a CNAME chain is followed as far as the server has followed it. */
export function readResolution(reply: DnsReply, name: string, type: QueryType): Resolution {
  if (!["NOERROR", "NXDOMAIN"].includes(reply.rcode))
    return { state: "unknown", reason: `the resolver said ${reply.rcode}` };
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
