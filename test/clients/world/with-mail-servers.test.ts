import { expect, test } from "vitest";
import { conclude } from "../../../src/clients/ladder/conclude.ts";
import {
  mailboxOf,
  type ClientModel,
  type ClientName,
  type Discovery,
} from "../../../src/clients/ladder/discovery.ts";
import { Trace } from "../../../src/clients/ladder/trace.ts";
import { withMailServers } from "../../../src/clients/world/with-mail-servers.ts";
import { memoryWorld, type MemoryServer } from "../memory-world.ts";

const server = { host: "mail.example.com", tls: "implicit" } as const;

/** A client that has found two servers after 100 ms, or none. */
function model(found: boolean, name: ClientName = "kmail"): ClientModel {
  return {
    name,
    title: "KMail",
    isBestEffort: false,
    discover: async (mailbox, world) => {
      const trace = Trace.begin(world);
      trace.wait(100);
      const servers = {
        incoming: { ...server, protocol: "imap", port: 993 },
        outgoing: { ...server, protocol: "submission", port: 465 },
      } as const;
      return conclude(name, trace, mailbox, found ? servers : {});
    },
  };
}

function discover(
  mail: MemoryServer,
  found = true,
  { name, zone = ["mail.example.com A 203.0.113.25"] }: { name?: ClientName; zone?: readonly string[] } = {},
): Promise<Discovery> {
  const world = memoryWorld({
    zones: { "example.com": zone },
    servers: { "203.0.113.25": mail },
  });
  return withMailServers(model(found, name)).discover(mailboxOf("alice", "example.com"), world);
}

const BOTH: MemoryServer["mail"] = [
  { port: 993, protocol: "imap", tls: "implicit" },
  { port: 465, protocol: "submission", tls: "implicit" },
];

test("a client connects to both servers at once, after it has found them", async () => {
  const result = await discover({ mail: BOTH, latencyMs: 40 });
  expect(result).toMatchObject({ outcome: "configured", prompts: [], assumptions: [], ms: 140 });
  expect(result.steps).toMatchObject([
    { what: "mail server", target: "mail.example.com:993 imap implicit", startMs: 100, ms: 40 },
    { what: "mail server", target: "mail.example.com:465 submission implicit", startMs: 100, ms: 40 },
  ]);
});

test("a certificate that is not trusted is a dialog, and the client is not configured", async () => {
  const result = await discover({ mail: BOTH, tls: "self-signed" });
  expect(result.outcome).toBe("failed");
  expect(result.prompts).toMatchObject([
    { kind: "certificate", target: "mail.example.com:993" },
    { kind: "certificate", target: "mail.example.com:465" },
  ]);
  expect(result.incoming).toMatchObject({ port: 993 });
});

test.each(["deltachat", "nextcloud"] as const)("%s shows no dialog, and ends with an error", async (name) => {
  expect(await discover({ mail: BOTH, tls: "self-signed" }, true, { name })).toMatchObject({
    outcome: "failed",
    prompts: [],
  });
});

test("a server without an address, or without the TLS that was found, is no use to any client", async () => {
  expect(await discover({ mail: BOTH }, true, { zone: [] })).toMatchObject({
    outcome: "failed",
    assumptions: [],
  });
  const starttls = BOTH.map((port) => ({ ...port, tls: "starttls" as const }));
  const result = await discover({ mail: starttls });
  expect(result).toMatchObject({ outcome: "failed", assumptions: [] });
  expect(result.steps.map(({ effect }) => effect)).toEqual(["ended", "ended"]);
});

test("a port without an answer is what the result rests on: it may answer the client", async () => {
  const result = await discover({ mail: BOTH.slice(0, 1) });
  expect(result).toMatchObject({
    outcome: "configured",
    assumptions: ["mail.example.com:465 answers submission"],
  });
  expect(result.steps.map(({ effect }) => effect)).toEqual(["passed", "unknown"]);
});

test("a client that found nothing connects to nobody", async () => {
  const result = await discover({ mail: BOTH, tls: "self-signed" }, false);
  expect(result).toMatchObject({ outcome: "manual", steps: [], prompts: [] });
});
