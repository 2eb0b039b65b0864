import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { X509Certificate, createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  openAuthority,
  type Authority,
  type IssuedCertificate,
} from "../../../infra/sandbox/authority/open-authority.ts";
import { startMailServer, type MailServer } from "../../../infra/sandbox/mail/start-mail-server.ts";
import { deployToFolder } from "../../../src/adapters/folders/certificate-folder.ts";
import { submissionDialogue } from "../../../src/adapters/mail-ports/mail-dialogue-submission.ts";
import { LineSocket } from "../../../src/adapters/mail-ports/mail-line-socket.ts";
import {
  probeMailPort,
  type MailPortObservation,
  type MailPortOptions,
} from "../../../src/adapters/mail-ports/mail-ports.ts";

const HOST = "mail.example.test";
const login = { username: "alice@example.test", password: "pässword" };

let dir: string;
let authority: Authority;
let issued: IssuedCertificate;
let server: MailServer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "ports-"));
  authority = await openAuthority(join(dir, "authority"));
  issued = await authority.issue(["example.test", "*.example.test"]);
  const path = join(dir, "certificates", "example.test");
  await deployToFolder({ path, fullChainPem: issued.certPem, privateKeyPem: issued.keyPem });
  server = await startMailServer({
    host: "127.0.0.1",
    ports: { imaps: 0, imap: 0, pop3s: 0, pop3: 0, submissions: 0, submission: 0, sieve: 0, smtp: 0 },
    certificateRoot: join(dir, "certificates"),
    users: () => [{ address: login.username, password: login.password }],
  });
});
afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true });
});

const SERVICES = [
  ["imaps", "imap", "implicit"],
  ["imap", "imap", "starttls"],
  ["pop3s", "pop3", "implicit"],
  ["pop3", "pop3", "starttls"],
  ["submissions", "submission", "implicit"],
  ["submission", "submission", "starttls"],
  ["sieve", "sieve", "starttls"],
] as const;

