import { expect, test } from "vitest";
import type { Discovery } from "../../src/clients/ladder/discovery.ts";
import { kmail } from "../../src/clients/kmail.ts";
import { memoryWorld } from "./memory-world.ts";
import { cellOf } from "./scenarios/cell.ts";
import { AUTOCONFIG, WELL_KNOWN_PATH } from "./scenarios/documents.ts";
import { ALICE, scenarioWorld } from "./scenarios/scenarios.ts";

const WEB = "203.0.113.80";

test("Thunderbird's database is asked first, then the domain, without the address", async () => {
  const world = scenarioWorld("g-nothing");
  await kmail.discover(ALICE, world);
  expect(world.asked).toEqual([
    "GET https://autoconfig.thunderbird.net/v1.1/example.test",
    "GET https://autoconfig.example.test/mail/config-v1.1.xml",
    "GET http://autoconfig.example.test/mail/config-v1.1.xml",
    "GET https://example.test/.well-known/autoconfig/mail/config-v1.1.xml",
  ]);
});

test.each<[string, number, boolean]>([
  ["a page of status 200 ends the search, though the right document is elsewhere", 200, false],
  ["one of status 404 does not", 404, true],
  ["one of status 204 does not", 204, true],
])("%s", async (_, status, isFound) => {
  const discovery = await kmail.discover(
    ALICE,
    memoryWorld({
      zones: { "example.test": [`autoconfig.example.test A ${WEB}`, `example.test A ${WEB}`] },
      servers: {
        [WEB]: {
          https: (_, path) =>
            path === WELL_KNOWN_PATH ? { status: 200, body: AUTOCONFIG } : { status, body: "Hello" },
        },
      },
    }),
  );
  expect(discovery.outcome).toBe(isFound ? "configured" : "manual");
  expect(discovery.steps.some(({ effect }) => effect === "ended")).toBe(!isFound);
});

test("of several outgoing servers the least protected one is taken", async () => {
  const weak = `<outgoingServer type="smtp"><hostname>weak.example.test</hostname><port>25</port>
    <socketType>plain</socketType><username>%EMAILADDRESS%</username></outgoingServer></emailProvider>`;
  const discovery = await withDocument(AUTOCONFIG.replace("</emailProvider>", weak));
  expect(cellOf(discovery)).toMatchObject({ outgoing: "submission weak.example.test:25 plain" });
});

test("a server without a port is dropped, and an unknown socket type is TLS", async () => {
  const discovery = await withDocument(
    AUTOCONFIG.replace("<port>993</port>", "").replaceAll("<socketType>SSL", "<socketType>tls"),
  );
  expect(cellOf(discovery)).toMatchObject({ incoming: "pop3 box.example.test:995 implicit" });
});

test("a redirect from https to http is not followed, one from http to https is", async () => {
  const discovery = await kmail.discover(
    ALICE,
    memoryWorld({
      zones: { "example.test": [`autoconfig.example.test A ${WEB}`] },
      servers: {
        [WEB]: {
          https: (_, path) =>
            path === "/there"
              ? { status: 200, body: AUTOCONFIG }
              : { status: 302, headers: { location: "http://autoconfig.example.test/here" } },
          http: () => ({ status: 302, headers: { location: "https://autoconfig.example.test/there" } }),
        },
      },
    }),
  );
  expect(discovery.source).toBe("https://autoconfig.example.test/there");
});

function withDocument(body: string): Promise<Discovery> {
  const options = {
    zones: { "example.test": [`autoconfig.example.test A ${WEB}`] },
    servers: { [WEB]: { https: () => ({ status: 200, body }) } },
  };
  return kmail.discover(ALICE, memoryWorld(options));
}
