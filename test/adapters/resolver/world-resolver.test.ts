import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { Answer } from "dns-packet";
import { afterEach, describe, expect, test } from "vitest";
import { openWorldResolver } from "../../../src/adapters/resolver/world-resolver.ts";
import type { Resolution } from "../../../src/clients/world/world.ts";
import { startTinyDns, type TinyDns, type TinyTwist, type TinyZone } from "../../certificates/tiny-dns.ts";

const TRUNCATED = 0x0200;
const NAME = "mail.example.test";

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function serve(records: Record<string, readonly unknown[]>, twist?: TinyTwist): Promise<TinyDns> {
  const zone: TinyZone = new Map(Object.entries(records));
  const dns = await startTinyDns(zone, twist);
  opened.push(dns);
  return dns;
}

/** The resolution without its time, which is a number of milliseconds. */
async function ask(
  resolver: string,
  type: Parameters<ReturnType<typeof openWorldResolver>>[1] = "A",
  name: string = NAME,
): Promise<Resolution> {
  const { ms, ...resolution } = await openWorldResolver({ resolver })(name, type);
  expect(ms).toBeGreaterThanOrEqual(0);
  return resolution;
}

const a = (name: string, data: string): Answer => ({ type: "A", name, ttl: 1, data });
const cname = (name: string, data: string): Answer => ({ type: "CNAME", name, ttl: 1, data });

describe("data comes in the form of a World", () => {
  test.each([
    { type: "A", data: ["192.0.2.1", "192.0.2.2"], said: ["192.0.2.1", "192.0.2.2"] },
    { type: "AAAA", data: ["2001:db8::25"], said: ["2001:db8::25"] },
    { type: "CNAME", data: ["Host.Example.NET"], said: ["host.example.net"] },
    { type: "NS", data: ["NS1.example.net"], said: ["ns1.example.net"] },
    { type: "MX", data: [{ preference: 10, exchange: "MX.example.net" }], said: ["10 mx.example.net"] },
    {
      type: "SRV",
      data: [{ priority: 0, weight: 1, port: 993, target: "Mail.example.test" }],
      said: ["0 1 993 mail.example.test"],
    },
    { type: "SRV", data: [{ priority: 0, weight: 0, port: 0, target: "." }], said: ["0 0 0 ."] },
    { type: "TXT", data: [["v=spf1 ", "-all"]], said: ["v=spf1 -all"] },
    { type: "TXT", data: [[Buffer.from([0xff, 0x41])]], said: ["\u00ffA"] },
    {
      type: "TLSA",
      data: [{ usage: 3, selector: 1, matchingType: 1, certificate: Buffer.from("AB01", "hex") }],
      said: ["3 1 1 ab01"],
    },
    { type: "CAA", data: [{ flags: 128, tag: "issue", value: "ca.test" }], said: ["128 issue ca.test"] },
  ] as const)("$type $said", async ({ type, data, said }) => {
    const dns = await serve({ [`${NAME}/${type}`]: data });
    expect(await ask(dns.address, type)).toEqual({ state: "found", data: said });
  });
});

test("an answer that does not fit into UDP is fetched by TCP", async () => {
  const dns = await serve({ [`${NAME}/A`]: ["192.0.2.1"] }, ({ transport }) =>
    transport === "udp" ? { answers: [], flags: TRUNCATED } : undefined,
  );
  expect(await ask(dns.address)).toEqual({ state: "found", data: ["192.0.2.1"] });
  expect(dns.questions).toEqual([`${NAME}/A`, `${NAME}/A`]);
});

test("a name that does not exist is absent, and no name", async () => {
  const dns = await serve({ "other.example.test/A": ["192.0.2.1"] });
  expect(await ask(dns.address)).toEqual({ state: "absent", isNoName: true });
});

test("a name without records of the type is absent", async () => {
  const dns = await serve({ [`${NAME}/AAAA`]: ["2001:db8::1"] });
  expect(await ask(dns.address)).toEqual({ state: "absent" });
});

test.each([
  { rcode: 1, said: "FORMERR" },
  { rcode: 2, said: "SERVFAIL" },
  { rcode: 5, said: "REFUSED" },
])("$said is unknown, never absent", async ({ rcode, said }) => {
  const dns = await serve({}, () => ({ flags: rcode, answers: [] }));
  expect(await ask(dns.address)).toEqual({ state: "unknown", reason: `the resolver said ${said}` });
});

test("a server that only names others does not know: a lame one is unknown, never absent", async () => {
  const authorities: Answer[] = [{ type: "NS", name: ".", ttl: 1, data: "a.root-servers.test" }];
  const dns = await serve({}, () => ({ flags: 0, authorities }));
  expect(await ask(dns.address)).toEqual({
    state: "unknown",
    reason: "the server only names others: it is no resolver",
  });
});

test("one that does not know EDNS is asked again without", async () => {
  const dns = await serve({ [`${NAME}/A`]: ["192.0.2.1"] }, ({ packet }) =>
    (packet.additionals ?? []).length > 0 ? { flags: 1, answers: [] } : undefined,
  );
  expect(await ask(dns.address)).toEqual({ state: "found", data: ["192.0.2.1"] });
});

