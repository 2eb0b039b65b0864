import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { ImapFlow } from "imapflow";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openAuthority, type Authority } from "../../../../infra/sandbox/authority/open-authority.ts";
import {
  startMailServer,
  type MailServer,
  type MailService,
} from "../../../../infra/sandbox/mail/start-mail-server.ts";
import { deployToFolder } from "../../../../src/adapters/folders/certificate-folder.ts";

const HOST = "mail.example.test";
const user = { address: "alice@example.test", password: 'päss w"ord\\' };
const ANY_PORTS = { imaps: 0, imap: 0, pop3s: 0, pop3: 0, submissions: 0, submission: 0, sieve: 0, smtp: 0 };

let dir: string;
let root: string;
let authority: Authority;
let server: MailServer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "mail-"));
  root = join(dir, "certificates");
  authority = await openAuthority(join(dir, "authority"));
  server = await startMailServer({
    host: "127.0.0.1",
    ports: ANY_PORTS,
    certificateRoot: root,
    users: () => [user],
  });
});
afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true });
});

async function deploy(domain: string, names: readonly string[]): Promise<void> {
  const { certPem, keyPem } = await authority.issue(names);
  await deployToFolder({ path: join(root, domain), fullChainPem: certPem, privateKeyPem: keyPem });
}

async function presented(
  service: MailService,
  servername?: string,
): Promise<{ serial: string; names: string }> {
  const socket = connectTls({
    ...server.endpoints[service],
    ...(servername === undefined ? {} : { servername }),
    rejectUnauthorized: false,
  });
  await once(socket, "secureConnect");
  const { serialNumber, subjectaltname } = socket.getPeerCertificate();
  socket.destroy();
  return { serial: serialNumber, names: subjectaltname ?? "" };
}

/** Sends `input` at once and returns all that the server says until it closes. */
async function talk(socket: Socket, input: string): Promise<string> {
  socket.write(input);
  return Buffer.concat(await socket.toArray()).toString();
}

function dial(service: MailService): Socket {
  return connect(server.endpoints[service]);
}

function dialTls(service: MailService): Socket {
  return connectTls({ ...server.endpoints[service], servername: HOST, ca: authority.rootPem });
}

describe("certificates", () => {
  test("before the first deployment every port is up with a self-signed one", async () => {
    for (const service of ["imaps", "pop3s", "submissions"] as const) {
      expect((await presented(service, HOST)).names).toBe("DNS:not-deployed.invalid");
    }
  });

  test("the one whose SAN covers the name is presented, and without SNI or match the first", async () => {
    await deploy("example.test", ["example.test", "*.example.test"]);
    await deploy("other.test", ["other.test", "mail.other.test"]);
    for (const service of ["imaps", "pop3s", "submissions"] as const) {
      expect((await presented(service, HOST)).names).toContain("*.example.test");
      expect((await presented(service, "mail.other.test")).names).toContain("mail.other.test");
      expect((await presented(service, "nobody.test")).names).toContain("*.example.test");
      expect((await presented(service)).names).toContain("*.example.test");
    }
  });

  test("a renewed one is presented at the next handshake, and open connections live on", async () => {
    const socket = dialTls("imaps");
    await once(socket, "data");
    const before = await presented("imaps", HOST);
    await deploy("example.test", ["example.test", "*.example.test"]);
    for (const service of ["imaps", "pop3s", "submissions"] as const) {
      expect((await presented(service, HOST)).serial).not.toBe(before.serial);
      expect((await presented(service)).serial).not.toBe(before.serial);
    }
    expect(await talk(socket, "a NOOP\r\nb LOGOUT\r\n")).toContain("a OK");
  });
});

