/**
 * What happens where a rule is not kept: the plan is carried out although it was refused. Codes are the API's own; where it
 * refuses nothing, the sandbox's DNS and edge show what clients get.
 */
import { describe, expect, test } from "vitest";
import type { PreloadRecord, PreloadZone } from "../../../infra/sandbox/cloudflare-api/preload-zone.ts";
import type { PlannedRecord } from "../../../src/dns/planned-record.ts";
import { RULES } from "../../../src/dns/rules/rules.ts";
import { runApi, type RunningApi } from "../../infra/sandbox/cloudflare-api/run-api.ts";
import { mailDomain } from "../plan/sample-wish.ts";
import { SCRIPT } from "./audit-input.ts";
import { carryOut, planLive, type AuditedPlan } from "./carry-out.ts";
import { inWorld, type ClientWorld } from "./client-world.ts";

type File = Readonly<Record<string, unknown>>;
type Zone = Partial<Omit<PreloadZone, "records">> & { readonly records?: readonly PreloadRecord[] };

interface Row {
  readonly rule: string;
  /** Says how the rule is broken. */
  readonly how: string;
  readonly file?: File;
  /** A second domain of the program. */
  readonly other?: File;
  readonly zone?: Zone;
  readonly further?: readonly PreloadZone[];
  /** Makes of the plan what the rule guards against; only where no domain file can. */
  readonly distort?: (planned: PlannedRecord) => PlannedRecord;
  /** What the API answers to the plan. Default: nothing is refused. */
  readonly codes?: readonly number[];
  readonly consequence?: (world: ClientWorld) => Promise<void>;
  /** The same case with the rule kept, laid over the row. */
  readonly kept: Partial<Pick<Row, "file" | "other" | "zone" | "distort">>;
}

const MAIL = { host: "mail.example.test", addresses: ["203.0.113.25"] };
const UNPUBLISHED = { mailServer: { host: "mail.example.test" } };
const DEPT = { domain: "dept.example.test" };
const A = (name: string, rest: Partial<PreloadRecord> = {}): PreloadRecord => {
  return { type: "A", name, content: "203.0.113.25", ...rest };
};
const AT = (name: string, content: string): PreloadRecord => ({ type: "TXT", name, content });
/** An RSA key by its form, of so many octets. */
const dkim = (octets: number): File => {
  const publicKey = Buffer.concat([Buffer.from([0x30]), Buffer.alloc(octets - 1, 1)]).toString("base64");
  return { dkim: [{ selector: "big", publicKey }] };
};

