import { decode, encode, type DecodedPacket, type Packet, type Question } from "dns-packet";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { handleQuery } from "../../../../infra/sandbox/dns/handle-query.ts";
import type { Resolution } from "../../../../infra/sandbox/dns/resolve-question.ts";

const strings = (count: number): Buffer[] => Array.from({ length: count }, () => Buffer.alloc(200, "x"));
const answerTxt =
  (count: number) =>
  (name: string): Resolution => ({
    rcode: "NOERROR",
    authoritative: false,
    answers: [{ owner: name, type: "TXT", ttl: 60, data: strings(count) }],
    authorities: [],
  });

const ask = (packet: Packet, transport: "udp" | "tcp" = "udp", resolve = answerTxt(1)): DecodedPacket => {
  const bytes = encode({ type: "query", id: 7, flags: 0x0100, ...packet });
  const response = handleQuery(bytes, { resolve, recursionAvailable: true, transport });
  return decode(response ?? Buffer.alloc(0));
};
const rcodeOf = (response: DecodedPacket): unknown => (response as { rcode?: unknown }).rcode;
const question: Question = { type: "TXT", name: "Example.TEST" };
const opt = { type: "OPT", name: ".", udpPayloadSize: 4096, extendedRcode: 0, flags: 0 } as const;
const edns = { ...opt, ednsVersion: 0, flag_do: false, options: [] };

describe("what comes back", () => {
  it("echoes id, question and the letters of the name, and keeps RD and RA", () => {
    const response = ask({ questions: [question] });
    expect(response).toMatchObject({ id: 7, flag_qr: true, flag_rd: true, flag_ra: true, flag_tc: false });
    expect(response.questions?.[0]?.name).toBe("Example.TEST");
    expect(response.answers?.[0]?.name).toBe("Example.TEST");
  });

  it("is cut to nothing, with TC, above 512 bytes on UDP; EDNS and TCP carry more", () => {
    const big = answerTxt(5);
    expect(ask({ questions: [question] }, "udp", big)).toMatchObject({ flag_tc: true, answers: [] });
    expect(ask({ questions: [question], additionals: [edns] }, "udp", big)).toMatchObject({ flag_tc: false });
    expect(ask({ questions: [question] }, "tcp", big).answers).toHaveLength(1);
    const huge = answerTxt(30);
    expect(ask({ questions: [question], additionals: [edns] }, "udp", huge)).toMatchObject({ flag_tc: true });
  });

  it("names what it cannot do: other opcodes, several questions, other classes, transfers", () => {
    expect(rcodeOf(ask({ flags: 4 << 11, questions: [question] }))).toBe("NOTIMP");
    expect(rcodeOf(ask({ questions: [question, question] }))).toBe("FORMERR");
    expect(rcodeOf(ask({ questions: [] }))).toBe("FORMERR");
    expect(rcodeOf(ask({ questions: [{ ...question, class: "CH" }] }))).toBe("REFUSED");
    expect(rcodeOf(ask({ questions: [{ ...question, type: "AXFR" }] }))).toBe("REFUSED");
  });

  it("says BADVERS to a later EDNS", () => {
    const response = ask({ questions: [question], additionals: [{ ...edns, ednsVersion: 1 }] });
    expect(response.additionals?.[0]).toMatchObject({ type: "OPT", extendedRcode: 1 });
    expect(response.answers).toEqual([]);
  });

  it("is silence for responses and for less than a header", () => {
    const handling = { resolve: answerTxt(1), recursionAvailable: true, transport: "udp" } as const;
    expect(handleQuery(encode({ type: "response", questions: [question] }), handling)).toBeUndefined();
    expect(handleQuery(Buffer.alloc(11), handling)).toBeUndefined();
  });

  it("is SERVFAIL, not a crash, where stored RDATA cannot be encoded", () => {
    const data = { algorithm: 1, hash: 1, fingerprint: "00" };
    const resolve = (owner: string): Resolution => ({
      ...answerTxt(0)(owner),
      answers: [{ owner, type: "SSHFP", ttl: 60, data }],
    });
    expect(rcodeOf(ask({ questions: [{ ...question, type: "SSHFP" }] }, "udp", resolve))).toBe("SERVFAIL");
  });
});

it("survives any bytes, and answers with their id or not at all", () => {
  const handling = { resolve: answerTxt(1), recursionAvailable: false, transport: "udp" } as const;
  const header = Buffer.from([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, withHeader) => {
      const query = withHeader ? Buffer.concat([header, bytes]) : Buffer.from(bytes);
      const response = handleQuery(query, handling);
      return response === undefined || response.subarray(0, 2).equals(query.subarray(0, 2));
    }),
    { numRuns: 3_000 },
  );
});
