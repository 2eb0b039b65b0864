import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";
import {
  CHECKING_DISABLED,
  DNSSEC_OK,
  RECURSION_DESIRED,
  decode,
  encode,
  type DecodedPacket,
  type Packet,
  type RecordType,
} from "dns-packet";

/** A server has this long for one answer. Milliseconds. */
const ANSWER_TIMEOUT_MS = 2000;
const TRIES = 2;

const DNS_PORT = 53;

/** Fits into every path unfragmented (DNS flag day 2020). */
const UDP_PAYLOAD_BYTES = 1232;

/** Of a message over TCP (RFC 1035 §4.2.2). */
const LENGTH_BYTES = 2;

export interface DnsQuestion {
  readonly name: string;
  readonly type: RecordType;
  /** True: the resolver gives what does not validate, too (RFC 4035 §3.2.2). */
  readonly isCheckingDisabled?: boolean;
}

/** `dns-packet` gives the name of the response code, which its types leave out. */
export type DnsReply = DecodedPacket & { readonly rcode: string };

/**
 * Asks one server one question: by UDP, twice 2 s long, and by TCP where the answer did not fit. EDNS with the DO bit goes along, so that
 * a validating resolver says whether it did (AD).
 *
 * @param server `ip`, `ip:port` or `[ipv6]:port`
 * @throws the socket's error, an error that the server stays silent, or the signal's reason
 */
export async function askDns(
  server: string,
  question: DnsQuestion,
  signal: AbortSignal,
  tries: number = TRIES,
): Promise<DnsReply> {
  for (let left = tries; ; left -= 1) {
    const silence = new AbortController();
    // Not AbortSignal.timeout(), which would go on after the answer and make an error for each of many questions.
    const timer = setTimeout(() => silence.abort(), ANSWER_TIMEOUT_MS);
    const limit = AbortSignal.any([signal, silence.signal]);
    try {
      const reply = await exchange(server, buildQuery(question, randomInt(0x1_0000)), limit);
      if (!isWithoutEdns(reply)) return reply;
      return await exchange(server, { ...buildQuery(question, randomInt(0x1_0000)), additionals: [] }, limit);
    } catch (error) {
      signal.throwIfAborted();
      if (!limit.aborted) throw error;
      if (left <= 1) throw new Error(`The DNS server ${server} stays silent`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}

async function exchange(server: string, query: Packet, limit: AbortSignal): Promise<DnsReply> {
  const reply = await overUdp(server, query, limit);
  return reply.flag_tc ? await overTcp(server, query, limit) : reply;
}

/** True for the answer of a server that does not know EDNS: it is asked again without (RFC 6891 §7). */
function isWithoutEdns({ additionals, rcode }: DnsReply): boolean {
  return ["FORMERR", "NOTIMP"].includes(rcode) && !(additionals ?? []).some(({ type }) => type === "OPT");
}

/** The message of a question, for any transport. */
export function buildQuery({ name, type, isCheckingDisabled = false }: DnsQuestion, id: number): Packet {
  return {
    type: "query",
    id,
    flags: RECURSION_DESIRED | (isCheckingDisabled ? CHECKING_DISABLED : 0),
    questions: [{ type, name }],
    additionals: [
      {
        type: "OPT",
        name: ".",
        udpPayloadSize: UDP_PAYLOAD_BYTES,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: DNSSEC_OK,
        flag_do: true,
        options: [],
      },
    ],
  };
}

/** Returns the reply to a query; undefined for anything else: another's answer, or bytes that are none. */
export function readReply(bytes: Buffer, query: Packet): DnsReply | undefined {
  try {
    const reply = decode(bytes) as DnsReply;
    const [asked] = query.questions ?? [];
    const [echoed] = reply.questions ?? [];
    const isOurs =
      reply.type === "response" &&
      reply.id === query.id &&
      // A server that could not read the question may leave it out.
      (echoed === undefined ||
        (echoed.name.toLowerCase() === asked?.name.toLowerCase() && echoed.type === asked.type));
    return isOurs ? reply : undefined;
  } catch {
    return undefined;
  }
}

async function overUdp(server: string, query: Packet, signal: AbortSignal): Promise<DnsReply> {
  const { host, port } = parseServer(server);
  const { promise, resolve, reject } = Promise.withResolvers<DnsReply>();
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  socket.on("error", reject);
  socket.on("message", (bytes) => {
    const reply = readReply(bytes, query);
    // What is not ours may be forged: the true answer may still come.
    if (reply !== undefined) resolve(reply);
  });
  // Connected, the system drops what others send and tells of a closed port.
  socket.connect(port, host, (error?: Error) => {
    if (error instanceof Error) reject(error);
    else socket.send(encode(query), (failure) => (failure === null ? undefined : reject(failure)));
  });
  try {
    signal.throwIfAborted();
    return await promise;
  } finally {
    signal.removeEventListener("abort", abort);
    socket.close();
  }
}

async function overTcp(server: string, query: Packet, signal: AbortSignal): Promise<DnsReply> {
  const { host, port } = parseServer(server);
  const { promise, resolve, reject } = Promise.withResolvers<DnsReply>();
  const socket = connect(port, host);
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  let received = Buffer.alloc(0);
  socket.on("error", reject);
  socket.on("close", () => reject(new Error(`The DNS server ${server} closed the connection`)));
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (received.length < LENGTH_BYTES) return;
    const end = LENGTH_BYTES + received.readUInt16BE(0);
    if (received.length < end) return;
    const reply = readReply(received.subarray(LENGTH_BYTES, end), query);
    if (reply === undefined) reject(new Error(`The DNS server ${server} gave no answer to the question`));
    else resolve(reply);
  });
  const message = encode(query);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(message.length);
  socket.write(Buffer.concat([length, message]));
  try {
    signal.throwIfAborted();
    return await promise;
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}

function parseServer(server: string): { readonly host: string; readonly port: number } {
  const bracketed = /^\[(.+)\](?::(\d+))?$/u.exec(server);
  const plain = /^([\d.]+):(\d+)$/u.exec(server);
  const host = bracketed?.[1] ?? plain?.[1] ?? server;
  return { host, port: Number(bracketed?.[2] ?? plain?.[2] ?? DNS_PORT) };
}
