/** Bytes of a query to bytes of its response; `dns-packet` has the wire format. */
import { AUTHORITATIVE_ANSWER, decode, encode, RECURSION_AVAILABLE, RECURSION_DESIRED } from "dns-packet";
import {
  TRUNCATED_RESPONSE,
  type Answer,
  type DecodedPacket,
  type OptAnswer,
  type Question,
} from "dns-packet";
import type { Resolution } from "./resolve-question.ts";
import type { ResourceRecord } from "./resource-record.ts";

export interface QueryHandling {
  /** `name` in lower case without trailing dot, empty for the root; `type` a mnemonic. */
  readonly resolve: (name: string, type: string) => Resolution;
  readonly recursionAvailable: boolean;
  readonly transport: "udp" | "tcp";
}

const HEADER_BYTES = 12;
/** Without EDNS (RFC 1035 §4.2.1), and what is offered with it (DNS flag day 2020). */
const PLAIN_UDP_BYTES = 512;
const OFFERED_UDP_BYTES = 1_232;
/** More than any answer here; on loopback nothing fragments. */
const MAXIMUM_UDP_BYTES = 4_096;
const MAXIMUM_TCP_BYTES = 65_535;

const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
/** The upper bits of BADVERS (16), which travel in the OPT record (RFC 6891 §6.1.3). */
const BADVERS_UPPER_BITS = 1;

/** Types that `dns-packet` 5.6.1 has only as numbers. */
const NUMBERED_TYPES: Readonly<Record<string, string>> = {
  UNKNOWN_53: "SMIMEA",
  UNKNOWN_61: "OPENPGPKEY",
  UNKNOWN_64: "SVCB",
  UNKNOWN_65: "HTTPS",
  UNKNOWN_256: "URI",
};
const NUMBERS_OF_TYPES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(NUMBERED_TYPES).map(([number, mnemonic]) => [mnemonic, number]),
);

/** Returns the response, or undefined for what is not to be answered: no header, or itself a response (RFC 5358 loops). */
export function handleQuery(bytes: Buffer, handling: QueryHandling): Buffer | undefined {
  if (bytes.length < HEADER_BYTES || (bytes[2] ?? 0) >= 0x80) return undefined;
  let query: DecodedPacket;
  try {
    query = decode(bytes);
  } catch {
    return bareResponse(bytes, RCODES.FORMERR);
  }
  if (((bytes.readUInt16BE(2) >> 11) & 15) !== 0) return bareResponse(bytes, RCODES.NOTIMP);
  const question = query.questions?.[0];
  if (question === undefined || query.questions?.length !== 1 || !survivesEncoding(question, bytes)) {
    return bareResponse(bytes, RCODES.FORMERR);
  }
  try {
    return respond(query, question, handling);
  } catch {
    // RDATA that was stored but cannot be encoded, for example an SSHFP of a wrong length.
    return bareResponse(bytes, RCODES.SERVFAIL);
  }
}

function respond(query: DecodedPacket, question: Question, handling: QueryHandling): Buffer {
  const opt = query.additionals?.find((record): record is OptAnswer => record.type === "OPT");
  const limit =
    handling.transport === "tcp"
      ? MAXIMUM_TCP_BYTES
      : Math.min(MAXIMUM_UDP_BYTES, Math.max(PLAIN_UDP_BYTES, opt?.udpPayloadSize ?? 0));
  const badVersion = opt !== undefined && opt.ednsVersion !== 0;
  const resolution = badVersion ? nothing("NOERROR") : resolve(question, handling);
  const { rcode, authoritative, answers, authorities } = resolution;
  const flags =
    RCODES[rcode] |
    (query.flag_rd ? RECURSION_DESIRED : 0) |
    (handling.recursionAvailable ? RECURSION_AVAILABLE : 0) |
    (authoritative ? AUTHORITATIVE_ANSWER : 0);
  const frame = {
    type: "response",
    id: query.id ?? 0,
    questions: [question],
    additionals: opt === undefined ? [] : [optRecord(badVersion)],
  } as const;
  const echo = (record: ResourceRecord): Answer => toAnswer(record, question.name);
  const packet = { ...frame, flags, answers: answers.map(echo), authorities: authorities.map(echo) };
  const response = encode({ ...packet, additionals: [...packet.additionals], questions: [question] });
  if (response.length <= limit) return response;
  return encode({
    type: "response",
    id: frame.id,
    flags: flags | TRUNCATED_RESPONSE,
    questions: [question],
    additionals: [...frame.additionals],
  });
}

function resolve(question: Question, handling: QueryHandling): Resolution {
  const type = NUMBERED_TYPES[question.type] ?? question.type;
  if ((question.class ?? "IN") !== "IN") return nothing("REFUSED");
  // Zone transfers are for secondaries, and there are none.
  if (["AXFR", "IXFR"].includes(type)) return nothing("REFUSED");
  const name = question.name === "." ? "" : question.name.toLowerCase();
  if (type !== "ANY") return handling.resolve(name, type);
  // Cloudflare answers ANY with one HINFO record (RFC 8482 §4.2).
  const probe = handling.resolve(name, "HINFO");
  if (probe.rcode !== "NOERROR" || probe.answers.length > 0) return probe;
  const minimal = { owner: name, type: "HINFO", ttl: 3_789, data: { cpu: "RFC8482", os: "" } };
  return { ...probe, answers: [minimal], authorities: [] };
}

function nothing(rcode: Resolution["rcode"]): Resolution {
  return { rcode, authoritative: false, answers: [], authorities: [] };
}

/** The name asked for comes back letter by letter as it was asked, for clients that check its case (draft dns-0x20). */
function toAnswer(record: ResourceRecord, asked: string): Answer {
  const name = record.owner === asked.toLowerCase() ? asked : record.owner;
  const type = NUMBERS_OF_TYPES[record.type] ?? record.type;
  return { name, type, ttl: record.ttl, class: "IN", data: record.data } as Answer;
}

function optRecord(badVersion: boolean): OptAnswer {
  return {
    type: "OPT",
    name: ".",
    udpPayloadSize: OFFERED_UDP_BYTES,
    extendedRcode: badVersion ? BADVERS_UPPER_BITS : 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  };
}

/** `dns-packet` decodes labels as UTF-8 and joins them with dots: a name that does not come out as it went in is refused. */
function survivesEncoding(question: Question, bytes: Buffer): boolean {
  try {
    const again = encode({ type: "query", id: 0, questions: [question] }).subarray(HEADER_BYTES);
    return again.equals(bytes.subarray(HEADER_BYTES, HEADER_BYTES + again.length));
  } catch {
    return false;
  }
}

/** A header and nothing else: what can be said about a query that was not understood. */
function bareResponse(query: Buffer, rcode: number): Buffer {
  const response = Buffer.alloc(HEADER_BYTES);
  query.copy(response, 0, 0, 2);
  const opcodeAndRd = query.readUInt16BE(2) & 0x7900;
  response.writeUInt16BE(0x8000 | opcodeAndRd | rcode, 2);
  return response;
}