test("nothing that listens is unknown, with the system's words", async () => {
  const dns = await serve({});
  await dns.close();
  opened.pop();
  expect(await ask(dns.address)).toEqual({
    state: "unknown",
    reason: expect.stringContaining("ECONNREFUSED"),
  });
});

test("AD of the resolver vouches for the answer", async () => {
  const dns = await serve({ [`${NAME}/A`]: ["192.0.2.1"] }, () => ({ flags: 0x0020 }));
  expect(await ask(dns.address)).toMatchObject({ state: "found", isAuthenticated: true });
});

describe("a chain of aliases", () => {
  test("is given in its order, whatever the order and the case of the answer", async () => {
    const answers = [
      a("END.example.net", "192.0.2.1"),
      cname("middle.example.org", "End.example.net"),
      cname("MAIL.example.test", "Middle.example.org"),
    ];
    const dns = await serve({}, () => ({ flags: 0, answers }));
    expect(await ask(dns.address)).toEqual({
      state: "found",
      data: ["192.0.2.1"],
      aliases: ["middle.example.org", "end.example.net"],
    });
  });

  test("to a name without the type is absent, with the aliases", async () => {
    const dns = await serve({}, () => ({ flags: 0, answers: [cname(NAME, "host.example.net")] }));
    expect(await ask(dns.address)).toEqual({ state: "absent", aliases: ["host.example.net"] });
  });

  test("to a name that does not exist is absent, with the aliases, and no name", async () => {
    const dns = await serve({}, () => ({ flags: 3, answers: [cname(NAME, "gone.example.net")] }));
    expect(await ask(dns.address)).toEqual({
      state: "absent",
      isNoName: true,
      aliases: ["gone.example.net"],
    });
  });

  test("that a server leaves to the asker is followed to its end", async () => {
    const records = { "end.example.net/A": ["192.0.2.1"] };
    const dns = await serve(records, ({ question }) => {
      const next = { [NAME]: "middle.example.org", "middle.example.org": "end.example.net" }[question.name];
      return next === undefined ? undefined : { flags: 0, answers: [cname(question.name, next)] };
    });
    expect(await ask(dns.address)).toEqual({
      state: "found",
      data: ["192.0.2.1"],
      aliases: ["middle.example.org", "end.example.net"],
    });
  });

  test("whose end the server does not know is unknown, never absent", async () => {
    const dns = await serve({}, ({ question }) =>
      question.name === NAME
        ? { flags: 0x0400, answers: [cname(NAME, "host.example.net")] }
        : { flags: 5, answers: [] },
    );
    expect(await ask(dns.address)).toEqual({ state: "unknown", reason: "the resolver said REFUSED" });
  });

  test("whose end the server has looked at is not asked again", async () => {
    const soa = { mname: "ns1.example.net", rname: "hostmaster.example.net" };
    const dns = await serve({}, () => ({
      flags: 0,
      answers: [cname(NAME, "host.example.net")],
      authorities: [{ type: "SOA", name: "example.net", ttl: 1, data: soa }],
    }));
    expect(await ask(dns.address)).toEqual({ state: "absent", aliases: ["host.example.net"] });
    expect(dns.questions).toEqual([`${NAME}/A`]);
  });

  test("that turns in a circle over several answers ends", async () => {
    const dns = await serve({}, ({ question }) => ({
      flags: 0,
      answers: [cname(question.name, question.name === NAME ? "b.example.test" : NAME)],
    }));
    expect(await ask(dns.address)).toMatchObject({ state: "absent" });
    expect(dns.questions).toHaveLength(2);
  });

  test("that turns in a circle ends", async () => {
    const answers = [cname(NAME, "b.example.test"), cname("b.example.test", NAME)];
    const dns = await serve({}, () => ({ flags: 0, answers }));
    expect(await ask(dns.address)).toMatchObject({ state: "absent" });
  });
});

describe("what was not asked for is not believed", () => {
  test("records of another name in the answer are left out", async () => {
    const answers = [a("bank.example.net", "203.0.113.66"), a(NAME, "192.0.2.1")];
    const dns = await serve({}, () => ({ flags: 0, answers }));
    expect(await ask(dns.address)).toEqual({ state: "found", data: ["192.0.2.1"] });
  });

  test("an answer to another question, or with another id, is passed over for the true one", async () => {
    const socket = createSocket("udp4");
    opened.push({ close: () => socket.close() });
    const { decode, encode } = await import("dns-packet");
    socket.on("message", (bytes, from) => {
      const query = decode(bytes);
      const id = query.id ?? 0;
      const questions = query.questions ?? [];
      const send = (packet: Parameters<typeof encode>[0]): void => {
        socket.send(encode(packet), from.port, from.address);
      };
      send({ type: "response", id: id ^ 1, questions, answers: [a(NAME, "203.0.113.66")] });
      const other = [{ type: "A" as const, name: "bank.example.net" }];
      send({ type: "response", id, questions: other, answers: [a("bank.example.net", "203.0.113.66")] });
      socket.send(Buffer.from("nonsense"), from.port, from.address);
      send({ type: "response", id, questions, answers: [a(NAME, "192.0.2.1")] });
    });
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    const { port } = socket.address();
    expect(await ask(`127.0.0.1:${port}`)).toEqual({ state: "found", data: ["192.0.2.1"] });
  });
});
