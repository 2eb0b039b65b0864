import { describe, expect, test } from "vitest";
import type { CaaAnswer, CaaRecord, Clock, DnsLookup, DnssecState } from "../../../src/certificates/ports.ts";
import type { PreflightFinding } from "../../../src/certificates/preflight/preflight-finding.ts";
import { preflight, type PreflightRequest } from "../../../src/certificates/preflight/preflight.ts";
import { closestZone } from "../../../src/spec/host-name.ts";

const never = new AbortController().signal;
const now = new Date("2026-11-23T12:00:00.000Z");
const ACCOUNT = "https://ca.test/acct/7";

const issue = (value: string): CaaRecord => ({ flags: 0, tag: "issue", value });
const issueWild = (value: string): CaaRecord => ({ flags: 0, tag: "issuewild", value });

describe("preflight", () => {
  test("finds nothing where nothing is in the way", async () => {
    const { findings, slept } = await look({ caa: { "example.com": [issue("letsencrypt.org")] } });
    expect(findings).toEqual([]);
    expect(slept).toBe(0);
  });

  test("finds everything at once, without waiting for what cannot help any more", async () => {
    const { findings, slept } = await look(
      {
        caa: { "example.com": [issue("letsencrypt.org"), issueWild(";")] },
        cname: { "_acme-challenge.mail.example.com": "elsewhere.example.net" },
        dnssec: { "example.com": "bogus" },
      },
      {
        names: ["*.example.com", "example.com", "mail.example.com"],
        issuedAt: [1, 2, 3, 4, 5].map((minute) => new Date(now.getTime() - minute * 60_000).toISOString()),
      },
    );
    expect(codes(findings)).toEqual([
      "fail quota-used *.example.com",
      "fail delegated-elsewhere mail.example.com",
      "fail dnssec-bogus mail.example.com",
      "fail caa-forbids *.example.com",
    ]);
    expect(slept).toBe(0);
    const delegated = findings.find(({ code }) => code === "delegated-elsewhere");
    expect(delegated?.message).toContain("_acme-challenge.mail.example.com");
    expect(delegated?.message).toContain("elsewhere.example.net");
  });

  test("looks at forbidding CAA records again, since the same update may have written others", async () => {
    let asked = 0;
    const { findings, slept } = await look({
      caaOf: (name) => {
        if (name !== "example.com") return { state: "absent" };
        asked += 1;
        return { state: "found", records: [issue(asked === 1 ? "other.test" : "letsencrypt.org")] };
      },
    });
    expect(findings).toEqual([]);
    expect(slept).toBe(4000);
  });

  test("gives forbidding CAA records up after three looks and names the name that holds them", async () => {
    const { findings, slept } = await look({ caa: { com: [issue("other.test")] } });
    expect(codes(findings)).toEqual(["fail caa-forbids *.example.com", "fail caa-forbids example.com"]);
    expect(findings[0]?.message).toBe(
      'The CAA records at com forbid the CA to issue for *.example.com: issue allows only "other.test".',
    );
    expect(slept).toBe(8000);
  });

  test("asks each name once, however many names of the certificate share it", async () => {
    const asked: string[] = [];
    await look({
      caaOf: (name) => {
        asked.push(name);
        return { state: "absent" };
      },
    });
    expect(asked.sort()).toEqual(["com", "example.com"]);
  });

  test("says nothing of CAA where the CA gives no names of its own", async () => {
    const { findings } = await look({ caa: { com: [issue("other.test")] } }, { identities: [] });
    expect(findings).toEqual([]);
  });

  test("an account that is not known yet is no failure", async () => {
    const caa = { "example.com": [issue("letsencrypt.org; accounturi=https://ca.test/acct/1")] };
    expect((await look({ caa }, { accountUrl: "" })).findings).toEqual([]);
    expect(codes((await look({ caa }, { names: ["example.com"] })).findings)).toEqual([
      "fail caa-forbids example.com",
    ]);
  });

  test("a look that fails is a warning and not a failure", async () => {
    const { findings } = await look({ isBroken: true });
    expect(findings.length).toBeGreaterThan(0);
    expect(new Set(findings.map(({ severity, code }) => `${severity} ${code}`))).toEqual(
      new Set(["warn could-not-look"]),
    );
  });

  test("an abort ends it", async () => {
    await expect(look({}, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });

  test("a name in no editable zone fails unless its challenge is delegated into one", async () => {
    const names = ["mail.example.net"];
    expect(codes((await look({}, { names })).findings)).toEqual(["fail no-editable-zone mail.example.net"]);
    const cname = { "_acme-challenge.mail.example.net": "net.acme.example.com" };
    expect((await look({ cname }, { names })).findings).toEqual([]);
  });

  test("aliases in a circle fail", async () => {
    const cname = {
      "_acme-challenge.example.com": "a.example.com",
      "a.example.com": "_acme-challenge.example.com",
    };
    const { findings } = await look({ cname }, { names: ["example.com"] });
    expect(codes(findings)).toEqual(["fail delegation-broken example.com"]);
  });

  test.each([
    ["tlsserver", 25],
    ["shortlived", 25],
    ["classic", 100],
    [undefined, 100],
  ])("the profile %s takes %i names and no more", async (profile, most) => {
    const names = Array.from({ length: most }, (_, index) => `h${index}.example.com`);
    expect((await look({}, { names, profile })).findings).toEqual([]);
    const more = await look({}, { names: [...names, "example.com"], profile });
    expect(codes(more.findings)).toEqual(["fail too-many-names h0.example.com"]);
  });

  test("one certificate before the limit is a warning; exempt renewals, staging and other CAs have none", async () => {
    const issuedAt = Array.from({ length: 4 }, () => now.toISOString());
    const { findings } = await look({}, { issuedAt });
    expect(codes(findings)).toEqual(["warn quota-low *.example.com"]);
    const used = [...issuedAt, now.toISOString()];
    const refused = await look({}, { issuedAt: used });
    expect(codes(refused.findings)).toEqual(["fail quota-used *.example.com"]);
    expect(refused.findings[0]?.message).toContain("next possible at 2026-11-24T21:36:00.000Z");
    expect((await look({}, { issuedAt: used, isExempt: true })).findings).toEqual([]);
    expect((await look({}, { issuedAt: used, identities: ["other.test"] })).findings).toEqual([]);
    const directoryUrl = "https://acme-staging-v02.api.letsencrypt.org/directory";
    expect((await look({}, { issuedAt: used, directoryUrl })).findings).toEqual([]);
  });

  test("without a lookup only what is known here is found", async () => {
    const { findings } = await look(undefined, { names: ["mail.example.net"] });
    expect(findings).toEqual([]);
  });
});

interface Seen {
  readonly caa?: Readonly<Record<string, readonly CaaRecord[]>>;
  readonly caaOf?: (name: string) => CaaAnswer;
  readonly cname?: Readonly<Record<string, string>>;
  readonly dnssec?: Readonly<Record<string, DnssecState>>;
  readonly isBroken?: boolean;
}

interface Options extends Partial<PreflightRequest> {
  readonly identities?: readonly string[];
  readonly directoryUrl?: string;
  readonly signal?: AbortSignal;
}

/** A preflight over a DNS of which a test says what is in it, with the zone `example.com` to write to. */
async function look(
  seen: Seen | undefined,
  options: Options = {},
): Promise<{ findings: readonly PreflightFinding[]; slept: number }> {
  const { identities = ["letsencrypt.org"], signal = never, directoryUrl, ...request } = options;
  let slept = 0;
  const clock: Clock = {
    now: () => now,
    sleep: async (milliseconds) => {
      slept += milliseconds;
      await Promise.resolve();
    },
  };
  const directory = { profiles: [], termsOfService: undefined, externalAccountRequired: false };
  const ports = {
    acme: {
      directoryUrl: directoryUrl ?? "https://acme-v02.api.letsencrypt.org/directory",
      directory: () => Promise.resolve({ ...directory, caaIdentities: identities }),
    },
    challenges: {
      publish: () => Promise.resolve([]),
      remove: () => Promise.resolve(),
      sweep: () => Promise.resolve(0),
      zoneOf: (name: string) => closestZone(name, [{ name: "example.com" }])?.name,
    },
    clock,
    lookup: seen === undefined ? undefined : lookupOf(seen),
  };
  const wish = { names: ["*.example.com", "example.com"], accountUrl: ACCOUNT, ...request };
  return { findings: await preflight(wish, ports, signal), slept };
}

function lookupOf(seen: Seen): DnsLookup {
  const answer = async <T>(value: T): Promise<T> => {
    if (seen.isBroken === true) throw new Error("the resolver stays silent");
    return await Promise.resolve(value);
  };
  return {
    caa: (name) => {
      const records = seen.caa?.[name];
      return answer(
        seen.caaOf?.(name) ?? (records === undefined ? { state: "absent" } : { state: "found", records }),
      );
    },
    cname: (name) => answer(seen.cname?.[name]),
    // A zone is as its apex is.
    dnssec: (name) =>
      answer(Object.entries(seen.dnssec ?? {}).find(([zone]) => name.endsWith(zone))?.[1] ?? "insecure"),
  };
}

function codes(findings: readonly PreflightFinding[]): readonly string[] {
  return findings.map(({ severity, code, name }) => `${severity} ${code} ${name}`);
}
