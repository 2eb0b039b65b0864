import { describe, expect, test } from "vitest";
import { mailboxOf } from "../../src/clients/ladder/discovery.ts";
import type { DomainReport } from "../../src/doctor/domain-report.ts";
import type { FindingStatus } from "../../src/doctor/finding.ts";
import type { VerifyTarget } from "../../src/doctor/verify-domain.ts";
import { waitUntilRight } from "../../src/doctor/wait-until-right.ts";

interface Waited {
  readonly reports: readonly DomainReport[];
  /** Domains of each look. */
  readonly looks: readonly string[];
  readonly pauses: readonly number[];
  readonly waitedFor: readonly string[];
}

/** Each domain's status at its first, second, ... look; the last one stays. A look takes a second. */
async function wait(
  statuses: Readonly<Record<string, readonly FindingStatus[]>>,
  waitMs: number,
  failOn: "warn" | "fail" = "fail",
): Promise<Waited> {
  let clock = 0;
  const looks: string[] = [];
  const pauses: number[] = [];
  const waitedFor: string[] = [];
  const seen = new Map<string, number>();
  const look = (domain: string): DomainReport => {
    const turn = seen.get(domain) ?? 0;
    seen.set(domain, turn + 1);
    const status = statuses[domain]?.[turn] ?? statuses[domain]?.at(-1) ?? "pass";
    return { domain, findings: [{ code: "dns-record", status, subject: `look ${turn}` }], clients: [] };
  };
  const targets = Object.keys(statuses).map((domain): VerifyTarget => {
    return { domain, mailbox: mailboxOf("postmaster", domain) };
  });
  const verify = async (open: readonly VerifyTarget[]): Promise<readonly DomainReport[]> => {
    looks.push(open.map(({ domain }) => domain).join(" "));
    clock += 1000;
    return open.map(({ domain }) => look(domain));
  };
  const reports = await waitUntilRight(targets, verify, {
    waitMs,
    failOn,
    now: () => clock,
    sleep: async (ms) => {
      pauses.push(ms);
      clock += ms;
    },
    onWait: (wrong) => waitedFor.push(wrong.map(({ domain }) => domain).join(" ")),
  });
  return { reports, looks, pauses, waitedFor };
}

test("what is right is not waited for", async () => {
  const { looks, pauses } = await wait({ a: ["pass"], b: ["warn"] }, 600_000);
  expect(looks).toEqual(["a b"]);
  expect(pauses).toEqual([]);
});

test("only the domains that are not right yet are looked at again, until all are", async () => {
  const waited = await wait({ a: ["pass"], b: ["fail", "unknown", "pass"], c: ["unknown", "pass"] }, 600_000);
  expect(waited.looks).toEqual(["a b c", "b c", "b"]);
  expect(waited.waitedFor).toEqual(["b c", "b"]);
  expect(waited.reports.map(({ domain, findings }) => `${domain} ${findings[0]?.status}`)).toEqual([
    "a pass",
    "b pass",
    "c pass",
  ]);
});

test("pauses grow from 5 s to 30 s", async () => {
  const { pauses } = await wait({ a: ["fail"] }, 300_000);
  expect(pauses.slice(0, 7)).toEqual([5000, 7500, 11_250, 16_875, 25_312.5, 30_000, 30_000]);
});

test("when the time is over the last look counts, and there is one at its end", async () => {
  const { looks, pauses, reports } = await wait({ a: ["fail"] }, 10_000);
  // 1 s of looking, 5 s, 1 s of looking, and what is left of ten.
  expect(pauses).toEqual([5000, 3000]);
  expect(looks).toHaveLength(3);
  expect(reports[0]?.findings[0]).toMatchObject({ status: "fail", subject: "look 2" });
});

describe("with --fail-on warn", () => {
  test("a warning is waited for, too", async () => {
    const { looks } = await wait({ a: ["warn", "warn", "pass"] }, 600_000, "warn");
    expect(looks).toHaveLength(3);
  });
});
