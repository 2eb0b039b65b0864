import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { Agent } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { CLIENT_REQUESTS, type ClientRequest } from "../../responder/client-requests.ts";
import { expectAnswer } from "../../responder/expect-answer.ts";
import { poxRequest } from "../../responder/memory-responder.ts";
import {
  AUTOCONFIG,
  authority,
  CLOSE,
  folder,
  lines,
  openTls,
  putCertificate,
  send,
  serialAt,
  start,
} from "./running-serve.ts";

describe("every client's requests, over TLS and plain HTTP", () => {
  test("are answered as the table says", async () => {
    const running = await start();
    for (const request of CLIENT_REQUESTS) {
      expectAnswer(await send(running, request.url, request satisfies ClientRequest), request);
    }
    expect(lines).toEqual([]);
  });
});

interface Pair {
  readonly certPem: string;
  readonly keyPem: string;
}

describe("certificates", () => {
  test("are chosen by the names in them, the folder's own for all others", async () => {
    await putCertificate("net", ["example.net", "*.example.net"]);
    const running = await start();
    const [own, net] = [
      await serialAt(running, "autoconfig.example.com"),
      await serialAt(running, "example.net"),
    ];
    expect(net).not.toBe(own);
    expect(await serialAt(running, "autoconfig.example.net")).toBe(net);
    expect(await serialAt(running, "a.b.example.net")).toBe(own);
    expect(await serialAt(running, "unknown.example")).toBe(own);
  });

  test("are exchanged when their files change, by themselves, and an open connection goes on", async () => {
    const running = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const keepAlive = { connection: "keep-alive" };
    const socket = await openTls(running, "example.com");
    const former = socket.getPeerCertificate().serialNumber;
    expect((await send(running, AUTOCONFIG, { agent, headers: keepAlive })).status).toBe(200);
    await putCertificate("", ["example.com", "*.example.com"]);
    await expect.poll(() => serialAt(running, "example.com"), { timeout: 10_000 }).not.toBe(former);
    socket.write(`GET /healthz HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 OK/);
    expect((await send(running, AUTOCONFIG, { agent, headers: keepAlive })).status).toBe(200);
  });

  test.each<[string, (pem: Pair, other: Pair) => Pair]>([
    ["of another key", (pem, { keyPem }) => ({ ...pem, keyPem })],
    ["with an empty key", (pem) => ({ ...pem, keyPem: "" })],
    ["with half a key", (pem) => ({ ...pem, keyPem: pem.keyPem.slice(0, 80) })],
    ["without any text", (pem) => ({ ...pem, certPem: "" })],
    ["that is half written", (pem) => ({ ...pem, certPem: pem.certPem.slice(0, -40) })],
  ])("a new one %s is reported, and the former stays in use", async (_, damage) => {
    const running = await start();
    const former = await serialAt(running, "example.com");
    const pair = damage(await authority.issue(["example.com"]), await authority.issue(["example.com"]));
    for (const [name, pem] of [
      ["fullchain.pem", pair.certPem] as const,
      ["privkey.pem", pair.keyPem] as const,
    ]) {
      await rm(join(folder, "certificates", name));
      await writeFile(join(folder, "certificates", name), pem);
    }
    await running.reload();
    expect(lines.join("\n")).toMatch(/the former certificate stays in use/);
    expect(await serialAt(running, "example.com")).toBe(former);
  });

  test("that are missing at the start are an error that says what to do", async () => {
    await rm(join(folder, "certificates"), { recursive: true });
    await mkdir(join(folder, "certificates"));
    await expect(start()).rejects.toMatchObject({ code: "certificate-mismatch" });
  });
});

describe("domain files", () => {
  const path = (name: string): string => join(folder, "domains", name);

  test("are read when they come, change and go, by themselves", async () => {
    await putCertificate("net", ["autoconfig.example.net"]);
    const running = await start();
    const url = "https://autoconfig.example.net/mail/config-v1.1.xml";
    const status = async (): Promise<number> => (await send(running, url)).status;
    expect(await status()).toBe(404);
    await writeFile(
      path("example.net.yaml"),
      "domain: example.net\nmailServer: { host: mail.example.net }\n",
    );
    await expect.poll(status, { timeout: 10_000 }).toBe(200);
    await rm(path("example.net.yaml"));
    await expect.poll(status, { timeout: 10_000 }).toBe(404);
  });

  test("are watched on where a rename put them, in place as well as by the next rename", async () => {
    const running = await start();
    const served = async (): Promise<string> => (await send(running, AUTOCONFIG)).body;
    const fileOf = (host: string): string => `domain: example.com\nmailServer: { host: ${host} }\n`;
    for (const round of [1, 2]) {
      await writeFile(path("new"), fileOf(`moved${round}.example.com`));
      await rename(path("new"), path("example.com.yaml"));
      await expect.poll(served, { timeout: 10_000 }).toContain(`moved${round}.example.com`);
      await writeFile(path("example.com.yaml"), fileOf(`written${round}.example.com`));
      await expect.poll(served, { timeout: 10_000 }).toContain(`written${round}.example.com`);
    }
  });

  test("are watched in a folder that took the place of the former one", async () => {
    const running = await start();
    const text = "domain: example.com\nmailServer: { host: other.example.com }\n";
    await rename(join(folder, "domains"), join(folder, "former"));
    onTestFinished(() => rm(join(folder, "former"), { recursive: true }));
    await expect.poll(() => lines.join(), { timeout: 10_000 }).toContain("ENOENT");
    await mkdir(join(folder, "domains"));
    await writeFile(path("example.com.yaml"), text);
    const served = async (): Promise<string> => (await send(running, AUTOCONFIG)).body;
    await expect.poll(served, { timeout: 10_000 }).toContain("other.example.com");
    await writeFile(path("example.com.yaml"), text.replace("other", "another"));
    await expect.poll(served, { timeout: 10_000 }).toContain("another.example.com");
  });

  test("that are refused keep their former content and are reported, once", async () => {
    const running = await start();
    await writeFile(path("example.com.yaml"), "domain: example.com\nmailServer: { host: 7 }\n");
    await running.reload();
    await running.reload();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/example\.com\.yaml is refused, its former content stays in use/);
    expect((await send(running, AUTOCONFIG)).body).toContain("mail.example.com");
  });

  test("that are refused at the start take no other domain with them", async () => {
    await writeFile(path("broken.yaml"), ": :");
    const running = await start();
    expect(running.domains).toEqual(["example.com"]);
    expect(lines.join("\n")).toMatch(/broken\.yaml is refused, it is left out/);
  });

  test("a signed profile beside them is served as it is", async () => {
    await writeFile(path("example.com.mobileconfig"), Uint8Array.of(0x30, 0x82, 0xff));
    const running = await start();
    const { status, header } = await send(running, "https://autoconfig.example.com/mobileconfig");
    expect([status, header("content-length")]).toEqual([200, "3"]);
  });
});

test("metrics are on their own listener and hold no address", async () => {
  const running = await start();
  await send(running, `${AUTOCONFIG}?emailaddress=secret%40example.com`);
  expect((await send(running, "https://example.com/metrics")).status).toBe(404);
  const answer = await fetch(`${running.urls[2]}/metrics`);
  expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const body = await answer.text();
  expect(body).toContain('{domain="example.com",document="autoconfig",client="none",status="200"} 1');
  expect(body).not.toContain("secret");
});

test("health is told at its path for any host", async () => {
  const running = await start();
  expect(await send(running, "http://lb.internal.test/healthz")).toMatchObject({
    status: 200,
    body: "ok\n",
  });
});

test("a stop takes no more connections and lets an open request finish", async () => {
  const running = await start();
  const body = poxRequest("alice@example.com");
  const slow = await openTls(running, "autodiscover.example.com");
  slow.write(
    `POST /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: autodiscover.example.com\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  slow.write(body.slice(0, 50));
  await new Promise((resolve) => setTimeout(resolve, 200));
  let isStopped = false;
  const stopped = running.stop().then(() => (isStopped = true));
  await expect(send(running, AUTOCONFIG)).rejects.toThrow(/ECONNREFUSED/);
  expect(isStopped).toBe(false);
  slow.write(body.slice(50));
  const answer = await text(slow);
  expect(answer).toMatch(/^HTTP\/1.1 200 OK/);
  expect(answer).toMatch(/connection: close/i);
  await stopped;
});

test("the command says where it serves, and ends with 0 at SIGTERM", async () => {
  const main = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));
  const argv = ["serve", "--domains", join(folder, "domains"), "--listen", "127.0.0.1:0"];
  const child = spawn(process.execPath, [main, ...argv], { stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await expect.poll(() => said, { timeout: 20_000 }).toMatch(/^serving 1 domain at http:/);
  const url = /http:\S+/.exec(said)?.[0] ?? "";
  expect((await fetch(`${url}/healthz`, { headers: CLOSE })).status).toBe(200);
  child.kill("SIGTERM");
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  expect([code, signal]).toEqual([0, null]);
  expect(said).toContain("stopping");
});
