import { createSocket } from "node:dgram";
import { once } from "node:events";
import { AUTHENTIC_DATA, CHECKING_DISABLED, TRUNCATED_RESPONSE, type Answer, type Packet } from "dns-packet";
import { afterEach, describe, expect, test } from "vitest";
import { openDnsLookup } from "../../../src/adapters/resolver/dns-lookup.ts";
import { startTinyDns, type TinyDns, type TinyQuery, type TinyTwist } from "../../certificates/tiny-dns.ts";

const never = new AbortController().signal;
const running: TinyDns[] = [];

const SERVFAIL = 2;
const REFUSED = 5;
const AUTHORITATIVE = 0x0400;

async function dns(
  records: Readonly<Record<string, readonly unknown[]>>,
  twist?: TinyTwist,
): Promise<TinyDns> {
  const server = await startTinyDns(new Map(Object.entries(records)), twist);
  running.push(server);
  return server;
}

/** A server without the zone's authority: only what it says by itself counts as recursive. */
const recursive: TinyTwist = () => ({ flags: 0 });

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

const caa = { flags: 0, tag: "issue", value: "ca.test; validationmethods=dns-01" };
const read = { flags: 0, tag: "issue", value: "ca.test; validationmethods=dns-01" };

describe("CAA records", () => {
  test("are found, are absent, or could not be asked: three answers", async () => {
    const server = await dns(
      { "example.test/CAA": [caa], "host.example.test/A": ["192.0.2.1"] },
      ({ question }) => (question.name === "broken.test" ? { flags: SERVFAIL } : undefined),
    );
    const lookup = openDnsLookup({ resolver: server.address });
    expect(await lookup.caa("example.test", never)).toEqual({ state: "found", records: [read] });
    expect(await lookup.caa("host.example.test", never)).toEqual({ state: "absent" });
    expect(await lookup.caa("none.example.test", never)).toEqual({ state: "absent" });
    expect(await lookup.caa("broken.test", never)).toEqual({
      state: "unknown",
      reason: "the resolver said SERVFAIL",
    });
  });

  test("keep the critical flag and tags that nobody knows", async () => {
    const server = await dns({ "example.test/CAA": [{ flags: 128, tag: "tbs", value: "unknown" }] });
    const lookup = openDnsLookup({ resolver: server.address });
    expect(await lookup.caa("example.test", never)).toEqual({
      state: "found",
      records: [{ flags: 128, tag: "tbs", value: "unknown" }],
    });
  });

  test("are those of an alias's target, which the resolver follows", async () => {
    const cname: Answer = { type: "CNAME", name: "example.test", ttl: 1, data: "target.test" };
    const target = { type: "CAA", name: "target.test", ttl: 1, data: caa } as Answer;
    const server = await dns({}, ({ question }) =>
      question.type === "CAA" ? { flags: 0, answers: [cname, target] } : undefined,
    );
    const lookup = openDnsLookup({ resolver: server.address });
    expect(await lookup.caa("example.test", never)).toEqual({ state: "found", records: [read] });
  });

  test("that do not fit into a datagram come by TCP", async () => {
    const many = Array.from({ length: 40 }, (_, index) => ({
      ...caa,
      value: `ca${index}.test; account=${index}`,
    }));
    const transports: string[] = [];
    const server = await dns({ "example.test/CAA": many }, ({ question, transport }) => {
      if (question.type !== "CAA") return undefined;
      transports.push(transport);
      return transport === "udp" ? { flags: TRUNCATED_RESPONSE, answers: [] } : undefined;
    });
    const lookup = openDnsLookup({ resolver: server.address });
    const answer = await lookup.caa("example.test", never);
    expect(answer.state === "found" ? answer.records : []).toHaveLength(40);
    expect(transports).toEqual(["udp", "tcp"]);
  });

  test("are asked of the zone's own server first, since a resolver may remember others", async () => {
    const own = await dns({ "example.test/CAA": [caa] });
    const port = Number(own.address.split(":")[1]);
    const stale = await dns(
      {
        "example.test/NS": ["ns.example.test"],
        "ns.example.test/A": ["127.0.0.1"],
        "example.test/CAA": [{ ...caa, value: "former.test" }],
      },
      recursive,
    );
    const lookup = openDnsLookup({ resolver: stale.address, port });
    expect(await lookup.caa("example.test", never)).toEqual({ state: "found", records: [read] });
    expect(stale.questions).not.toContain("example.test/CAA");
  });

  test("are the resolver's where the zone's own server stays silent", async () => {
    const server = await dns(
      {
        "example.test/NS": ["ns.example.test"],
        "ns.example.test/A": ["127.0.0.2"],
        "example.test/CAA": [caa],
      },
      recursive,
    );
    const lookup = openDnsLookup({ resolver: server.address, port: 1 });
    expect(await lookup.caa("example.test", never)).toEqual({ state: "found", records: [read] });
  });

  test("are unknown where no resolver answers", async () => {
    const server = await dns({});
    await server.close();
    running.pop();
    const lookup = openDnsLookup({ resolver: server.address });
    expect(await lookup.caa("example.test", never)).toMatchObject({ state: "unknown" });
  });
});

