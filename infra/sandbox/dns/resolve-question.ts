import { isIPv6 } from "node:net";
import { answerQuestion } from "./answer-question.ts";
import type { World } from "./build-world.ts";
import type { ResourceRecord } from "./resource-record.ts";
import { isWithin } from "../../../src/spec/host-name.ts";
import type { ZoneView } from "./zone-view.ts";

export interface Resolution {
  readonly rcode: "NOERROR" | "SERVFAIL" | "NXDOMAIN" | "REFUSED";
  readonly authoritative: boolean;
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
}

/** Names that no zone holds, and hosts whose address in the sandbox is another than the published one. */
export interface HostAddresses {
  /** Lower case. */
  readonly mailHosts: ReadonlySet<string>;
  readonly mailAddress: string;
  /** Lower case name to address, IPv4 or IPv6. */
  readonly extraHosts: ReadonlyMap<string, string>;
}

/** Resolvers stop at about this many (BIND 9: 16). */
const MAXIMUM_ALIASES = 16;
const HOST_TTL_SECONDS = 300;

type Step =
  | { readonly kind: "done"; readonly resolution: Resolution }
  | { readonly kind: "alias"; readonly record: ResourceRecord; readonly target: string };

/** Answers from the zones as their own servers would; names of no zone are refused (RFC 9499 "lame"). */
export function answerAuthoritatively(world: World, name: string, type: string): Resolution {
  const zone = zoneOf(world.authoritative, name);
  if (zone === undefined) return { rcode: "REFUSED", authoritative: false, answers: [], authorities: [] };
  return follow(name, (current, first) => {
    const holder = zoneOf(world.authoritative, current);
    // An alias out of these zones is for the resolver to follow.
    if (holder === undefined) return done(first ? "REFUSED" : "NOERROR", true, []);
    return askZone(holder, current, type, true);
  });
}

/** Answers as a recursive resolver in the sandbox's world would: nothing is ever forwarded, a name of no zone does not exist. */
export function resolveRecursively(
  world: World,
  hosts: HostAddresses,
  name: string,
  type: string,
): Resolution {
  const step = (current: string): Step => {
    const extra = hosts.extraHosts.get(current);
    if (extra !== undefined) return hostStep(current, type, extra);
    const zone = zoneOf(world.recursive, current);
    const isMailHost = hosts.mailHosts.has(current);
    if (zone === undefined) {
      return isMailHost ? hostStep(current, type, hosts.mailAddress) : done("NXDOMAIN", false, []);
    }
    const isAddressType = type === "A" || type === "AAAA";
    if (isMailHost && isAddressType && !world.isProxied(current) && hasAddress(zone, current)) {
      return hostStep(current, type, hosts.mailAddress, zone);
    }
    const asked = askZone(zone, current, type, false);
    if (asked.kind === "alias" && current === zone.apex) return flatten(asked, current, type, zone, resolve);
    return asked;
  };
  const resolve = (start: string): Resolution => follow(start, step);
  return resolve(name);
}

function follow(name: string, ask: (name: string, first: boolean) => Step): Resolution {
  const chain: ResourceRecord[] = [];
  let current = name;
  for (let count = 0; count <= MAXIMUM_ALIASES; count += 1) {
    const step = ask(current, count === 0);
    if (step.kind === "done") {
      return { ...step.resolution, answers: [...chain, ...step.resolution.answers] };
    }
    chain.push(step.record);
    current = step.target;
  }
  return { rcode: "SERVFAIL", authoritative: false, answers: [], authorities: [] };
}

function askZone(zone: ZoneView, name: string, type: string, authoritative: boolean): Step {
  const answer = answerQuestion(zone, name, type);
  switch (answer.kind) {
    case "answer":
      return done("NOERROR", authoritative, answer.records);
    case "alias":
      return answer;
    case "nodata":
      return done("NOERROR", authoritative, [], [zone.soa]);
    case "nxdomain":
      return done("NXDOMAIN", authoritative, [], [zone.soa]);
    default:
      // A referral from the parent; a resolver would ask servers that are not in this world.
      return authoritative ? done("NOERROR", false, [], answer.records) : done("SERVFAIL", false, []);
  }
}

/** An alias at the apex is answered by its target's addresses, as Cloudflare flattens it (RFC 1034 §3.6.2 forbids it). */
function flatten(
  alias: Extract<Step, { kind: "alias" }>,
  apex: string,
  type: string,
  zone: ZoneView,
  resolve: (name: string) => Resolution,
): Step {
  const records =
    type === "A" || type === "AAAA"
      ? resolve(alias.target).answers.filter((record) => record.type === type)
      : [];
  if (records.length === 0) return done("NOERROR", false, [], [zone.soa]);
  return done(
    "NOERROR",
    false,
    records.map((record) => ({ ...record, owner: apex })),
  );
}

function hostStep(name: string, type: string, address: string, zone?: ZoneView): Step {
  const ownType = isIPv6(address) ? "AAAA" : "A";
  if (type !== ownType) return done("NOERROR", false, [], zone === undefined ? [] : [zone.soa]);
  return done("NOERROR", false, [{ owner: name, type, ttl: HOST_TTL_SECONDS, data: address }]);
}

function hasAddress(zone: ZoneView, name: string): boolean {
  return ["A", "AAAA"].some((type) => answerQuestion(zone, name, type).kind === "answer");
}

function done(
  rcode: Resolution["rcode"],
  authoritative: boolean,
  answers: readonly ResourceRecord[],
  authorities: readonly ResourceRecord[] = [],
): Step {
  return { kind: "done", resolution: { rcode, authoritative, answers, authorities } };
}

function zoneOf(zones: readonly ZoneView[], name: string): ZoneView | undefined {
  return zones
    .filter((zone) => isWithin(name, zone.apex))
    .toSorted((a, b) => b.apex.length - a.apex.length)[0];
}
