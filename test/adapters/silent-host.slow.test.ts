/** A host that takes connections and says nothing: how often one look at the network waits for it. */
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openLiveWorld } from "../../src/adapters/live-world.ts";
import type { World, WorldResponse } from "../../src/clients/world/world.ts";

let server: Server;
let place: string;
let connections = 0;

beforeAll(async () => {
  server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  connections = 0;
});

function open(): World {
  return openLiveWorld({ resolver: "127.0.0.1:1", allowPrivate: true, timeoutMs: 200 });
}

async function ask(world: World, ...urls: readonly string[]): Promise<readonly WorldResponse[]> {
  const answers: WorldResponse[] = [];
  for (const url of urls) answers.push(await world.request({ method: "GET", url }));
  return answers;
}

test("without a handshake it is not waited for at another path, and is said to have cost as long", async () => {
  const [first, second] = await ask(open(), `https://${place}/a`, `https://${place}/b`);
  expect(first).toMatchObject({ state: "failed", kind: "timeout", reason: "no answer within 0.2 s" });
  expect(first?.ms).toBeGreaterThanOrEqual(200);
  expect(second).toEqual(first);
  expect(connections).toBe(1);
});

test("silence to one request may be that of its path alone; to two it is the host's", async () => {
  await ask(open(), ...["/a", "/b", "/c", "/d"].map((path) => `http://${place}${path}`));
  expect(connections).toBe(2);
});

test("another look asks again", async () => {
  for (const world of [open(), open()]) await ask(world, `https://${place}/`);
  expect(connections).toBe(2);
});
