import { expect, test } from "vitest";
import { renderDiscoveryJson } from "../../src/doctor/render-discovery-json.ts";
import { manualDiscovery } from "./sample-discovery.ts";

test("what a client did not find is null, never left out, and the keys keep their order", () => {
  expect(JSON.stringify(renderDiscoveryJson(manualDiscovery))).toBe(
    '{"client":"thunderbird","outcome":"manual","incoming":null,"outgoing":null,"username":null,"source":null,' +
      '"steps":[],"prompts":[],"passwordSentTo":[],"assumptions":[],"ms":0}',
  );
});

test("servers, steps and prompts have the documented fields only, in whole milliseconds", () => {
  const server = { protocol: "imap", host: "mail.example.com", port: 993, tls: "implicit" } as const;
  const json = renderDiscoveryJson({
    ...manualDiscovery,
    outcome: "configured",
    incoming: { ...server, note: "not ours" } as typeof server,
    steps: [{ what: "MX", target: "example.com MX", answer: "none", ms: 1.6, startMs: 9, effect: "passed" }],
    prompts: [{ kind: "password", target: "https://example.com", text: "asks" }],
    ms: 12.4,
  });
  expect(json).toMatchObject({ outcome: "configured", incoming: server, outgoing: null, ms: 12 });
  expect(json.incoming).toStrictEqual(server);
  expect(json.steps).toStrictEqual([{ what: "MX", target: "example.com MX", answer: "none", ms: 2 }]);
  expect(json.prompts).toStrictEqual([{ kind: "password", target: "https://example.com", text: "asks" }]);
});
