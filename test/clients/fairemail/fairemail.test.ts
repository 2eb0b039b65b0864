import { expect, test } from "vitest";
import type { Discovery } from "../../../src/clients/ladder/discovery.ts";
import { fairEmail } from "../../../src/clients/fairemail/fairemail.ts";
import {
  readFairEmailAutoconfig,
  readFairEmailPox,
} from "../../../src/clients/parsers/fairemail-documents.ts";
import { memoryWorld, type MemoryServer, type MemoryWorldOptions } from "../memory-world.ts";
import { cellOf } from "../scenarios/cell.ts";
import { AUTOCONFIG, AUTOCONFIG_PATH, POX, serves } from "../scenarios/documents.ts";
import { ALICE, scenarioWorld } from "../scenarios/scenarios.ts";

const WEB = "203.0.113.80";
const IMAP = "_imaps._tcp.example.test SRV 0 1 993 box.example.test";

test("SRV goes before autoconfig, which goes before Autodiscover; all three are asked all the same", async () => {
  const world = scenarioWorld("f-all");
  const discovery = await fairEmail.discover(ALICE, world);
  expect(world.asked).toEqual([
    "_imaps._tcp.example.test SRV",
    "_imap._tcp.example.test SRV",
    "_submission._tcp.example.test SRV",
    "_submissions._tcp.example.test SRV",
    "GET https://autoconfig.example.test/mail/config-v1.1.xml?emailaddress=alice@example.test",
    "POST https://example.test/autodiscover/autodiscover.xml",
  ]);
  expect(discovery.steps.filter(({ effect }) => effect === "used").map(({ what }) => what)).toEqual([
    "choice",
  ]);
});

test("services of equal priority and weight: TLS from the first byte to read, but STARTTLS to send", async () => {
  const discovery = await at([
    IMAP,
    "_imap._tcp.example.test SRV 0 1 143 box.example.test",
    "_submissions._tcp.example.test SRV 0 1 465 box.example.test",
    "_submission._tcp.example.test SRV 0 1 587 box.example.test",
  ]);
  expect(cellOf(discovery)).toMatchObject({
    incoming: "imap box.example.test:993 implicit",
    outgoing: "submission box.example.test:587 starttls",
  });
});

test("a lower priority number decides, and STARTTLS is believed at its usual port only", async () => {
  const discovery = await at([
    IMAP,
    "_submissions._tcp.example.test SRV 0 1 465 box.example.test",
    "_submission._tcp.example.test SRV 10 1 587 box.example.test",
  ]);
  expect(cellOf(discovery)).toMatchObject({ outgoing: "submission box.example.test:465 implicit" });
  const odd = await at([IMAP, "_submission._tcp.example.test SRV 0 1 2525 box.example.test"]);
  expect(cellOf(odd)).toMatchObject({ outgoing: "submission box.example.test:2525 implicit" });
});

test("without the services of one direction, those of the other are dropped", async () => {
  const discovery = await at(
    [IMAP, "_submission._tcp.example.test SRV 0 0 0 .", `autoconfig.example.test A ${WEB}`],
    { [WEB]: { https: serves(AUTOCONFIG_PATH, AUTOCONFIG) } },
  );
  expect(discovery.source).toBe("https://autoconfig.example.test/mail/config-v1.1.xml");
});

test("the first incoming server decides, whatever its type", () => {
  const popFirst = AUTOCONFIG.replace(`type="imap"`, `type="x"`).replace(`type="pop3"`, `type="imap"`);
  expect(readFairEmailAutoconfig(AUTOCONFIG)).toBeDefined();
  expect(readFairEmailAutoconfig(popFirst)).toBeUndefined();
});

test("the last user name of the file wins, an address book's too, and is taken as it stands", () => {
  const last = AUTOCONFIG.replace(
    "</clientConfig>",
    "<addressbook><username>%EMAILLOCALPART%</username></addressbook></clientConfig>",
  );
  expect(readFairEmailAutoconfig(last)?.username).toBe("%EMAILLOCALPART%");
});

test("the last of port and socket type says whether it is STARTTLS; plain is no word", () => {
  const tls = (server: string): string | undefined =>
    readFairEmailAutoconfig(AUTOCONFIG.replace("<port>993</port><socketType>SSL</socketType>", server))?.imap
      .tls;
  expect(tls("<port>143</port>")).toBe("starttls");
  expect(tls("<port>143</port><socketType>SSL</socketType>")).toBe("implicit");
  expect(tls("<socketType>SSL</socketType><port>143</port>")).toBe("starttls");
  expect(tls("<port>1143</port><socketType>plain</socketType>")).toBe("implicit");
});

test("Autodiscover needs the type email and the action settings, before the servers", () => {
  expect(readFairEmailPox(POX)?.smtp).toMatchObject({ port: 465, tls: "implicit" });
  expect(readFairEmailPox(POX.replace("<AccountType>email</AccountType>", ""))).toBeUndefined();
  const late = POX.replace("<Action>settings</Action>", "").replace(
    "</Account>",
    "<Action>settings</Action></Account>",
  );
  expect(readFairEmailPox(late)).toBeUndefined();
  expect(readFairEmailPox(POX.replace("<Port>465</Port>", "<Port>587</Port>"))?.smtp.tls).toBe("starttls");
});

