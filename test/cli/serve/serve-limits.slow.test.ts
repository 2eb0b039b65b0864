import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { poxRequest } from "../../responder/memory-responder.ts";
import { AUTOCONFIG, openTls, portOf, send, start } from "./running-serve.ts";

describe("a server that is asked too much", () => {
  test("answers a body of more than 8 kB with error 600 and closes", async () => {
    const running = await start();
    const url = "https://autodiscover.example.com/autodiscover/autodiscover.xml";
    const body = poxRequest("alice@example.com") + " ".repeat(9000);
    const answer = await send(running, url, { method: "POST", body, headers: { connection: "keep-alive" } });
    expect(answer.body).toContain("<ErrorCode>600</ErrorCode>");
    expect(answer.header("connection")).toBe("close");
  });

  test("refuses headers beyond 8 kB", async () => {
    const running = await start();
    const answer = await send(running, AUTOCONFIG, { headers: { "x-long": "a".repeat(9000) } });
    expect(answer.status).toBe(431);
  });

  test("refuses a request of two Host headers, and answers one of HTTP/1.0 without any by its address", async () => {
    const running = await start();
    const ask = async (request: string): Promise<string> => {
      const socket = await openTls(running, "example.com");
      socket.write(`${request}\r\nConnection: close\r\n\r\n`);
      return text(socket);
    };
    const path = "/mail/config-v1.1.xml";
    const host = "Host: autoconfig.example.com";
    expect(await ask(`GET ${path} HTTP/1.1\r\n${host}\r\n${host}`)).toMatch(/^HTTP\/1.1 400 /);
    const byAddress = await ask(`GET ${path}?emailaddress=alice%40example.com HTTP/1.0`);
    expect(byAddress).toContain("<domain>example.com</domain>");
    expect(await ask(`GET /autoconfig.example.com${path} HTTP/1.0`)).toMatch(/^HTTP\/1.1 404 /);
  });

  test("does not wait for headers that never end", async () => {
    const running = await start();
    const socket = connectTcp(portOf(running, 1), "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: autoconfig.example.com\r\n");
    const started = performance.now();
    expect(await text(socket)).toMatch(/^HTTP\/1.1 408 /);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

test.each(["", "Content-Length: 0\r\n"])(
  "a POST without a body is answered at once, and the connection goes on: %j",
  async (length) => {
    const running = await start();
    const socket = await openTls(running, "example.com");
    const post = `POST /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: autodiscover.example.com\r\n${length}\r\n`;
    const get = "GET /none HTTP/1.1\r\nHost: autoconfig.example.com\r\nConnection: close\r\n\r\n";
    socket.write(post + get);
    const answers = await text(socket);
    expect(answers.match(/^HTTP\/1\.1 \d+/gm)).toEqual(["HTTP/1.1 200", "HTTP/1.1 404"]);
    expect(answers).toContain("<ErrorCode>600</ErrorCode>");
  },
);

test("a stop waits 10 s at most for a connection that never speaks TLS", async () => {
  const running = await start();
  const silent = connectTcp(portOf(running, 0), "127.0.0.1");
  await once(silent, "connect");
  silent.on("error", () => undefined).resume();
  const started = performance.now();
  await running.stop();
  // Node's own limit would be 120 s.
  expect(performance.now() - started).toBeLessThan(60_000);
  await expect.poll(() => silent.closed).toBe(true);
});

test("a client that ends its side behind the request gets the answer", async () => {
  const running = await start();
  const socket = connectTcp({ host: "127.0.0.1", port: portOf(running, 1), allowHalfOpen: true });
  socket.end("GET /mail/config-v1.1.xml HTTP/1.1\r\nHost: autoconfig.example.com\r\n\r\n");
  expect(await text(socket)).toMatch(/^HTTP\/1.1 301 /);
});
