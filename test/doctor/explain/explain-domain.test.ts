import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CLIENTS } from "../../../src/clients/clients.ts";
import type { World } from "../../../src/clients/world/world.ts";
import { emptyZone } from "../../../src/dns/empty-zone.ts";
import { explainDomain, type DomainExplanation } from "../../../src/doctor/explain/explain-domain.ts";
import { planAgainst } from "../../../src/doctor/planned/plan-against.ts";
import { worldAfter, worldBefore } from "../../../src/doctor/planned/planned-world.ts";
import type { Endpoint, MailDomain } from "../../../src/spec/mail-domain.ts";
import { deployedZones } from "../planned/deployed-zones.ts";
import { observedRecord, observedZone } from "../../dns/observed-zone.ts";
import { identity } from "../../dns/plan/sample-wish.ts";
import { anyDomain, sampleDomain } from "../../spec/sample-domain.ts";

const workersDevHost = "mail-prod.example.workers.dev";

async function explain(domain: MailDomain, zone = emptyZone(domain.domain)): Promise<DomainExplanation> {
  const program = planAgainst({ domains: [domain], zones: [zone], identity, workersDevHost });
  return explainDomain(domain, {
    clients: CLIENTS,
    before: worldBefore(program),
    after: worldAfter(program),
    workersDevHost,
  });
}

/** Finds nothing at any domain: it asks Microsoft alone. */
const WITHOUT_DOMAIN = "outlook-cloud";

test("in an empty zone every client that asks the domain ends with the settings of the file, by itself", async () => {
  const { clients } = await explain(sampleDomain());
  const rows = clients.filter(({ after }) => after.client !== WITHOUT_DOMAIN);
  expect(rows.length).toBeGreaterThan(10);
  for (const { after, verdict, worsenings } of rows) {
    expect(after).toMatchObject({
      outcome: "configured",
      incoming: { protocol: "imap", host: "mail.example.com", port: 993, tls: "implicit" },
      outgoing: { protocol: "submission", host: "mail.example.com", port: 465, tls: "implicit" },
      username: "alice@example.com",
      passwordSentTo: [],
    });
    expect({ verdict, worsenings }).toEqual({ verdict: "better", worsenings: [] });
  }
});

test("whatever the file, no client gives the password away, and one that ends with other servers is called worse", async () => {
  await fc.assert(
    fc.asyncProperty(anyDomain, async (domain) => {
      const zones = [emptyZone(domain.domain)];
      const after = worldAfter(planAgainst({ domains: [domain], zones, identity, workersDevHost }));
      const { clients } = await explainDomain(domain, { clients: CLIENTS, before: undefined, after });
      const { imap, pop3, submission } = domain.mailServer;
      const named = [...imap, ...pop3, ...submission];
      for (const { after: found, verdict } of clients) {
        expect(found.passwordSentTo).toEqual([]);
        if (found.outcome !== "configured") continue;
        const servers = [found.incoming, found.outgoing].filter((server) => server !== undefined);
        // Which kind of TLS an unusual port speaks, some formats cannot say; host and port all of them can.
        for (const { host, port } of servers) expect(named.map(placeOf)).toContain(`${host}:${port}`);
        const isNamed = servers.every((server) =>
          named.some(({ tls, ...place }) => placeOf(place) === placeOf(server) && tls === server.tls),
        );
        expect(verdict).toBe(isNamed ? "unknown" : "worse");
      }
    }),
    { numRuns: 30 },
  );
}, 120_000);

test("whatever the file, the zone setting Always Use HTTPS makes no difference to what clients end with", async () => {
  await fc.assert(
    fc.asyncProperty(anyDomain, async (domain) => {
      const zones = [emptyZone(domain.domain)];
      const after = worldAfter(planAgainst({ domains: [domain], zones, identity, workersDevHost }));
      // Cloudflare answers 301 before any Worker runs.
      const always: World = {
        ...after,
        request: async (asked) => {
          const answer = await after.request(asked);
          if (answer.state === "failed" || !asked.url.startsWith("http:")) return answer;
          const location = asked.url.replace("http:", "https:");
          return { ...answer, status: 301, headers: { location }, body: "" };
        },
      };
      const end = async (world: World): Promise<unknown> => {
        const { clients } = await explainDomain(domain, {
          clients: CLIENTS,
          before: undefined,
          after: world,
        });
        return clients.map(({ after: found }) => ({ ...found, steps: [] }));
      };
      expect(await end(always)).toEqual(await end(after));
    }),
    { numRuns: 20 },
  );
}, 120_000);

