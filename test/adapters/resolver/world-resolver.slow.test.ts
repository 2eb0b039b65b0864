import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { decode, encode } from "dns-packet";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureApiCertificate } from "../../../infra/sandbox/acme/api-certificate.ts";
import { openWorldResolver } from "../../../src/adapters/resolver/world-resolver.ts";

const name = "mail.example.test";

let directory: string;
let ca: string;
let https: Server;
let doh: string;
let silent: Socket;
let silentAddress: string;
let asked = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "world-doh-"));
  const files = await ensureApiCertificate(directory, "127.0.0.1");
  ca = await readFile(files.caFile, "utf8");
  const [cert, key] = await Promise.all([readFile(files.certificateFile), readFile(files.keyFile)]);
  https = createServer({ cert, key }, (request, response) => {
    void buffer(request).then((body) => {
      const { id = 0, questions = [] } = decode(body);
      const answers = [{ type: "A" as const, name, ttl: 1, data: "192.0.2.1" }];
      response.writeHead(200, { "content-type": "application/dns-message" });
      response.end(encode({ type: "response", id, questions, answers }));
    });
  });
  https.listen(0, "127.0.0.1");
  silent = createSocket("udp4");
  silent.on("message", () => (asked += 1));
  silent.bind(0, "127.0.0.1");
  await Promise.all([once(https, "listening"), once(silent, "listening")]);
  doh = `https://127.0.0.1:${(https.address() as AddressInfo).port}/dns-query`;
  silentAddress = `127.0.0.1:${silent.address().port}`;
});
afterAll(async () => {
  https.close();
  silent.close();
  await rm(directory, { recursive: true });
});

test("a resolver that stays silent is unknown after its time, never absent", async () => {
  const answer = await openWorldResolver({ resolver: silentAddress })(name, "A");
  expect(answer).toMatchObject({ state: "unknown", reason: expect.stringContaining("silent") });
  expect(answer.ms).toBeGreaterThan(3500);
});

test("where it stays silent, HTTPS answers, and is asked first from then on", async () => {
  const resolve = openWorldResolver({ resolver: silentAddress, doh: [doh], ca });
  expect(await resolve(name, "A")).toMatchObject({ state: "found", data: ["192.0.2.1"] });
  const before = asked;
  const again = await resolve(name, "A");
  expect(again).toMatchObject({ state: "found", data: ["192.0.2.1"] });
  expect(again.ms).toBeLessThan(1500);
  expect(asked).toBe(before);
});

test("named alone it is asked in place of the system's resolver", async () => {
  expect(await openWorldResolver({ doh: [doh], ca })(name, "A")).toMatchObject({
    state: "found",
    data: ["192.0.2.1"],
  });
});

test("a resolver over HTTPS whose certificate is not trusted is unknown, and named", async () => {
  expect(await openWorldResolver({ doh: [doh] })(name, "A")).toMatchObject({
    state: "unknown",
    reason: expect.stringMatching(/^The resolver https:\S+ gives no answer: [A-Z_]+$/) as string,
  });
});
