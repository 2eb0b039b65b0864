import { afterEach, expect, test } from "vitest";
import type { Answer } from "dns-packet";
import { openWorldResolver } from "../../src/adapters/world-resolver.ts";
import { startTinyDns, type TinyDns, type TinyTwist } from "../certificates/tiny-dns.ts";

const NXDOMAIN = 3;
const running: TinyDns[] = [];

async function resolver(
  records: Readonly<Record<string, readonly unknown[]>>,
  twist?: TinyTwist,
): Promise<ReturnType<typeof openWorldResolver>> {
  const server = await startTinyDns(new Map(Object.entries(records)), twist);
  running.push(server);
  return openWorldResolver({ resolver: server.address });
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

test("TLSA records are told as usage, selector, matching type and hexadecimal digest", async () => {
  const record = { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.from("AB01", "hex") };
  const ask = await resolver({ "_25._tcp.mail.example.test/TLSA": [record] });
  expect(await ask("_25._tcp.mail.example.test", "TLSA")).toMatchObject({
    state: "found",
    data: ["3 1 1 ab01"],
  });
});

test("a name that does not exist is told from one without the type", async () => {
  const ask = await resolver({ "host.example.test/A": ["192.0.2.1"] });
  expect(await ask("host.example.test", "AAAA")).not.toHaveProperty("isNoName");
  expect(await ask("gone.example.test", "A")).toMatchObject({ state: "absent", isNoName: true });
});

test("an alias whose end does not exist keeps its way", async () => {
  const alias: Answer = { type: "CNAME", name: "old.example.test", ttl: 1, data: "gone.example.net" };
  const ask = await resolver({}, () => ({ flags: NXDOMAIN, answers: [alias] }));
  expect(await ask("old.example.test", "A")).toMatchObject({
    state: "absent",
    isNoName: true,
    aliases: ["gone.example.net"],
  });
});
