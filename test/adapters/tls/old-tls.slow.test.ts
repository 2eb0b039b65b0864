import { createServer as createPlainServer, type AddressInfo, type Server } from "node:net";
import {
  createServer as createTlsServer,
  TLSSocket,
  createSecureContext,
  type SecureVersion,
} from "node:tls";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { makeSelfSigned } from "../../../infra/sandbox/mail/self-signed.ts";
import { requestHttps } from "../../../src/adapters/web/https-probe.ts";
import { LineSocket } from "../../../src/adapters/mail-ports/mail-line-socket.ts";
import { probeMailPort, type MailPortObservation } from "../../../src/adapters/mail-ports/mail-ports.ts";

/** A server of its time: what OpenSSL calls level 0. */
const OLD_CIPHERS = "ALL:@SECLEVEL=0";

let certPem: string;
let keyPem: string;
const servers: Server[] = [];

beforeAll(async () => {
  ({ certPem, keyPem } = await makeSelfSigned());
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function versions(minVersion: SecureVersion, maxVersion: SecureVersion) {
  return { cert: certPem, key: keyPem, minVersion, maxVersion, ciphers: OLD_CIPHERS };
}

async function implicitServer(min: SecureVersion, max: SecureVersion): Promise<number> {
  const server = createTlsServer(versions(min, max), (socket) => {
    socket.on("error", () => undefined);
    socket.write("* OK hi\r\n");
    socket.on("data", () => socket.write("* CAPABILITY IMAP4rev1\r\na1 OK\r\n"));
  });
  server.on("tlsClientError", () => undefined);
  return listening(server);
}

async function probe(port: number, tls: "implicit" | "starttls"): Promise<MailPortObservation> {
  const connectTo = { host: "127.0.0.1", port };
  return probeMailPort({
    host: "mail.example.test",
    port,
    tls,
    protocol: "imap",
    connectTo,
    timeoutMs: 5000,
  });
}

describe("a mail port", () => {
  test.each<[SecureVersion, SecureVersion, string]>([
    ["TLSv1", "TLSv1", "TLSv1"],
    ["TLSv1.1", "TLSv1.1", "TLSv1.1"],
    ["TLSv1", "TLSv1.1", "TLSv1.1"],
  ])("that speaks %s to %s alone is named with its newest version", async (min, max, newest) => {
    expect(await probe(await implicitServer(min, max), "implicit")).toMatchObject({
      outcome: "tls-failed",
      phase: "tls",
      tlsProtocol: newest,
    });
  });

  test("that speaks TLS 1.2 beside older ones is right", async () => {
    expect(await probe(await implicitServer("TLSv1", "TLSv1.2"), "implicit")).toMatchObject({
      outcome: "answered",
      tlsProtocol: "TLSv1.2",
    });
  });

  test("that upgrades to TLS 1.0 alone is named, too", async () => {
    const secureContext = createSecureContext(versions("TLSv1", "TLSv1"));
    const port = await listening(
      createPlainServer((socket) => {
        socket.on("error", () => undefined);
        const line = new LineSocket(socket);
        line.write("* OK hi\r\n");
        void (async () => {
          for (;;) {
            const text = await line.readLine(1000);
            if (text === undefined) return;
            if (!text.includes("STARTTLS")) line.write("* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK\r\n");
            else {
              socket.write("a2 OK go\r\n");
              const secure = new TLSSocket(line.release(), { isServer: true, secureContext });
              secure.on("error", () => undefined);
              return;
            }
          }
        })();
      }),
    );
    expect(await probe(port, "starttls")).toMatchObject({ outcome: "tls-failed", tlsProtocol: "TLSv1" });
  });

  test("whose handshake fails for another reason is not asked again", async () => {
    let connections = 0;
    const port = await listening(
      createPlainServer((socket) => {
        connections += 1;
        socket.on("error", () => undefined);
        // TLS alert 40, handshake_failure: no common cipher, for example.
        socket.once("data", () => socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 40])));
      }),
    );
    const observation = await probe(port, "implicit");
    expect(observation).toMatchObject({ outcome: "tls-failed" });
    expect(observation).not.toHaveProperty("tlsProtocol");
    expect(connections).toBe(1);
  });

  test("that answers in TLS 1.0 without a word of refusal, as old servers do, is asked again", async () => {
    let connections = 0;
    const port = await listening(
      createPlainServer((socket) => {
        connections += 1;
        socket.on("error", () => undefined);
        // A ServerHello of version 3.1: 32 octets of random, no session, a cipher of that time, no compression.
        const hello = Buffer.from([3, 1, ...Array<number>(32).fill(7), 0, 0xc0, 0x14, 0]);
        const handshake = Buffer.from([2, 0, 0, hello.length, ...hello]);
        socket.once("data", () => {
          socket.write(Buffer.from([0x16, 3, 1, 0, handshake.length, ...handshake]));
          if (connections > 1) socket.end();
        });
      }),
    );
    expect(await probe(port, "implicit")).toMatchObject({ outcome: "tls-failed" });
    expect(connections).toBe(2);
  });
});

test("a web host that speaks TLS 1.1 alone is named with it", async () => {
  const port = await implicitServer("TLSv1", "TLSv1.1");
  const answer = await requestHttps({
    url: "https://autoconfig.example.test/",
    method: "GET",
    resolveTo: { host: "127.0.0.1", port },
    timeoutMs: 5000,
    maxBytes: 1000,
  });
  expect(answer).toMatchObject({ outcome: "tls-failed", tlsProtocol: "TLSv1.1" });
});
