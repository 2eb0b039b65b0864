import * as fc from "fast-check";
import { expect, test } from "vitest";
import { CLIENTS } from "../../../src/clients/clients.ts";
import type { WorldCount } from "../../../src/clients/world/memo-world.ts";
import { CHECKS } from "../../../src/doctor/checks/checks.ts";
import type { CheckSubject } from "../../../src/doctor/checks/check.ts";
import type { Finding } from "../../../src/doctor/finding.ts";
import { verifyDomain } from "../../../src/doctor/verify-domain.ts";
import { ALICE, SCENARIO_IDS, scenarioWorld } from "../../clients/scenarios/scenarios.ts";
import { anyDomain, sampleDomain } from "../../spec/sample-domain.ts";
import { foreignSubject, plannedSubject, showFinding } from "./check-subject.ts";

async function runAll(subject: CheckSubject): Promise<readonly Finding[]> {
  return (await Promise.all(CHECKS.map((check) => check.run(subject)))).flat();
}

test("every check has a name of its own", () => {
  const names = CHECKS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

const everything = sampleDomain({
  mailServer: { pop3: {} },
  mx: [{ host: "mail.example.com" }],
  mtaSts: { mode: "enforce" },
  spf: "v=spf1 mx -all",
  dmarc: "v=DMARC1; p=reject",
  tlsRpt: ["mailto:tls@example.com"],
  calDav: "https://dav.example.com/",
  caa: true,
});

test("of a deployment as planned only the unsigned profile is worth a word", async () => {
  const subject = plannedSubject(everything);
  const troubles = (await runAll(subject)).filter(({ status }) => status !== "pass").map(showFinding);
  expect(troubles).toEqual([
    "warn profile GET https://autoconfig.example.com/example.com.mobileconfig: " +
      "not signed: devices show it as not verified",
  ]);
});

test("no domain that an operator can write fails in the world of its plan, and no check throws", async () => {
  await fc.assert(
    fc.asyncProperty(anyDomain, async (spec) => {
      const failed = (await runAll(plannedSubject(spec))).filter(
        // K-9 refuses a document with a plain endpoint, opted in or not.
        ({ code, observed, status }) =>
          status === "fail" && !(code === "autoconfig-document" && observed?.includes(" plain ") === true),
      );
      expect(failed.map(showFinding)).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 60_000);

test("a domain of which nothing can be looked at is unknown, never wrong", async () => {
  const world = {
    resolve: async () => ({ state: "unknown", reason: "no resolver" }) as const,
    request: async () => ({ state: "failed", kind: "unresolved", reason: "no resolver", ms: 1 }) as const,
    probe: async () => ({ outcome: "unresolved", detail: "no resolver" }) as const,
  };
  for (const subject of [plannedSubject(everything), foreignSubject({ zones: { "example.com": [] } })]) {
    const findings = await runAll({ ...subject, world });
    expect(findings.filter(({ status }) => status === "fail").map(showFinding)).toEqual([]);
    expect(findings.filter(({ status }) => status === "unknown").length).toBeGreaterThan(10);
  }
});

test("what is not right comes with what was seen and one sentence of what to do", async () => {
  const broken = foreignSubject({
    zones: { "example.com": ["*.example.com A 203.0.113.99", "example.com MX 10 mx.example.net"] },
    servers: {
      "203.0.113.99": { tls: "self-signed", https: () => ({ status: 401 }), http: () => ({ status: 200 }) },
    },
  });
  const findings = (await runAll(broken)).filter(({ status }) => status !== "pass");
  expect(findings.length).toBeGreaterThan(5);
  const isComplete = ({ observed, remedy }: Finding): boolean =>
    observed !== undefined && observed !== "" && /^[A-Z].*\.$/.test(remedy ?? "");
  expect(findings.filter((finding) => !isComplete(finding)).map(showFinding)).toEqual([]);
});

/** How many questions clients and checks together ask of the world of a subject. */
async function questionsOf({ world, now, ...target }: CheckSubject): Promise<number> {
  const count: WorldCount = { resolutions: 0, requests: 0, probes: 0 };
  await verifyDomain(target, { world, clients: CLIENTS, checks: CHECKS, now: () => now }, count);
  return count.resolutions + count.requests + count.probes;
}

test("clients and checks together ask fewer than 150 questions of one domain, right or wrong", async () => {
  const nothing = foreignSubject({ zones: { "example.com": ["example.com MX 10 mx.example.net"] } });
  const scenarios = SCENARIO_IDS.map((id) => {
    const subject = foreignSubject({ zones: { "example.test": [] } });
    return { ...subject, mailbox: ALICE, world: scenarioWorld(id) };
  });
  for (const subject of [plannedSubject(everything), nothing, ...scenarios]) {
    expect(await questionsOf(subject)).toBeLessThan(150);
  }
}, 30_000);