function placeOf({ host, port }: Pick<Endpoint, "host" | "port">): string {
  return `${host}:${port}`;
}

describe("a wildcard that leads to a web host of somebody else", () => {
  const zone = observedZone([
    observedRecord({ type: "A", name: "*.example.com", content: "192.0.2.80" }),
    observedRecord({ type: "MX", name: "example.com", content: "mail.example.com", priority: 10 }),
  ]);

  test("is no answer that anybody knows before the change, and none at all after it", async () => {
    const { clients } = await explain(sampleDomain(), zone);
    const thunderbird = clients.find(({ after }) => after.client === "thunderbird");
    expect(thunderbird?.before).toMatchObject({ outcome: "unknown", source: undefined });
    expect(thunderbird?.after).toMatchObject({ outcome: "configured" });
  });

  test("could have the password today, and no longer after the change", async () => {
    const { clients } = await explain(sampleDomain(), zone);
    const risks = clients
      .filter(({ risksBefore }) => risksBefore.length > 0)
      .map(({ after, risksBefore, risksAfter }) => [after.client, risksBefore, risksAfter]);
    const risk = { origin: "https://autodiscover.example.com", leadsTo: "192.0.2.80" };
    expect(risks).toEqual([
      ["thunderbird", [risk], []],
      ["outlook", [risk], []],
    ]);
  });
});

test.each([
  ["a name for guessing clients", []],
  [
    "a name of somebody else with the server's address",
    [observedRecord({ type: "A", name: "imap.example.com", content: "203.0.113.25" })],
  ],
])("%s leads to the file's server, and is none that the file does not name", async (_title, records) => {
  // Without an address of the origin nothing is published, and clients guess.
  const domain = sampleDomain({
    publish: { origin: "web.example.com" },
    mailServer: { addresses: ["203.0.113.25"] },
  });
  const { clients } = await explain(domain, observedZone(records, { name: "example.com" }));
  const guessing = clients.filter(({ after }) => after.source === "guess");
  expect(guessing.map(({ after }) => after.incoming?.host)).toContain("imap.example.com");
  for (const { worsenings } of guessing) expect(worsenings).toEqual([]);
});

test("before a change that nobody knows the documents of, they are unknown, and no risk for the password", async () => {
  const domain = sampleDomain();
  const first = planAgainst({
    domains: [domain],
    zones: [emptyZone("example.com")],
    identity,
    workersDevHost,
  });
  const zones = deployedZones(first);
  const program = planAgainst({ domains: [domain], zones, identity, workersDevHost });
  const { clients } = await explainDomain(domain, {
    clients: CLIENTS,
    before: worldBefore(program),
    after: worldAfter(program),
    workersDevHost,
  });
  const before = Object.fromEntries(clients.map(({ before: found }) => [found?.client, found?.outcome]));
  expect(before).toMatchObject({ thunderbird: "unknown", outlook: "unknown", rfc6186: "configured" });
  expect(clients.flatMap(({ risksBefore }) => risksBefore)).toEqual([]);
});

test("without a world before the change only the time after it is told", async () => {
  const domain = sampleDomain();
  const program = planAgainst({ domains: [domain], zones: [emptyZone("example.com")], identity });
  const { clients, address } = await explainDomain(domain, {
    clients: CLIENTS,
    before: undefined,
    after: worldAfter(program),
    localPart: "bob",
  });
  expect(address).toBe("bob@example.com");
  expect(clients.every(({ before, verdict }) => before === undefined && verdict === "unknown")).toBe(true);
  expect(clients[0]?.after.username).toBe("bob@example.com");
});
