import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { probeMailPort, type MailPortObservation } from "../../../src/adapters/mail-ports/mail-ports.ts";

let fake: Server | undefined;
afterEach(() => {
  fake?.close();
  fake = undefined;
});

/** A ManageSieve server that greets, and answers each command that it knows. */
async function against(
  greeting: string,
  answers: Readonly<Record<string, string>> = {},
): Promise<MailPortObservation> {
  fake = createServer((socket: Socket) => {
    socket.on("error", () => undefined);
    socket.write(greeting);
    socket.on("data", (data) => socket.write(answers[data.toString().trim()] ?? ""));
  });
  await new Promise<void>((resolve) => fake?.listen(0, "127.0.0.1", resolve));
  const { port } = fake.address() as AddressInfo;
  return probeMailPort({
    host: "mail.example.test",
    port,
    tls: "starttls",
    protocol: "sieve",
    connectTo: { host: "127.0.0.1", port },
    timeoutMs: 300,
  });
}

const HELLO = '"IMPLEMENTATION" "x"\r\n"SASL" ""\r\nOK "ready"\r\n';

test("a server that does not upgrade says so", async () => {
  expect(await against(HELLO, { CAPABILITY: HELLO, STARTTLS: 'NO "no TLS here"\r\n' })).toMatchObject({
    outcome: "starttls-refused",
    detail: 'NO "no TLS here"',
  });
});

test.each([
  ["says goodbye at once", 'BYE "too busy"\r\n'],
  ["speaks another protocol", "* OK IMAP4rev1 ready\r\n"],
  ["never ends a line", "x".repeat(20_000)],
  ["sends a literal without end", '"SIEVE" {4294967296}\r\n'],
])("a server that %s has no ManageSieve", async (_, greeting) => {
  const { outcome } = await against(greeting);
  expect(outcome).toBe(greeting.startsWith("*") ? "timeout" : "protocol-error");
});

test("a string in a literal is read to its last octet, line ends and all", async () => {
  const told = '"SIEVE" {12}\r\nOK "not yet"\r\n"STARTTLS"\r\nOK {4}\r\nwell\r\n';
  expect(await against(HELLO, { CAPABILITY: told, STARTTLS: 'NO "the end"\r\n' })).toMatchObject({
    outcome: "starttls-refused",
    detail: 'NO "the end"',
  });
});

test("what is injected before the handshake is no answer", async () => {
  const injected = { CAPABILITY: HELLO, STARTTLS: 'OK "go"\r\n"SASL" "PLAIN"\r\nOK\r\n' };
  expect(await against(HELLO, injected)).toMatchObject({ outcome: "protocol-error", phase: "starttls" });
});