describe("IMAP", () => {
  test.each([
    ["imaps", true, user.address],
    ["imap", false, "alice"],
  ] as const)("imapflow logs in on %s, opens INBOX and idles", async (service, secure, name) => {
    const client = new ImapFlow({
      ...server.endpoints[service],
      secure,
      ...(secure ? {} : { doSTARTTLS: true }),
      servername: HOST,
      auth: { user: name, pass: user.password },
      tls: { ca: authority.rootPem },
      logger: false,
    });
    await client.connect();
    expect((await client.list()).map(({ path }) => path)).toEqual(["INBOX"]);
    const lock = await client.getMailboxLock("INBOX");
    expect(await client.fetchAll("1:*", { flags: true }, { uid: true })).toEqual([]);
    lock.release();
    expect(await client.status("INBOX", { messages: true, unseen: true })).toMatchObject({ messages: 0 });
    const idling = client.idle();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await client.noop();
    await idling;
    await client.logout();
  });

  test("imapflow is told that a wrong password is one", async () => {
    const client = new ImapFlow({
      ...server.endpoints.imaps,
      secure: true,
      servername: HOST,
      auth: { user: user.address, pass: "wrong" },
      tls: { ca: authority.rootPem },
      logger: false,
    });
    await expect(client.connect()).rejects.toMatchObject({
      authenticationFailed: true,
      serverResponseCode: "AUTHENTICATIONFAILED",
    });
  });

  test("no password is taken before TLS", async () => {
    const text = await talk(
      dial("imap"),
      "a CAPABILITY\r\nb LOGIN alice x\r\nc AUTHENTICATE PLAIN AAAA\r\nd LOGOUT\r\n",
    );
    expect(text).toContain("LOGINDISABLED");
    expect(text).not.toContain("AUTH=PLAIN");
    expect(text).toMatch(/b NO \[PRIVACYREQUIRED\]/);
    expect(text).toMatch(/c NO \[PRIVACYREQUIRED\]/);
  });

  test("commands sent together with STARTTLS are not run after it (CVE-2011-0411)", async () => {
    expect(await talk(dial("imap"), "a STARTTLS\r\nb NOOP\r\n")).not.toContain("b OK");
  });

  test("a LOGIN with literals works, malformed lines are BAD, and endless ones end the connection", async () => {
    const password = Buffer.from(user.password);
    const login = `a LOGIN {5+}\r\nalice {${String(password.length)}+}\r\n`;
    const text = await talk(dialTls("imaps"), `${login}${user.password}\r\n(\r\nb FOO\r\nc LOGOUT\r\n`);
    expect(text).toMatch(/a OK/);
    expect(text).toMatch(/\* BAD/);
    expect(text).toMatch(/b BAD/);
    expect(await talk(dialTls("imaps"), "x".repeat(10_000))).toContain("* BYE Line too long");
    expect(await talk(dialTls("imaps"), "a LOGIN {999999999}\r\nb LOGOUT\r\n")).toMatch(
      /a BAD Literal too long/,
    );
    expect(await talk(dialTls("imaps"), "(\r\n".repeat(10))).toContain("* BYE Too many errors");
  });
});

describe("POP3", () => {
  test("USER and PASS, and AUTH PLAIN, log in to an empty maildrop", async () => {
    const text = await talk(
      dialTls("pop3s"),
      `CAPA\r\nUSER alice\r\nPASS ${user.password}\r\nSTAT\r\nLIST\r\nUIDL\r\nRETR 1\r\nQUIT\r\n`,
    );
    expect(text).toMatch(/SASL PLAIN[\s\S]*\+OK Logged in\r\n\+OK 0 0\r\n\+OK\r\n\.\r\n\+OK\r\n\.\r\n-ERR/);
    const plain = Buffer.from(`\0${user.address}\0${user.password}`).toString("base64");
    expect(await talk(dialTls("pop3s"), `AUTH PLAIN\r\n${plain}\r\nQUIT\r\n`)).toMatch(
      /\+ \r\n\+OK Logged in/,
    );
    expect(await talk(dialTls("pop3s"), `AUTH PLAIN ${plain}\r\nQUIT\r\n`)).toContain("+OK Logged in");
  });

  test("a wrong password is [AUTH], and no password is taken before STLS", async () => {
    expect(await talk(dialTls("pop3s"), "USER alice\r\nPASS no\r\nQUIT\r\n")).toContain("-ERR [AUTH]");
    const text = await talk(dial("pop3"), "CAPA\r\nUSER alice\r\nPASS x\r\nQUIT\r\n");
    expect(text).toContain("STLS");
    expect(text).not.toContain("SASL");
    expect(text).toMatch(/-ERR \[SYS\/PERM\]/);
  });
});