describe.each(SERVICES)("%s", (service, protocol, tls) => {
  const probe = (extra: Partial<MailPortOptions> = {}): Promise<MailPortObservation> =>
    probeMailPort({
      host: HOST,
      port: 993,
      tls,
      protocol,
      connectTo: server.endpoints[service],
      ca: authority.rootPem,
      ...extra,
    });

  test("keeps what is offered before STARTTLS apart from what is offered inside", async () => {
    const observation = await probe();
    if (observation.outcome !== "answered") throw new Error(observation.detail);
    const upgrade = { imap: "STARTTLS", pop3: "STLS", submission: "STARTTLS", sieve: "STARTTLS" }[protocol];
    const before = observation.plainCapabilities ?? [];
    expect(observation.capabilities).not.toContain(upgrade);
    expect(before.includes(upgrade)).toBe(tls === "starttls");
    // The sandbox's submission names AUTH before STARTTLS, and refuses it there with 538.
    expect(before.join(" ")).not.toMatch(/PLAIN/);
  });

  test("shows greeting, capabilities, certificate and trust, and logs in", async () => {
    const leaf = new X509Certificate(issued.certPem);
    const spki = leaf.publicKey.export({ format: "der", type: "spki" });
    expect(await probe({ login })).toMatchObject({
      outcome: "answered",
      greeting: expect.stringMatching(/Sandbox/) as unknown,
      capabilities: expect.arrayContaining([
        {
          imap: "AUTH=PLAIN",
          pop3: "SASL PLAIN",
          submission: "AUTH PLAIN LOGIN",
          sieve: "SASL PLAIN",
        }[protocol],
      ]) as unknown,
      tlsProtocol: "TLSv1.3",
      certificate: {
        spkiSha256: createHash("sha256").update(spki).digest("hex"),
        serial: leaf.serialNumber,
        notAfter: new Date(leaf.validTo),
        subjectAltNames: ["example.test", "*.example.test"],
        fingerprint: leaf.fingerprint256.replaceAll(":", "").toLowerCase(),
      },
      authorized: true,
      loggedIn: true,
    });
  });

  test("shows the chain as it was sent, each time", async () => {
    for (const observation of [await probe(), await probe()]) {
      if (observation.outcome !== "answered") throw new Error(observation.detail);
      const sent = observation.chain.map((der) => new X509Certificate(der).fingerprint256);
      const served = issued.certPem.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? [];
      expect(sent).toEqual(served.map((pem) => new X509Certificate(pem).fingerprint256));
      expect(sent).toHaveLength(2);
    }
  });

  test("a wrong password is the server's refusal", async () => {
    const observation = await probe({ login: { ...login, password: "wrong" } });
    expect(observation).toMatchObject({ loggedIn: false, login: { result: "refused" } });
  });

  test("an untrusted root and a name not covered are verdicts, and no password is sent then", async () => {
    const untrusted = await probeMailPort({
      host: HOST,
      port: 1,
      tls,
      protocol,
      connectTo: server.endpoints[service],
      login,
    });
    expect(untrusted).toMatchObject({ outcome: "answered", authorized: false });
    expect(untrusted).not.toHaveProperty("loggedIn");
    const wrongName = await probe({ host: "mail.other.test", login });
    expect(wrongName).toMatchObject({
      authorized: false,
      authorizationError: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
    expect(wrongName).not.toHaveProperty("loggedIn");
  });
});

test("SMTP between servers is heard as far as its certificate, without a login", async () => {
  const observation = await probeMailPort({
    host: HOST,
    port: 25,
    tls: "starttls",
    protocol: "smtp",
    connectTo: server.endpoints.smtp,
    ca: authority.rootPem,
  });
  expect(observation).toMatchObject({ outcome: "answered", authorized: true, tlsProtocol: "TLSv1.3" });
  if (observation.outcome !== "answered") return;
  expect(observation.plainCapabilities).toContain("STARTTLS");
  expect([...observation.capabilities, ...(observation.plainCapabilities ?? [])].join(" ")).not.toMatch(
    /AUTH/,
  );
});

test("a server that knows only LOGIN is logged in to by literals", async () => {
  const said: string[] = [];
  const fake = createTlsServer({ cert: issued.certPem, key: issued.keyPem }, (socket) => {
    const line = new LineSocket(socket);
    const answers: [RegExp, string][] = [
      [/^a1/, "* CAPABILITY IMAP4rev1\r\na1 OK done"],
      [/^a3/, "a3 BAD unknown"],
      [/\{\d+\}$/, "+ go"],
      [/word$/, "a4 OK in"],
    ];
    line.write("* OK hi\r\n");
    void (async () => {
      for (;;) {
        const text = await line.readLine(1000);
        if (text === undefined) return;
        said.push(Buffer.from(text, "latin1").toString());
        const answer = answers.find(([pattern]) => pattern.test(text))?.[1];
        if (answer !== undefined) line.write(`${answer}\r\n`);
      }
    })();
  });
  await new Promise<void>((resolve) => fake.listen(0, "127.0.0.1", resolve));
  const connectTo = { host: "127.0.0.1", port: (fake.address() as AddressInfo).port };
  const options = { host: HOST, port: 993, tls: "implicit", protocol: "imap", connectTo, login } as const;
  expect(await probeMailPort({ ...options, ca: authority.rootPem })).toMatchObject({ loggedIn: true });
  fake.close();
  expect(said.slice(2, 5)).toEqual(["a4 LOGIN {18}", "alice@example.test {9}", "pässword"]);
});

test.each([
  ["lets", "334 \r\n", ["AUTH", "*"], ["STARTTLS", "AUTH LOGIN PLAIN"]],
  ["refuses", "538 STARTTLS first\r\n", ["AUTH"], ["STARTTLS"]],
])(
  "a login in the clear that the server %s: nothing secret is sent to find out",
  async (_, reply, said, left) => {
    const heard: string[] = [];
    const fake = createServer((socket) => {
      socket.on("data", (data: Buffer) => {
        heard.push(data.toString().trim());
        socket.write(data.toString().startsWith("*") ? "501 cancelled\r\n" : reply);
      });
    });
    await new Promise<void>((resolve) => fake.listen(0, "127.0.0.1", resolve));
    const socket = connect((fake.address() as AddressInfo).port, "127.0.0.1");
    const line = new LineSocket(socket);
    expect(await submissionDialogue.plainOffers?.(line, ["STARTTLS", "AUTH LOGIN PLAIN"])).toEqual(left);
    expect(heard.map((text) => text.split(" ")[0])).toEqual(said);
    expect(heard[0]).toBe("AUTH PLAIN");
    line.destroy();
    fake.close();
  },
);

describe("what goes wrong has an outcome of its own", () => {
  let fake: Server | undefined;
  afterEach(() => {
    fake?.close();
    fake = undefined;
  });

  async function against(
    behave: (socket: Socket) => void,
    extra: Partial<MailPortOptions> = {},
  ): Promise<MailPortObservation> {
    fake = createServer((socket) => {
      socket.on("error", () => undefined);
      behave(socket);
    });
    await new Promise<void>((resolve) => fake?.listen(0, "127.0.0.1", resolve));
    const { port } = fake.address() as AddressInfo;
    const connectTo = { host: "127.0.0.1", port };
    return probeMailPort({
      host: HOST,
      port,
      tls: "starttls",
      protocol: "imap",
      connectTo,
      timeoutMs: 300,
      ...extra,
    });
  }

  test("nothing listens", async () => {
    const connectTo = { host: "127.0.0.1", port: 1 };
    expect(
      await probeMailPort({ host: HOST, port: 993, tls: "implicit", protocol: "imap", connectTo }),
    ).toMatchObject({
      outcome: "refused",
      phase: "connect",
    });
  });

  test("a name without address", async () => {
    // A label of 64 characters fails without a question to any name server.
    const host = `${"x".repeat(64)}.invalid`;
    expect(await probeMailPort({ host, port: 993, tls: "implicit", protocol: "imap" })).toMatchObject({
      outcome: "unresolved",
    });
  });

  test("silence, before the greeting and in the handshake", async () => {
    expect(await against(() => undefined)).toMatchObject({ outcome: "timeout", phase: "greeting" });
    expect(await against(() => undefined, { tls: "implicit" })).toMatchObject({
      outcome: "timeout",
      phase: "tls",
    });
  });

  test("a plain-text server on a port of implicit TLS", async () => {
    expect(await against((socket) => socket.write("* OK hi\r\n"), { tls: "implicit" })).toMatchObject({
      outcome: "tls-failed",
    });
  });

  test("another protocol, and a server that closes", async () => {
    expect(await against((socket) => socket.write("SSH-2.0-x\r\n"))).toMatchObject({
      outcome: "protocol-error",
    });
    expect(await against((socket) => socket.end())).toMatchObject({
      outcome: "protocol-error",
      phase: "greeting",
    });
    expect(await against((socket) => socket.write("x".repeat(20_000)))).toMatchObject({
      outcome: "protocol-error",
    });
  });

  test("STARTTLS refused", async () => {
    const observation = await against((socket) => {
      socket.write("* OK hi\r\n");
      socket.on("data", answerStartTls(socket, "a2 BAD no\r\n"));
    });
    expect(observation).toMatchObject({ outcome: "starttls-refused", detail: "a2 BAD no" });
  });

  test("answers injected before the handshake", async () => {
    const observation = await against((socket) => {
      socket.write("* OK hi\r\n");
      socket.on("data", answerStartTls(socket, "a2 OK go\r\n* CAPABILITY EVIL\r\n"));
    });
    expect(observation).toMatchObject({ outcome: "protocol-error", phase: "starttls" });
  });
});

/** Tells its capabilities, and answers STARTTLS with `reply`. */
function answerStartTls(socket: Socket, reply: string): (data: Buffer) => void {
  return (data) => {
    const isAsked = data.includes("STARTTLS");
    socket.write(isAsked ? reply : "* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK\r\n");
  };
}
