import * as fc from "fast-check";
import { expect, test } from "vitest";
import { followAlias } from "../../../src/dns/wildcard/follow-alias.ts";
import { indexZoneNames, type ZoneNames } from "../../../src/dns/wildcard/zone-names.ts";
import { probeAnswerText } from "./answer-text.ts";
import { generatedZone, type GeneratedZone } from "./generated-zone.ts";
import { EDGE_ADDRESS, sandboxAnswerText, sandboxWorld } from "./sandbox-answer.ts";

const APEX = "example.test";

/** Returns the questions to which the two give different answers. */
function disagreements(
  generated: GeneratedZone,
  change: (zone: ZoneNames) => ZoneNames = (zone) => zone,
): readonly string[] {
  const records = generated.recordsAt(APEX);
  const world = sandboxWorld(APEX, records);
  const zone = change(indexZoneNames(APEX, records));
  return generated.questionsAt(APEX).flatMap((question) => {
    const { steps, isLoop } = followAlias(zone, question.name, question.type);
    // What a server says to a loop is its own affair: RFC 1034 §4.3.2 has no rule for it.
    if (isLoop) return [];
    const meetsEdge = steps.some(({ answer }) => answer.records.some(({ proxied }) => proxied));
    // The sandbox's edge has an IPv4 address only; Cloudflare's has both.
    if (question.type === "AAAA" && meetsEdge) return [];
    const [ours, theirs] = [probeAnswerText(steps, EDGE_ADDRESS), sandboxAnswerText(world, question)];
    return ours === theirs ? [] : [`${question.name} ${question.type}: ${ours}, sandbox ${theirs}`];
  });
}

test.each([
  ["by the RFCs", { isCloudflare: false }],
  ["with proxied names and types beside a CNAME", { isCloudflare: true }],
])("the sandbox's name server gives the same answer to every question, %s", (_, options) => {
  fc.assert(
    fc.property(generatedZone(options), (generated) => {
      expect(disagreements(generated)).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

test("an analysis that knows no empty non-terminals is found out", () => {
  const ignorant = (zone: ZoneNames): ZoneNames => ({
    apex: zone.apex,
    nodes: new Map([...zone.nodes].filter(([name, records]) => records.length > 0 || name === zone.apex)),
  });
  const zones = fc.sample(generatedZone({ isCloudflare: false }), 300);
  expect(zones.flatMap((zone) => disagreements(zone, ignorant)).length).toBeGreaterThan(0);
});