const ROWS: readonly Row[] = [
  {
    rule: "cname-beside-others",
    how: "an alias of one domain at the mail host of another",
    file: { mailServer: { host: "server.example.test", addresses: ["203.0.113.24"] }, guessNames: ["mail"] },
    other: { domain: "other.test", mailServer: MAIL },
    codes: [81054],
    kept: { file: { mailServer: MAIL } },
  },
  {
    rule: "cname-beside-others",
    how: "an alias beside a text, which the API lets stand",
    file: { guessNames: ["imap"] },
    zone: { records: [AT("imap", "hello")] },
    consequence: async ({ resolver }) => {
      expect(await resolver.resolveCname("imap.example.test")).toEqual(["mail.example.test"]);
      expect(await resolver.resolveTxt("imap.example.test")).toEqual([["hello"]]);
    },
    kept: { zone: { records: [AT("pop", "hello")] } },
  },
  {
    rule: "single-record-set",
    how: "a second SPF record, which the API lets stand",
    file: { spf: "v=spf1 mx -all", adopt: ["@/TXT"] },
    zone: { records: [AT("@", "v=spf1 mx -all"), AT("@", "v=spf1 a ~all")] },
    consequence: async ({ resolver }) => {
      const texts = (await resolver.resolveTxt("example.test")).map((strings) => strings.join(""));
      expect(texts.filter((text) => text.startsWith("v=spf1 "))).toHaveLength(2);
    },
    kept: { zone: { records: [AT("@", "v=spf1 mx -all")] } },
  },
  {
    rule: "proxied-mail-host",
    how: "clients are sent to a name that no certificate bears",
    file: UNPUBLISHED,
    zone: { records: [A("mail", { proxied: true })] },
    consequence: async ({ resolver }) => {
      const [target] = await resolver.resolveSrv("_imaps._tcp.example.test");
      expect(target?.name).toMatch(/^dc-[0-9a-f]{12}\.example\.test$/);
    },
    kept: { zone: { records: [A("mail")] } },
  },
  {
    rule: "proxied-srv-target",
    how: "Outlook is sent to a name that no certificate bears, past the proxy",
    file: { publish: { srvTarget: "www.example.test" } },
    zone: { records: [A("www", { proxied: true })] },
    consequence: async ({ resolver }) => {
      const [target] = await resolver.resolveSrv("_autodiscover._tcp.example.test");
      expect(target?.name).toMatch(/^dc-/);
      expect(await resolver.resolve4(target?.name ?? "")).toEqual(["203.0.113.25"]);
    },
    kept: { zone: { records: [A("www")] } },
  },
  {
    rule: "srv-target-alias",
    how: "the target that clients are given is an alias",
    file: UNPUBLISHED,
    zone: { records: [A("box"), { type: "CNAME", name: "mail", content: "box.example.test" }] },
    consequence: async ({ resolver }) => {
      const [target] = await resolver.resolveSrv("_imaps._tcp.example.test");
      expect(await resolver.resolveCname(target?.name ?? "")).toEqual(["box.example.test"]);
    },
    kept: { zone: { records: [A("mail")] } },
  },
  {
    rule: "target-absent",
    how: "the target that clients are given does not exist",
    file: UNPUBLISHED,
    consequence: async ({ resolver }) => {
      const [target] = await resolver.resolveSrv("_imaps._tcp.example.test");
      await expect(resolver.resolve4(target?.name ?? "")).rejects.toMatchObject({ code: "ENOTFOUND" });
    },
    kept: { zone: { records: [A("mail")] } },
  },
  {
    rule: "edge-certificate-depth",
    how: "the edge has no certificate for the deeper name, and one for the name above it",
    file: { publish: { origin: "a.www.example.test" } },
    zone: { records: [A("a.www", { proxied: true }), A("www", { proxied: true })] },
    consequence: async ({ hasCertificate }) => {
      expect(await hasCertificate("www.example.test")).toBe(true);
      expect(await hasCertificate("a.www.example.test")).toBe(false);
    },
    kept: { zone: { records: [A("a.www"), A("www", { proxied: true })] } },
  },
  {
    rule: "foreign-proxied-alias",
    how: "the edge answers 1014",
    file: { publish: { origin: "documents.pages.dev" } },
    further: [{ zone: "pages.dev", account: "other", records: [A("documents", { proxied: true })] }],
    consequence: async ({ get }) => {
      expect(await get("autoconfig.example.test")).toContain("error code: 1014");
    },
    kept: { file: { publish: { origin: "documents.example.net" } } },
  },
  {
    rule: "content-limits",
    how: "a name over 253 octets",
    file: { domain: `bcd.${"a23456789.".repeat(22)}example.test`, guessNames: [] },
    codes: [9000],
    kept: { file: { domain: `${"a23456789.".repeat(20)}example.test`, guessNames: [] } },
  },
  {
    rule: "content-limits",
    how: "a text over 4,096 octets",
    file: dkim(3100),
    codes: [9207],
    kept: { file: dkim(3000) },
  },
  {
    rule: "content-limits",
    how: "texts of one name over 8,192 characters together",
    file: { spf: "v=spf1 mx -all" },
    zone: { records: [4000, 4000, 180].map((length, index) => AT("@", String(index).repeat(length))) },
    codes: [81059],
    kept: { zone: { records: [4000, 4000].map((length, index) => AT("@", String(index).repeat(length))) } },
  },
  {
    rule: "comment-length",
    how: "a comment over 100 characters on the free plan",
    distort: (one) => ({ ...one, comment: one.comment.padEnd(101, "x") }),
    codes: [9313],
    kept: { distort: (one) => ({ ...one, comment: one.comment.padEnd(100, "x") }) },
  },
  {
    rule: "comment-length",
    how: "a comment with a line break",
    distort: (one) => ({ ...one, comment: `${one.comment}\n` }),
    codes: [9314],
    kept: { distort: (one) => one },
  },
  { rule: "record-quota", how: "a full zone", zone: { recordQuota: 5 }, codes: [81045], kept: { zone: {} } },
  {
    rule: "route-taken",
    how: "the pattern belongs to another Worker's route",
    zone: { routes: [{ pattern: "autodiscover.example.test/*", script: "shop" }] },
    codes: [10020],
    kept: { zone: { routes: [{ pattern: "www.example.test/*", script: "shop" }] } },
  },
  {
    rule: "custom-domain-taken",
    how: "the host is another Worker's",
    file: DEPT,
    zone: { customDomains: [{ hostname: "autoconfig.dept.example.test", service: "shop" }] },
    codes: [100116],
    kept: { zone: { customDomains: [{ hostname: "www.example.test", service: "shop" }] } },
  },
  {
    rule: "custom-domain-taken",
    how: "an address stands at the host",
    file: DEPT,
    zone: { records: [A("autoconfig.dept")] },
    codes: [100117],
    kept: { zone: { records: [A("www.dept")] } },
  },
  {
    rule: "custom-domain-taken",
    how: "the mail host is a Worker's",
    zone: { customDomains: [{ hostname: "mail.example.test", service: "shop" }] },
    codes: [81062],
    kept: { zone: { customDomains: [{ hostname: "www.example.test", service: "shop" }] } },
  },
];

