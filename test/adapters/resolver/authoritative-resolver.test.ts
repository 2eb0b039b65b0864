import { createSocket } from "node:dgram";
import { once } from "node:events";
import { afterEach, describe, expect, test } from "vitest";
import { openAuthoritativeResolver } from "../../../src/adapters/resolver/authoritative-resolver.ts";
import { startTinyDns, type TinyDns, type TinyZone } from "../../certificates/tiny-dns.ts";

const never = new AbortController().signal;
const name = "_acme-challenge.mail.example.test";
const running: TinyDns[] = [];

async function dns(records: Readonly<Record<string, readonly unknown[]>>): Promise<TinyDns> {
  const zone: TinyZone = new Map(Object.entries(records));
  const server = await startTinyDns(zone);
  running.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

describe("the given server", () => {
  test.each([
    ["complete", ["one", "two", "stale"]],
    ["incomplete", ["one"]],
    ["incomplete", []],
  ])("is %s with the values %j", async (state, values) => {
    const server = await dns({ [`${name}/TXT`]: values });
    const check = openAuthoritativeResolver({ authoritative: server.address });
    expect(await check.observe(name, ["one", "two"], never)).toEqual([{ server: server.address, state }]);
  });

  test("is looked at anew each time", async () => {
    const zone: TinyZone = new Map();
    const server = await startTinyDns(zone);
    running.push(server);
    const check = openAuthoritativeResolver({ authoritative: server.address });
    expect(await check.observe(name, ["one"], never)).toMatchObject([{ state: "incomplete" }]);
    zone.set(`${name}/TXT`, ["one"]);
    expect(await check.observe(name, ["one"], never)).toMatchObject([{ state: "complete" }]);
  });

  test("that does not answer is an error", async () => {
    const server = await dns({});
    await server.close();
    running.pop();
    const check = openAuthoritativeResolver({ authoritative: server.address });
    await expect(check.observe(name, ["one"], never)).rejects.toMatchObject({ code: "dns-unreachable" });
  });
});

describe("without a given server", () => {
  test("the closest zone's servers are found and each is asked", async () => {
    const server = await dns({
      "example.test/NS": ["ns1.example.test", "ns2.example.test"],
      "ns1.example.test/A": ["127.0.0.1"],
      // Nothing listens there: an address that does not answer is no absent record.
      "ns2.example.test/A": ["127.0.0.2"],
      [`${name}/TXT`]: ["one"],
    });
    const port = Number(server.address.split(":")[1]);
    const check = openAuthoritativeResolver({ resolver: server.address, port });
    expect(await check.observe(name, ["one"], never)).toEqual([
      { server: "ns1.example.test", state: "complete" },
      { server: "ns2.example.test", state: "unreachable" },
    ]);
    expect(server.questions.filter((each) => each.endsWith("/NS"))).toEqual([
      `${name}/NS`,
      "mail.example.test/NS",
      "example.test/NS",
    ]);
  });

  test("a delegation of the challenge's own name is followed", async () => {
    const server = await dns({ [`${name}/NS`]: ["ns.other.test"], "ns.other.test/A": ["127.0.0.1"] });
    const port = Number(server.address.split(":")[1]);
    const check = openAuthoritativeResolver({ resolver: server.address, port });
    expect(await check.observe(name, ["one"], never)).toEqual([
      { server: `ns.other.test 127.0.0.1:${port}`, state: "incomplete" },
    ]);
  });

  test("a name in no zone is an error", async () => {
    const server = await dns({});
    const check = openAuthoritativeResolver({ resolver: server.address });
    await expect(check.observe(name, ["one"], never)).rejects.toMatchObject({
      code: "dns-unreachable",
      message: `No zone with name servers holds ${name}.`,
    });
  });
});

test("an abort ends a question that nobody answers", async () => {
  const silent = createSocket("udp4").bind(0, "127.0.0.1");
  await once(silent, "listening");
  const abort = new AbortController();
  const check = openAuthoritativeResolver({ authoritative: `127.0.0.1:${silent.address().port}` });
  setTimeout(() => abort.abort(new Error("enough")), 50);
  const started = Date.now();
  await expect(check.observe(name, ["one"], abort.signal)).rejects.toThrow("enough");
  expect(Date.now() - started).toBeLessThan(1000);
  silent.close();
});
