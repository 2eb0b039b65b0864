import type { RecordType } from "dns-packet";
import type { CaaAnswer, CaaRecord, DnsLookup, DnssecState } from "../../certificates/ports.ts";
import { judgeDnssec } from "../../certificates/preflight/preflight-dnssec.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import { askDns, type DnsQuestion, type DnsReply } from "./dns-exchange.ts";
import { askDoh } from "./doh.ts";
import { findNameServers } from "./name-servers.ts";
import { recursiveServers } from "./recursive-servers.ts";

/** Addresses of a zone's own servers that are tried before the recursive resolver has the word. */
const MOST_DIRECT = 3;

const ANSWERED: ReadonlySet<string> = new Set(["NOERROR", "NXDOMAIN"]);

export interface DnsLookupOptions {
  /** `ip:port` of the recursive resolver. Default: the system's. */
  readonly resolver?: string | undefined;
  /** `ip:port` that answers for every zone in place of its own servers: closed networks, the sandbox. */
  readonly authoritative?: string | undefined;
  /** Where the zone's own servers listen; for tests, which may not use the default, 53. */
  readonly port?: number | undefined;
  /** Resolvers over HTTPS that are asked for signatures, where the recursive one stays silent. Default none. */
  readonly doh?: readonly string[] | undefined;
  /** PEM roots trusted for those instead of the built-in ones. */
  readonly ca?: string | undefined;
}

/**
 * Opens the look at the DNS before an order. Records are asked of the zone's own servers first: they give what an update wrote a moment
 * ago, and a question for what is not there yet leaves nothing behind in a resolver's memory. Where they cannot be asked, or an alias has
 * to be followed, the recursive resolver is.
 */
export function openDnsLookup(options: DnsLookupOptions = {}): DnsLookup {
  return new Lookup(options);
}

class Lookup implements DnsLookup {
  readonly #options: DnsLookupOptions;
  readonly #recursive: readonly string[];
  readonly #direct = new Map<string, Promise<readonly string[]>>();
  /** Servers that stayed silent, so that a blocked port 53 costs its time once. */
  readonly #silent = new Set<string>();

  constructor(options: DnsLookupOptions) {
    this.#options = options;
    this.#recursive = recursiveServers(options);
  }