test.each<[string, MemoryServer["tls"], boolean]>([
  ["a certificate for another name is good enough for autoconfig", "wrong-name", true],
  ["a certificate of nobody known is not", "self-signed", false],
])("%s", async (_, tls = "trusted", isFound) => {
  const discovery = await at([`autoconfig.example.test A ${WEB}`], {
    [WEB]: { tls, https: serves(AUTOCONFIG_PATH, AUTOCONFIG) },
  });
  expect(discovery.outcome === "configured").toBe(isFound);
});

test("a redirect from https to http is not followed", async () => {
  const discovery = await at([`autoconfig.example.test A ${WEB}`], {
    [WEB]: {
      https: () => ({ status: 302, headers: { location: "http://autoconfig.example.test/elsewhere" } }),
      http: serves("/elsewhere", AUTOCONFIG),
    },
  });
  expect(discovery.outcome).toBe("manual");
});

test("the scan takes a server with a certificate of nobody known, and the person is asked about it", async () => {
  const world = scenarioWorld("e-wild-selfsigned-mail", ({ zones, ...options }) => ({
    ...options,
    zones: {
      ...zones,
      "example.test": (zones["example.test"] ?? []).filter((line) => !line.includes(" SRV ")),
    },
  }));
  expect(cellOf(await fairEmail.discover(ALICE, world))).toEqual({
    outcome: "configured",
    incoming: "imap imap.example.test:993 implicit",
    outgoing: "submission smtp.example.test:587 starttls",
    username: "alice@example.test",
    source: "guess",
    prompts: ["certificate imap.example.test:993", "certificate smtp.example.test:587"],
  });
});

test("a certificate for another name is taken in the scan only where nothing else answers", async () => {
  const mail: MemoryServer["mail"] = [
    { port: 993, protocol: "imap", tls: "implicit" },
    { port: 587, protocol: "submission", tls: "starttls" },
  ];
  const records = [
    ...["imap", "smtp"].map((label) => `${label}.example.test A ${WEB}`),
    "mail.example.test A 203.0.113.81",
  ];
  const wrongName: MemoryServer = { tls: "wrong-name", mail };
  expect(cellOf(await at(records, { [WEB]: wrongName, "203.0.113.81": { mail } }))).toMatchObject({
    incoming: "imap mail.example.test:993 implicit",
    outgoing: "submission mail.example.test:587 starttls",
  });
  expect(cellOf(await at(records, { [WEB]: wrongName }))).toMatchObject({
    incoming: "imap imap.example.test:993 implicit",
    prompts: ["certificate imap.example.test:993", "certificate smtp.example.test:587"],
  });
});

test("ports are scanned all at once, for ten seconds at most", async () => {
  const names = ["imap", "smtp", "mail"].map((label) => `${label}.example.test A ${WEB}`);
  const discovery = await at(names, { [WEB]: { blackHole: true } });
  const scans = discovery.steps.filter(({ what }) => what === "scan");
  expect(new Set(scans.map(({ startMs }) => startMs)).size).toBe(1);
  expect(Math.max(...scans.map(({ ms }) => ms))).toBe(10_000);
  expect(discovery.outcome).toBe("unknown");
});

test("the scan waits for those that it prefers, and for no other", async () => {
  const good: MemoryServer = {
    latencyMs: 40,
    mail: [
      { port: 993, protocol: "imap", tls: "implicit" },
      { port: 587, protocol: "submission", tls: "starttls" },
    ],
  };
  const silent = { blackHole: true };
  const scanned = async (first: MemoryServer, second: MemoryServer): Promise<Discovery> =>
    at(
      ["imap", "smtp"]
        .map((label) => `${label}.example.test A ${WEB}`)
        .concat("mail.example.test A 203.0.113.81"),
      {
        [WEB]: first,
        "203.0.113.81": second,
      },
    );
  expect(cellOf(await scanned(good, silent))).toMatchObject({
    incoming: "imap imap.example.test:993 implicit",
  });
  expect((await scanned(good, silent)).ms).toBe(80);
  expect(cellOf(await scanned(silent, good))).toMatchObject({
    incoming: "imap mail.example.test:993 implicit",
  });
  expect((await scanned(silent, good)).ms).toBe(20_000);
});

test("without anything at the domain, the MX host and the names above it are asked, down to a public suffix", async () => {
  const world = memoryWorld({ zones: { "example.test": ["example.test MX 10 mx.provider.co.uk"] } });
  const discovery = await fairEmail.discover(ALICE, world);
  const hosts = discovery.steps
    .filter(({ what, target }) => what === "ISPDB" && target !== "")
    .map(({ target }) => target.split("/").at(-1));
  expect(hosts).toEqual(["example.test", "mx.provider.co.uk", "provider.co.uk"]);
});

function at(records: readonly string[], servers: MemoryWorldOptions["servers"] = {}): Promise<Discovery> {
  return fairEmail.discover(ALICE, memoryWorld({ zones: { "example.test": records }, servers }));
}
