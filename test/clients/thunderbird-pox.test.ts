import { expect, test } from "vitest";
import type { Discovery } from "../../src/clients/ladder/discovery.ts";
import { thunderbird } from "../../src/clients/thunderbird/thunderbird.ts";
import { memoryWorld, type MemoryServer } from "./memory-world.ts";
import { cellOf } from "./scenarios/cell.ts";
import { POX, POX_PATH, serves } from "./scenarios/documents.ts";
import { ALICE } from "./scenarios/scenarios.ts";

const SERVER = "203.0.113.1";
const SUB_URL = `https://autodiscover.example.test${POX_PATH}`;

/** Autodiscover and an Exchange server at one address. */
function discover(server: MemoryServer): Promise<Discovery> {
  const names = ["autodiscover", "ews"].map((label) => `${label}.example.test A ${SERVER}`);
  return thunderbird.discover(
    ALICE,
    memoryWorld({ zones: { "example.test": names }, servers: { [SERVER]: server } }),
  );
}

test.each<[string, string, string, string | undefined]>([
  [
    "587 means STARTTLS, whatever Encryption says",
    "<Port>465</Port>",
    "<Port>587</Port>",
    "submission box.example.test:587 starttls",
  ],
  [
    "an unusual port means TLS from the first byte",
    "<Port>465</Port>",
    "<Port>2465</Port>",
    "submission box.example.test:2465 implicit",
  ],
  ["SSL off means no TLS", "<SSL>on</SSL>", "<SSL>Off</SSL>", "submission box.example.test:465 plain"],
  [
    "Encryption None means no TLS",
    "<Encryption>SSL</Encryption>",
    "<Encryption>None</Encryption>",
    "submission box.example.test:465 plain",
  ],
  [
    "namespaces do not matter",
    "http://schemas",
    "https://schemas",
    "submission box.example.test:465 implicit",
  ],
  ["an error has no settings", "<Account>", "<Error><ErrorCode>600</ErrorCode></Error><Account2>", undefined],
  [
    "RedirectAddr is not followed",
    "<Action>",
    "<RedirectAddr>a@other.test</RedirectAddr><Action>",
    undefined,
  ],
  ["an empty LoginName drops the server", "<SPA>", "<LoginName></LoginName><SPA>", undefined],
])("of an answer, %s", async (_, from, to, outgoing) => {
  expect(POX).toContain(from);
  const body = POX.replaceAll(from, to).replaceAll(
    "</Account>",
    to.includes("Account2") ? "</Account2>" : "</Account>",
  );
  const discovery = await discover({ https: serves(POX_PATH, body) });
  expect(cellOf(discovery).outgoing).toBe(outgoing);
});

/** The answer of an Exchange server, which announces no mail protocol. */
const EXCHANGE = POX.replaceAll("SMTP", "EXPR").replace(
  "<Type>IMAP</Type>",
  "<Type>EXCH</Type><EwsUrl>https://ews.example.test/EWS/Exchange.asmx</EwsUrl>",
);

test("an answer with Exchange only makes no mail account", async () => {
  const discovery = await discover({ https: serves(POX_PATH, EXCHANGE) });
  expect(cellOf(discovery)).toEqual({ outcome: "failed", source: SUB_URL });
  const withoutUrl = EXCHANGE.replace(/<EwsUrl>.*<\/EwsUrl>/, "");
  const nothing = await discover({ https: serves(POX_PATH, withoutUrl) });
  expect(cellOf(nothing)).toEqual({ outcome: "manual" });
});

test("an Exchange host that speaks IMAP and SMTP is guessed at", async () => {
  const discovery = await discover({
    https: serves(POX_PATH, EXCHANGE),
    mail: [
      { port: 993, protocol: "imap", tls: "implicit" },
      { port: 587, protocol: "submission", tls: "starttls" },
    ],
  });
  expect(cellOf(discovery)).toEqual({
    outcome: "configured",
    incoming: "imap ews.example.test:993 implicit",
    outgoing: "submission ews.example.test:587 starttls",
    username: "alice@example.test",
    source: "guess",
  });
});
