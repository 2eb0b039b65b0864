import { expect, test } from "vitest";
import { deriveClientSettings } from "../../../src/documents/client-settings.ts";
import { CLIENTS } from "../../../src/clients/clients.ts";
import { conclude } from "../../../src/clients/ladder/conclude.ts";
import { Trace } from "../../../src/clients/ladder/trace.ts";
import type { ClientModel } from "../../../src/clients/ladder/discovery.ts";
import { emptyZone } from "../../../src/dns/empty-zone.ts";
import { previewNotices } from "../../../src/doctor/explain/preview-notices.ts";
import { planAgainst, type PlanAgainst } from "../../../src/doctor/planned/plan-against.ts";
import { identity } from "../../dns/plan/sample-wish.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";
import { deployedZones } from "../planned/deployed-zones.ts";

const workersDevHost = "mail-prod.example.workers.dev";

function first(count = 1): PlanAgainst {
  const domains = Array.from({ length: count }, (_, index) => {
    const name = count === 1 ? "example.com" : `d${index}.example`;
    return sampleDomain({ domain: name, mailServer: { host: `mail.${name}` } });
  });
  return planAgainst({
    domains,
    zones: domains.map(({ domain }) => emptyZone(domain)),
    identity,
    workersDevHost,
  });
}

function again(domain = sampleDomain()): PlanAgainst {
  return planAgainst({ domains: [domain], zones: deployedZones(first()), identity, workersDevHost });
}

test("the first run says a line for the domain and one for each client", async () => {
  const notices = await previewNotices(first(), CLIENTS);
  expect(notices).toHaveLength(CLIENTS.length + 1);
  expect(notices.every(({ level, domain }) => level === "info" && domain === "example.com")).toBe(true);
  expect(notices[0]?.message).toMatch(/^\d+ of \d+ clients set themselves up after the change; today none\b/);
});

test("a run that changes neither records nor documents says nothing", async () => {
  const program = again();
  expect(await previewNotices(program, CLIENTS)).toEqual([]);
  const publishedSettings = new Map([["example.com", deriveClientSettings(sampleDomain())]]);
  expect(await previewNotices({ ...program, publishedSettings }, CLIENTS)).toEqual([]);
});

test("a document that changes is a change, where the state tells what is published", async () => {
  const former = deriveClientSettings(sampleDomain({ username: "localPart" }));
  const publishedSettings = new Map([["example.com", former]]);
  const notices = await previewNotices({ ...again(), publishedSettings }, CLIENTS);
  expect(notices.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^Delta Chat: .+, as alice@example\.com; today .+, as alice$/),
  );
});

test("a record that the program lets go of is a change", async () => {
  const notices = await previewNotices(again(sampleDomain({ guessNames: [] })), CLIENTS);
  expect(notices.length).toBeGreaterThan(0);
});

test("a change that no client notices is one line", async () => {
  const program = again(sampleDomain({ mailServer: { pop3: {} } }));
  const publishedSettings = new Map([["example.com", deriveClientSettings(sampleDomain())]]);
  const notices = await previewNotices({ ...program, publishedSettings }, CLIENTS);
  expect(notices.map(({ message }) => message)).toEqual([
    expect.stringMatching(/; today 14\. Nothing changes for any of them\.$/),
  ]);
});

test("what gets worse is a warning beside the line", async () => {
  let isBefore = true;
  // The first of the two worlds that it is asked in is the one before.
  const fickle: ClientModel = {
    name: "pacc",
    title: "Fickle",
    isBestEffort: false,
    discover: async (mailbox, world) => {
      const trace = Trace.begin(world);
      const server = { protocol: "imap", host: "mail.example.com", port: 993, tls: "implicit" } as const;
      const outgoing = { ...server, protocol: "submission", port: 465 } as const;
      const found = isBefore ? { incoming: server, outgoing, source: "guess" } : {};
      isBefore = false;
      return conclude("pacc", trace, mailbox, found);
    },
  };
  expect(await previewNotices(first(), [fickle])).toContainEqual({
    level: "warning",
    domain: "example.com",
    message: "Fickle gets worse: it no longer sets itself up.",
  });
});

test("many domains are told in one line each", async () => {
  const notices = await previewNotices(first(6), CLIENTS.slice(0, 2));
  expect(notices).toHaveLength(6);
});
