import { expect, test } from "vitest";
import type { Discovery } from "../../src/clients/ladder/discovery.ts";
import { rfc6186 } from "../../src/clients/rfc6186.ts";
import { memoryWorld } from "./memory-world.ts";
import { cellOf } from "./scenarios/cell.ts";
import { ALICE, scenarioWorld } from "./scenarios/scenarios.ts";

const SUBMISSIONS = "_submissions._tcp.example.test SRV 0 1 465 box.example.test";

test("all services are asked at once", async () => {
  const discovery = await rfc6186.discover(
    ALICE,
    scenarioWorld("d-srv", (options) => ({ ...options, dnsMs: 25 })),
  );
  expect(discovery.steps.filter(({ what }) => what === "SRV")).toHaveLength(6);
  expect(discovery.ms).toBe(25);
});

test.each<[string, readonly string[], string]>([
  [
    "equal services: TLS from the first byte goes before STARTTLS, IMAP before POP3",
    ["_pop3s 0 1 995 pop", "_imap 0 1 143 imap", "_imaps 0 1 993 imap"],
    "imap imap.example.test:993 implicit",
  ],
  [
    "priority decides between services, POP3 among them (RFC 6186 §3.4)",
    ["_imaps 10 1 993 imap", "_pop3s 5 1 995 pop"],
    "pop3 pop.example.test:995 implicit",
  ],
  [
    "of one priority, the highest weight is the likeliest",
    ["_imaps 10 1 993 third", "_imaps 0 1 993 second", "_imaps 0 9 993 first"],
    "imap first.example.test:993 implicit",
  ],
  [
    "a service at the root is not offered",
    ["_imaps 0 0 0 .", "_imap 10 1 143 imap"],
    "imap imap.example.test:143 starttls",
  ],
])("%s", async (_, services, incoming) => {
  const discovery = await at(services.map(toLine));
  expect(cellOf(discovery)).toMatchObject({ incoming, username: "alice@example.test" });
});

test("a server outside the domain has to be confirmed, each once; a name that only ends alike is outside", async () => {
  const discovery = await at([
    "_imaps._tcp.example.test SRV 0 1 993 mail.notexample.test",
    "_submissions._tcp.example.test SRV 0 1 465 mail.notexample.test",
  ]);
  expect(cellOf(discovery)).toMatchObject({
    outcome: "configured",
    prompts: ["foreign-host mail.notexample.test"],
  });
});

test("services of one direction alone are no account", async () => {
  const discovery = await rfc6186.discover(ALICE, memoryWorld({ zones: { "example.test": [SUBMISSIONS] } }));
  expect(discovery.outcome).toBe("manual");
  expect(discovery.prompts).toEqual([]);
});

test("services that cannot be looked up leave the outcome unknown, or are said to be taken for absent", async () => {
  const world = memoryWorld({ zones: { "example.test": [toLine("_imap 0 1 143 imap"), SUBMISSIONS] } });
  const doubt = (names: RegExp): Promise<Discovery> =>
    rfc6186.discover(ALICE, {
      ...world,
      resolve: async (name, type) =>
        names.test(name) ? { state: "unknown", reason: "silence" } : world.resolve(name, type),
    });
  expect((await doubt(/^_submission/)).outcome).toBe("unknown");
  const found = await doubt(/^_imaps/);
  expect(found.outcome).toBe("configured");
  expect(found.assumptions).toEqual(["_imaps._tcp.example.test SRV finds nothing"]);
});

function toLine(service: string): string {
  const [label = "", priority = "", weight = "", port = "", host = ""] = service.split(" ");
  const target = host === "." ? host : `${host}.example.test`;
  return `${label}._tcp.example.test SRV ${priority} ${weight} ${port} ${target}`;
}

function at(records: readonly string[]): Promise<Discovery> {
  return rfc6186.discover(ALICE, memoryWorld({ zones: { "example.test": [SUBMISSIONS, ...records] } }));
}