test("every rule has a row", () => {
  expect(new Set(ROWS.map(({ rule }) => rule))).toEqual(new Set(RULES.map(({ name }) => name)));
});

describe.each(ROWS)("$rule: $how", (row) => {
  const { rule, codes = [], consequence } = row;

  test(`is told, and carried out all the same ends in ${codes.join() || "what clients meet"}`, async () => {
    await using api = await startApi(row);
    const { plan, audit } = await plannedBy(api, row);
    const violations = violationsOf(rule, audit);
    expect(violations).not.toEqual([]);
    // What the plan says of itself; a distorted one is none that it made.
    for (const { severity, message } of row.distort === undefined ? violations : []) {
      const said = severity === "fail" ? plan.problems : plan.notices;
      expect(said.map((one) => one.message)).toContainEqual(expect.stringContaining(message));
    }
    expect(new Set(await carryOut(api, audit))).toEqual(new Set(codes));
    if (consequence !== undefined) await inWorld(api.api.store, consequence);
  });

  test("is silent where the rule is kept, and nothing is refused", async () => {
    const kept = { ...row, ...row.kept };
    await using api = await startApi(kept);
    const { audit } = await plannedBy(api, kept);
    expect(violationsOf(rule, audit)).toEqual([]);
    expect(await carryOut(api, audit)).toEqual([]);
  });
});

function startApi({ zone = {}, further = [] }: Row): Promise<RunningApi> {
  const preload = [{ zone: "example.test", records: [], scripts: [SCRIPT, "shop"], ...zone }, ...further];
  return runApi({ zones: ["other.test"], preload });
}

async function plannedBy(api: RunningApi, { file, other, distort }: Row): Promise<AuditedPlan> {
  const files = [{ domain: "example.test", mailServer: MAIL, ...file }, ...(other ? [other] : [])];
  const { plan, audit } = await planLive(api, files.map(mailDomain));
  return { plan, audit: distort ? { ...audit, planned: audit.planned.map(distort) } : audit };
}

function violationsOf(rule: string, audit: AuditedPlan["audit"]) {
  return RULES.find(({ name }) => name === rule)?.audit(audit) ?? [];
}
