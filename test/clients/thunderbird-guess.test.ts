import { expect, test } from "vitest";
import type { Discovery } from "../../src/clients/ladder/discovery.ts";
import { thunderbird } from "../../src/clients/thunderbird/thunderbird.ts";
import { memoryWorld, type MemoryMailPort, type MemoryServer } from "./memory-world.ts";
import { cellOf } from "./scenarios/cell.ts";
import { ALICE, scenarioWorld } from "./scenarios/scenarios.ts";

const MAIL = "203.0.113.25";

const IMAPS: MemoryMailPort = { port: 993, protocol: "imap", tls: "implicit" };
const IMAP: MemoryMailPort = { port: 143, protocol: "imap", tls: "starttls" };
const POP3S: MemoryMailPort = { port: 995, protocol: "pop3", tls: "implicit" };
const SUBMISSIONS: MemoryMailPort = { port: 465, protocol: "submission", tls: "implicit" };
const SUBMISSION: MemoryMailPort = { port: 587, protocol: "submission", tls: "starttls" };

function discover(
  labels: readonly string[],
  server: MemoryServer,
  more: readonly string[] = [],
): Promise<Discovery> {
  const world = memoryWorld({
    zones: { "example.test": [...labels.map((label) => `${label}.example.test A ${MAIL}`), ...more] },
    servers: { [MAIL]: server, "203.0.113.99": { blackHole: true } },
  });
  return thunderbird.discover(ALICE, world);
}

test("servers at imap. and smtp. with good certificates are found, with the local part as user name", async () => {
  const discovery = await discover(["imap", "smtp"], { mail: [IMAPS, IMAP, SUBMISSIONS, SUBMISSION] });
  expect(cellOf(discovery)).toEqual({
    outcome: "configured",
    incoming: "imap imap.example.test:993 implicit",
    outgoing: "submission smtp.example.test:465 implicit",
    username: "alice",
    source: "guess",
  });
});

test.each<[string, readonly string[], readonly MemoryMailPort[], string]>([
  [
    "IMAP with STARTTLS before POP3 with TLS",
    ["imap", "pop", "smtp"],
    [IMAP, POP3S, SUBMISSION],
    "imap imap.example.test:143 starttls",
  ],
  [
    "a kind of TLS before a name",
    ["imap", "mail", "smtp"],
    [IMAPS, SUBMISSION],
    "imap imap.example.test:993 implicit",
  ],
  [
    "POP3 where there is no IMAP",
    ["imap", "pop", "smtp"],
    [POP3S, SUBMISSION],
    "pop3 pop.example.test:995 implicit",
  ],
  ["mail. where there is no imap.", ["mail"], [IMAPS, SUBMISSION], "imap mail.example.test:993 implicit"],
  [
    "no TLS where nothing else is offered",
    ["imap", "smtp"],
    [{ ...IMAP, tls: "plain" }, SUBMISSION],
    "imap imap.example.test:143 plain",
  ],
])("the guess takes %s", async (_, labels, mail, incoming) => {
  expect(cellOf(await discover(labels, { mail }))).toMatchObject({ outcome: "configured", incoming });
});

test.each(["self-signed", "wrong-name"] as const)(
  "a %s certificate hides ports with TLS from the first byte, not those with STARTTLS, and shows at the login",
  async (tls) => {
    const hidden = await discover(["imap", "smtp"], { tls, mail: [IMAPS, SUBMISSIONS] });
    expect(cellOf(hidden)).toEqual({ outcome: "manual" });
    const seen = await discover(["imap", "smtp"], { tls, mail: [IMAPS, IMAP, SUBMISSIONS, SUBMISSION] });
    expect(cellOf(seen)).toMatchObject({
      outcome: "failed",
      incoming: "imap imap.example.test:143 starttls",
      outgoing: "submission smtp.example.test:587 starttls",
      prompts: ["certificate imap.example.test:143"],
    });
  },
);

test("one direction alone is no account", async () => {
  expect((await discover(["imap"], { mail: [IMAPS] })).outcome).toBe("manual");
});

test("a black hole among the guessed names costs ten seconds and its place in the queue", async () => {
  const found = { mail: [IMAPS, POP3S, SUBMISSION] };
  const quick = await discover(["imap", "pop", "smtp"], found);
  // The guess goes on until the other protocol has answered: POP3 with TLS at `pop.` is the eighth try after IMAP's.
  expect(quick.ms).toBe(700);
  const slow = await discover(["pop", "smtp"], found, ["imap.example.test A 203.0.113.99"]);
  // Without IMAP every try of it is waited for; the last at `imap.`, the one without TLS, is the fifteenth.
  expect(slow).toMatchObject({ outcome: "configured", ms: 11_400 });
});

test("a name that does not exist is one step, and costs its place in the queue", async () => {
  const discovery = await thunderbird.discover(ALICE, scenarioWorld("g-nothing"));
  const guesses = discovery.steps.filter(({ what }) => what === "guess");
  expect(guesses.map(({ target }) => target)).toEqual([
    "imap.example.test",
    "pop3.example.test",
    "pop.example.test",
    "mail.example.test",
    "example.test",
    "smtp.example.test",
  ]);
  // 21 tries of incoming servers, 100 ms after one another.
  expect(discovery.ms).toBe(2000);
});
