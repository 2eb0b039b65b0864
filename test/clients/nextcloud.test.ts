import { expect, test } from "vitest";
import type { Discovery } from "../../src/clients/ladder/discovery.ts";
import { nextcloud } from "../../src/clients/nextcloud.ts";
import { memoryWorld } from "./memory-world.ts";
import { cellOf } from "./scenarios/cell.ts";
import { AUTOCONFIG } from "./scenarios/documents.ts";
import { ALICE, scenarioWorld } from "./scenarios/scenarios.ts";

const WEB = "203.0.113.80";

test("the domain's places, those over plain HTTP last; then the same for the MX host and the name above it", async () => {
  const world = scenarioWorld("g-nothing");
  await nextcloud.discover(ALICE, world);
  const places = (domain: string): readonly string[] => [
    `GET https://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=alice@example.test`,
    `GET https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=alice@example.test`,
    `GET https://autoconfig.thunderbird.net/v1.1/${domain}`,
    `GET http://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=alice@example.test`,
    `GET http://${domain}/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=alice@example.test`,
  ];
  expect(world.asked).toEqual([
    ...places("example.test"),
    "example.test MX",
    ...places("box.example.test"),
    ...places("example.test"),
  ]);
});

test("each place gets seven seconds", async () => {
  const discovery = await nextcloud.discover(
    ALICE,
    memoryWorld({
      zones: { "example.test": [`autoconfig.example.test A ${WEB}`] },
      servers: { [WEB]: { blackHole: true } },
    }),
  );
  expect(discovery.ms).toBe(14_000);
});

test("redirects are followed, five at most", async () => {
  const behind = async (redirects: number): Promise<Discovery> =>
    nextcloud.discover(
      ALICE,
      memoryWorld({
        zones: { "example.test": [`autoconfig.example.test A ${WEB}`] },
        servers: {
          [WEB]: {
            https: (_, path) => {
              const done = Number(/^\/(\d+)$/.exec(path)?.[1] ?? 0);
              return done === redirects
                ? { status: 200, body: AUTOCONFIG }
                : { status: 301, headers: { location: `/${done + 1}` } };
            },
          },
        },
      }),
    );
  expect((await behind(5)).source).toBe("https://autoconfig.example.test/5");
  expect((await behind(6)).outcome).toBe("manual");
});

test("half of the settings ends the search", async () => {
  const discovery = await withDocument(AUTOCONFIG.replace(`type="smtp"`, `type="other"`));
  expect(cellOf(discovery)).toEqual({
    outcome: "manual",
    incoming: "imap box.example.test:993 implicit",
    username: "alice@example.test",
    source: "https://autoconfig.example.test/mail/config-v1.1.xml",
  });
  expect(discovery.steps).toHaveLength(1);
});

test("placeholders in a host name stay, and an unknown socket type is no TLS", async () => {
  const discovery = await withDocument(
    AUTOCONFIG.replace("<hostname>box.example.test", "<hostname>box.%EMAILDOMAIN%").replace("SSL", "ssl/tls"),
  );
  expect(cellOf(discovery)).toMatchObject({ incoming: "imap box.%EMAILDOMAIN%:993 plain" });
});

function withDocument(body: string): Promise<Discovery> {
  const options = {
    zones: { "example.test": [`autoconfig.example.test A ${WEB}`] },
    servers: { [WEB]: { https: () => ({ status: 200, body }) } },
  };
  return nextcloud.discover(ALICE, memoryWorld(options));
}