describe("an alias", () => {
  test("is one step, in lower case, or none", async () => {
    const server = await dns({ "_acme-challenge.example.test/CNAME": ["A.Acme.Test"] });
    const lookup = openDnsLookup({ authoritative: server.address, resolver: server.address });
    expect(await lookup.cname("_acme-challenge.example.test", never)).toBe("a.acme.test");
    expect(await lookup.cname("a.acme.test", never)).toBeUndefined();
  });

  test("is looked for without a question to the resolver for the name that is not there yet", async () => {
    const own = await dns({});
    const port = Number(own.address.split(":")[1]);
    const resolver = await dns({ "example.test/NS": ["ns.test"], "ns.test/A": ["127.0.0.1"] }, recursive);
    const lookup = openDnsLookup({ resolver: resolver.address, port });
    expect(await lookup.cname("_acme-challenge.example.test", never)).toBeUndefined();
    expect(own.questions).toEqual(["_acme-challenge.example.test/CNAME"]);
    expect(resolver.questions.filter((each) => each.startsWith("_acme"))).toEqual([]);
  });

  test("is found after another caller gave the same search up", async () => {
    const own = await dns({ "_acme-challenge.example.test/CNAME": ["a.test"] });
    const port = Number(own.address.split(":")[1]);
    const resolver = await dns({ "example.test/NS": ["ns.test"], "ns.test/A": ["127.0.0.1"] }, recursive);
    const lookup = openDnsLookup({ resolver: resolver.address, port });
    const abort = new AbortController();
    const givenUp = lookup.cname("_acme-challenge.example.test", abort.signal);
    abort.abort(new Error("enough"));
    await expect(givenUp).rejects.toThrow("enough");
    expect(await lookup.cname("_acme-challenge.example.test", never)).toBe("a.test");
  });

  test("that could not be looked for is an error and not absence", async () => {
    const server = await dns({}, () => ({ flags: REFUSED }));
    const lookup = openDnsLookup({ resolver: server.address });
    await expect(lookup.cname("_acme-challenge.example.test", never)).rejects.toMatchObject({
      code: "dns-unreachable",
      message: "The resolver said REFUSED of _acme-challenge.example.test.",
    });
  });
});