  async caa(name: string, signal: AbortSignal): Promise<CaaAnswer> {
    try {
      const reply = await this.#look(name, "CAA", signal);
      if (!ANSWERED.has(reply.rcode)) return { state: "unknown", reason: `the resolver said ${reply.rcode}` };
      const records = (reply.answers ?? []).flatMap((each): readonly CaaRecord[] => {
        if (each.type !== "CAA") return [];
        return [{ flags: each.data.flags ?? 0, tag: each.data.tag, value: each.data.value }];
      });
      return records.length === 0 ? { state: "absent" } : { state: "found", records };
    } catch (error) {
      signal.throwIfAborted();
      return { state: "unknown", reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async cname(name: string, signal: AbortSignal): Promise<string | undefined> {
    const reply = await this.#look(name, "CNAME", signal);
    if (!ANSWERED.has(reply.rcode)) throw unreachable(`The resolver said ${reply.rcode} of ${name}`);
    const wanted = name.toLowerCase();
    for (const each of reply.answers ?? []) {
      if (each.type === "CNAME" && each.name.toLowerCase() === wanted) {
        return each.data.toLowerCase().replace(/\.$/u, "");
      }
    }
    return undefined;
  }

  async dnssec(name: string, signal: AbortSignal): Promise<DnssecState> {
    const { doh = [], ca } = this.#options;
    for (const send of [
      ...this.#recursive.map((server) => (asked: DnsQuestion) => askDns(server, asked, signal)),
      ...doh.map((server) => (asked: DnsQuestion) => askDoh(server, asked, ca, signal)),
    ]) {
      const ask = async (
        zone: string,
        type: RecordType,
        isCheckingDisabled = false,
      ): Promise<DnsReply | undefined> => {
        return await send({ name: zone, type, isCheckingDisabled }).catch(() => {
          signal.throwIfAborted();
          return undefined;
        });
      };
      // Of a name inside a zone the SOA comes along with the answer that the name has none.
      const first = await ask(name, "SOA");
      if (first === undefined) continue;
      const checked = ANSWERED.has(first.rcode)
        ? first.flag_ad
          ? ("authentic" as const)
          : ("plain" as const)
        : first.rcode === "SERVFAIL"
          ? ("servfail" as const)
          : undefined;
      const isRefused = checked === "servfail";
      const unchecked = isRefused ? await ask(name, "SOA", true) : undefined;
      const again = unchecked === undefined || !isAnswer(unchecked) ? undefined : await ask(name, "SOA");
      const zone = [...(first.answers ?? []), ...(first.authorities ?? [])].find(
        ({ type }) => type === "SOA",
      );
      const signer = checked === "plain" && zone !== undefined ? await ask(zone.name, "DS") : undefined;
      return judgeDnssec({
        checked,
        unchecked: stateOf(unchecked),
        checkedAgain: stateOf(again),
        hasDelegationSigner:
          signer !== undefined && isAnswer(signer)
            ? (signer.answers ?? []).some(({ type }) => type === "DS")
            : undefined,
      });
    }
    return "unknown";
  }

  async #look(name: string, type: "CAA" | "CNAME", signal: AbortSignal): Promise<DnsReply> {
    return (await this.#askZone(name, type, signal)) ?? (await this.#askRecursive(name, type, signal));
  }

  /** Undefined where no server of the zone gives an authoritative answer that needs no following. */
  async #askZone(name: string, type: "CAA" | "CNAME", signal: AbortSignal): Promise<DnsReply | undefined> {
    for (const server of await this.#directServers(name, type, signal)) {
      if (this.#silent.has(server)) continue;
      try {
        const reply = await askDns(server, { name, type }, signal, 1);
        const answers = reply.answers ?? [];
        const isAlias = type !== "CNAME" && answers.some((each) => each.type === "CNAME");
        if (reply.flag_aa && isAnswer(reply) && !isAlias) return reply;
        return undefined;
      } catch {
        signal.throwIfAborted();
        this.#silent.add(server);
      }
    }
    return undefined;
  }

  async #directServers(name: string, type: "CAA" | "CNAME", signal: AbortSignal): Promise<readonly string[]> {
    const { authoritative } = this.#options;
    if (authoritative !== undefined) return [authoritative];
    // The name of a challenge may not be there yet: asked for, its absence would be remembered by the resolver. An alias is at no apex.
    const start = type === "CNAME" ? name.slice(name.indexOf(".") + 1) : name;
    const known = this.#direct.get(start) ?? this.#findDirect(start, signal);
    this.#direct.set(start, known);
    try {
      return await known;
    } catch (error) {
      // The search ended with the abort of one caller; the next one searches again.
      this.#direct.delete(start);
      throw error;
    }
  }

  async #findDirect(name: string, signal: AbortSignal): Promise<readonly string[]> {
    try {
      const servers = await findNameServers(name, this.#options, signal);
      return servers.flatMap(({ addresses }) => addresses.slice(0, 1)).slice(0, MOST_DIRECT);
    } catch {
      signal.throwIfAborted();
      return [];
    }
  }

  async #askRecursive(name: string, type: "CAA" | "CNAME", signal: AbortSignal): Promise<DnsReply> {
    let failure: unknown = new Error("this system has no resolver");
    let reply: DnsReply | undefined;
    for (const server of this.#recursive) {
      try {
        reply = await askDns(server, { name, type }, signal);
        if (isAnswer(reply)) return reply;
      } catch (error) {
        signal.throwIfAborted();
        failure = error;
      }
    }
    if (reply !== undefined) return reply;
    throw unreachable(failure instanceof Error ? failure.message : String(failure), failure);
  }
}

function isAnswer(reply: DnsReply): boolean {
  return ANSWERED.has(reply.rcode);
}

function stateOf(reply: DnsReply | undefined): "answer" | "servfail" | undefined {
  if (reply === undefined) return undefined;
  if (isAnswer(reply)) return "answer";
  return reply.rcode === "SERVFAIL" ? "servfail" : undefined;
}

function unreachable(message: string, cause?: unknown): MailAutodiscoverError {
  return new MailAutodiscoverError("dns-unreachable", `${message}.`, {
    remedy: "Check the resolver's address and that port 53 is open from here.",
    retryable: true,
    cause,
  });
}