describe("submission", () => {
  test.each([
    ["submissions", true],
    ["submission", false],
  ] as const)("nodemailer logs in on %s and its message is taken", async (service, secure) => {
    const transport = createTransport({
      ...server.endpoints[service],
      secure,
      requireTLS: true,
      auth: { user: user.address, pass: user.password },
      tls: { ca: authority.rootPem, servername: HOST },
    });
    expect(await transport.verify()).toBe(true);
    const sent = await transport.sendMail({ from: user.address, to: "bob@example.com", text: "hello" });
    expect(sent.response).toMatch(/^250/);
    transport.close();
  });

  test("a wrong password is 535; neither AUTH before TLS nor mail without login is accepted", async () => {
    const transport = createTransport({
      ...server.endpoints.submissions,
      secure: true,
      auth: { user: user.address, pass: "wrong" },
      tls: { ca: authority.rootPem, servername: HOST },
    });
    await expect(transport.verify()).rejects.toMatchObject({ code: "EAUTH", responseCode: 535 });
    const socket = dial("submission");
    await once(socket, "data");
    const text = await talk(socket, "EHLO a.test\r\nAUTH PLAIN AGEAYg==\r\nMAIL FROM:<a@a.test>\r\nQUIT\r\n");
    expect(text).toMatch(/STARTTLS[\s\S]*^538 [\s\S]*^530 [\s\S]*^221 /m);
  });
});

test("SMTP between servers takes a message from anybody over STARTTLS, and lets nobody log in", async () => {
  const common = {
    ...server.endpoints.smtp,
    secure: false,
    requireTLS: true,
    tls: { ca: authority.rootPem, servername: HOST },
  };
  const transport = createTransport(common);
  const sent = await transport.sendMail({ from: "bob@example.com", to: user.address, text: "hello" });
  expect(sent.response).toMatch(/^250/);
  transport.close();
  const socket = dial("smtp");
  await once(socket, "data");
  const talked = await talk(socket, "EHLO a.test\r\nAUTH PLAIN AGEAYg==\r\nQUIT\r\n");
  expect(talked).toMatch(/^250[ -]STARTTLS\r\n[\s\S]*^5\d\d [\s\S]*^221 /m);
  expect(talked).not.toMatch(/^(?:250[ -]AUTH|235)/m);
});

test("ManageSieve tells its capabilities, lets no password in before TLS, and ends after too many errors", async () => {
  const talked = await talk(
    dial("sieve"),
    'CAPABILITY\r\nAUTHENTICATE "PLAIN" "AGEAYg=="\r\nLISTSCRIPTS\r\nX\r\nY\r\nZ\r\nLOGOUT\r\n',
  );
  expect(talked).toMatch(/^"IMPLEMENTATION" "Sandbox"\r\n[\s\S]*"SASL" ""\r\n"STARTTLS"\r\n[\s\S]*^OK /m);
  expect(talked).toMatch(/^NO \(ENCRYPT-NEEDED\)/m);
  expect(talked.match(/^NO /gm)).toHaveLength(5);
  expect(talked).not.toContain('OK "Bye"');
});

test("a port that is taken is named, and no other stays open", async () => {
  const { port } = server.endpoints.pop3;
  const options = { host: "127.0.0.1", certificateRoot: root, users: () => [] };
  await expect(startMailServer({ ...options, ports: { ...ANY_PORTS, pop3: port } })).rejects.toMatchObject({
    code: "port-taken",
    message: expect.stringContaining(String(port)) as unknown,
  });
});