describe("DNSSEC as a resolver that checks it sees it", () => {
  const soa = {
    type: "SOA",
    name: "example.test",
    ttl: 1,
    data: { mname: "ns.test", rname: "a.test" },
  } as Answer;
  const ds = { type: "DS", name: "example.test", ttl: 1, data: signer() } as Answer;
  const withSoa = (flags: number): Partial<Packet> => ({ flags, authorities: [soa] });

  test("is secure where the answer is authentic", async () => {
    expect(await stateOf(() => withSoa(AUTHENTIC_DATA))).toBe("secure");
  });

  test("is insecure where no parent vouches for the zone", async () => {
    expect(await stateOf(() => withSoa(0))).toBe("insecure");
  });

  test("is unknown of a resolver that does not check a signed zone", async () => {
    expect(
      await stateOf(({ question }) => (question.type === "DS" ? { flags: 0, answers: [ds] } : withSoa(0))),
    ).toBe("unknown");
  });

  test("is bogus where an answer comes only with checking disabled", async () => {
    const asked: boolean[] = [];
    const state = await stateOf(({ packet }) => {
      const isDisabled = ((packet.flags ?? 0) & CHECKING_DISABLED) !== 0;
      asked.push(isDisabled);
      return isDisabled ? withSoa(0) : { flags: SERVFAIL };
    });
    expect(state).toBe("bogus");
    expect(asked).toEqual([false, true, false]);
  });

  test("is unknown where the zone's servers fail in any case, or fail once", async () => {
    expect(await stateOf(() => ({ flags: SERVFAIL }))).toBe("unknown");
    let count = 0;
    expect(await stateOf(() => ((count += 1) === 1 ? { flags: SERVFAIL } : withSoa(0)))).toBe("unknown");
  });

  test("is asked for with the DO bit", async () => {
    const bits: boolean[] = [];
    await stateOf(({ packet }) => {
      for (const each of packet.additionals ?? []) if (each.type === "OPT") bits.push(each.flag_do);
      return withSoa(AUTHENTIC_DATA);
    });
    expect(bits).toEqual([true]);
  });

  async function stateOf(twist: (query: TinyQuery) => Partial<Packet>): Promise<string> {
    const server = await dns({}, twist);
    return await openDnsLookup({ resolver: server.address }).dnssec("mail.example.test", never);
  }

  function signer(): object {
    return { keyTag: 1, algorithm: 13, digestType: 2, digest: Buffer.alloc(32, 1) };
  }
});

describe("a question", () => {
  test("ignores what does not answer it, and takes the answer that follows", async () => {
    const { encode, decode } = await import("dns-packet");
    const liar = createSocket("udp4").bind(0, "127.0.0.1");
    await once(liar, "listening");
    liar.on("message", (message, from) => {
      const query = decode(message);
      const [question] = query.questions ?? [];
      const id = query.id ?? 0;
      if (question === undefined) return;
      const base = { type: "response" as const, flags: AUTHORITATIVE, questions: [question] };
      const forged = { type: "CNAME", name: question.name, ttl: 1, data: "forged.test" } as const;
      const other = { ...question, name: "other.test" };
      const replies: Packet[] = [
        { ...base, id: id ^ 1, answers: [forged] },
        { ...base, id, questions: [other], answers: [forged] },
        { ...base, id, answers: [{ ...forged, data: "true.test" }] },
      ];
      liar.send(Buffer.from("no DNS message"), from.port, from.address);
      for (const reply of replies) liar.send(encode(reply), from.port, from.address);
    });
    const { port } = liar.address();
    const lookup = openDnsLookup({ authoritative: `127.0.0.1:${port}`, resolver: `127.0.0.1:${port}` });
    expect(await lookup.cname("_acme-challenge.example.test", never)).toBe("true.test");
    liar.close();
  });

  test("that nobody answers ends with the abort", async () => {
    const silent = createSocket("udp4").bind(0, "127.0.0.1");
    await once(silent, "listening");
    const address = `127.0.0.1:${silent.address().port}`;
    const lookup = openDnsLookup({ authoritative: address, resolver: address });
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error("enough")), 50);
    const started = Date.now();
    await expect(lookup.dnssec("example.test", abort.signal)).rejects.toThrow("enough");
    expect(Date.now() - started).toBeLessThan(1000);
    silent.close();
  });
});
