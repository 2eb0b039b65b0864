import { createHash, X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { DnssecState } from "../../../../src/certificates/ports.ts";
import type { MailPortView, QueryType, Resolution } from "../../../../src/clients/world/world.ts";
import { checkTlsa } from "../../../../src/doctor/checks/mail/tlsa.ts";
import { makeAuthority, type Authority, type Made } from "../../../certificates/make-chain.ts";
import { sampleDomain } from "../../../spec/sample-domain.ts";
import { DAY_MS, GOOD_PORT, NOW, plannedSubject, troublesOf } from "../check-subject.ts";

const SMTP = "_25._tcp.mail.example.com";
const IMAPS = "_993._tcp.mail.example.com";
const OTHER = "00".repeat(32);

let authority: Authority;
let leaf: Made;

beforeAll(async () => {
  authority = await makeAuthority(NOW);
  leaf = await authority.issue();
});

/** The data of a record of a certificate. */
function record(usage: number, selector: number, matchingType: number, { pem }: Made): string {
  const certificate = new X509Certificate(pem);
  const bytes =
    selector === 0 ? certificate.raw : certificate.publicKey.export({ format: "der", type: "spki" });
  const hash = ["", "sha256", "sha512"][matchingType] ?? "";
  const data = hash === "" ? bytes.toString("hex") : createHash(hash).update(bytes).digest("hex");
  return `${usage} ${selector} ${matchingType} ${data}`;
}

function presents(...sent: readonly Made[]): Extract<MailPortView, { outcome: "answered" }> {
  return { ...GOOD_PORT, chain: sent.map(({ pem }) => new X509Certificate(pem).raw) };
}

interface Looking {
  readonly name?: string;
  readonly dnssec?: DnssecState;
}

async function look(
  data: readonly string[],
  view: MailPortView,
  { name: at = SMTP, dnssec }: Looking = {},
): Promise<readonly string[]> {
  const resolve = (name: string, type: QueryType): Resolution | undefined =>
    type === "TLSA" && name === at ? { state: "found", data } : undefined;
  const domain = sampleDomain({ mx: [{ host: "mail.example.com" }] });
  const further = {
    options: { ca: authority.root.pem },
    ...(dnssec === undefined ? {} : { dnssec: async () => dnssec }),
  };
  return troublesOf(checkTlsa, plannedSubject(domain, { resolve, probe: async () => view }, further));
}

const FORMS = [0, 1].flatMap((selector) =>
  [0, 1, 2].map((matchingType) => [selector, matchingType] as const),
);

describe("a TLSA record of the server itself", () => {
  test.each(FORMS)(
    "matches with selector %i and matching type %i, at port 25 and elsewhere",
    async (...form) => {
      const view = presents(leaf, authority.intermediate);
      expect(await look([record(3, ...form, leaf)], view)).toEqual([]);
      expect(await look([record(3, ...form, leaf).toUpperCase()], view)).toEqual([]);
      expect(await look([record(1, ...form, leaf)], view, { name: IMAPS })).toEqual([]);
      expect((await look([record(3, ...form, authority.intermediate)], view))[0]).toMatch(/^fail tlsa/);
    },
  );

  test("is enough beside one for the next key, and alone has to match", async () => {
    const view = presents(leaf);
    expect(await look([`3 1 1 ${OTHER}`, record(3, 1, 1, leaf)], view)).toEqual([]);
    expect(await look([`3 1 1 ${OTHER}`], view)).toEqual([
      `fail tlsa ${SMTP} TLSA: 3 1 1: not of the server's certificate; presented is 3 1 1 ${GOOD_PORT.certificate.spkiSha256}`,
    ]);
  });

  test("asks neither for its name nor for its dates: it is the key that counts (RFC 7671 §5.1)", async () => {
    const old = await authority.issue({
      dnsNames: ["other.example.net"],
      notAfter: new Date(NOW.getTime() - DAY_MS),
    });
    const view = { ...presents(old), authorized: false };
    expect(await look([record(3, 1, 1, old)], view)).toEqual([]);
    expect((await look([record(1, 1, 1, old)], view, { name: IMAPS }))[0]).toMatch(/no public CA vouches/);
  });
});

describe("a TLSA record of a CA", () => {
  test.each(FORMS)(
    "matches with selector %i and matching type %i where the CA is sent along",
    async (...form) => {
      const { root, intermediate } = authority;
      // In any order.
      const view = presents(leaf, root, intermediate);
      for (const ca of [root, intermediate]) expect(await look([record(2, ...form, ca)], view)).toEqual([]);
      expect((await look([record(2, ...form, leaf)], view))[0]).toMatch(/of no CA among the certificates/);
    },
  );

  test("fails where the CA is not sent along, as with a root that everybody has", async () => {
    const rooted = record(2, 1, 1, authority.root);
    expect((await look([rooted], presents(leaf, authority.intermediate)))[0]).toMatch(
      /^fail tlsa .*2 1 1: of no CA among the certificates that the server sends/,
    );
    expect((await look([record(2, 1, 1, authority.intermediate)], presents(leaf)))[0]).toMatch(
      /sends its own certificate alone/,
    );
  });

  test("matches without it where the record carries all of it, or its key", async () => {
    const view = presents(leaf, authority.intermediate);
    expect(await look([record(2, 0, 0, authority.root)], view)).toEqual([]);
    expect(await look([record(2, 1, 0, authority.root)], view)).toEqual([]);
    const stranger = (await makeAuthority(NOW)).root;
    expect((await look([record(2, 0, 0, stranger)], view))[0]).toMatch(/^fail/);
    expect((await look([record(2, 1, 0, stranger)], view))[0]).toMatch(/^fail/);
  });

  test("does not hide a certificate of another name, or one that is out of date", async () => {
    const other = await authority.issue({ dnsNames: ["other.example.net"] });
    const old = await authority.issue({ notAfter: new Date(NOW.getTime() - DAY_MS) });
    const data = [record(2, 1, 1, authority.intermediate)];
    expect((await look(data, presents(other, authority.intermediate)))[0]).toMatch(
      /does not name mail\.example\.com/,
    );
    expect((await look(data, presents(old, authority.intermediate)))[0]).toMatch(/out of date/);
  });

  test("does not match a CA that is sent and has signed nothing here, whatever its name says", async () => {
    const stranger = await makeAuthority(NOW);
    const view = presents(leaf, stranger.intermediate, stranger.root);
    expect((await look([record(2, 1, 1, stranger.root)], view))[0]).toMatch(/^fail/);
  });

  test("of the public kind holds where the root is known here, though not sent", async () => {
    const view = presents(leaf, authority.intermediate);
    for (const ca of [authority.intermediate, authority.root]) {
      expect(await look([record(0, 0, 1, ca)], view, { name: IMAPS })).toEqual([]);
    }
    expect((await look([`0 0 1 ${OTHER}`], view, { name: IMAPS }))[0]).toMatch(/^fail tlsa .*of no CA above/);
    expect(
      (await look([record(0, 0, 1, authority.root)], { ...view, authorized: false }, { name: IMAPS }))[0],
    ).toMatch(/no public CA vouches/);
  });
});

describe("TLSA records that mean nothing", () => {
  test("between mail servers are those of usage 0 and 1", async () => {
    const view = presents(leaf, authority.intermediate);
    const pkix = [record(0, 0, 1, authority.intermediate), record(1, 1, 1, leaf)];
    expect(await look(pkix, view)).toEqual([
      `warn tlsa ${SMTP} TLSA: usages 0 and 1 mean nothing between mail servers (RFC 7672 §3.1.3)`,
    ]);
    expect(await look([...pkix, record(3, 1, 1, leaf)], view)).toEqual([]);
    expect((await look([...pkix, `3 1 1 ${OTHER}`], view))[0]).toMatch(/^fail/);
  });

  test.each(["4 1 1 00", "3 2 1 00", "3 1 3 00", "3 1 1 00", "3 1 1", ""])("anywhere: %s", async (data) => {
    expect(await look([data], presents(leaf))).toEqual([
      `warn tlsa ${SMTP} TLSA: no record in a form that is known`,
    ]);
  });

  test("in a zone without DNSSEC, right or wrong", async () => {
    const view = presents(leaf);
    for (const data of [record(3, 1, 1, leaf), `3 1 1 ${OTHER}`]) {
      expect((await look([data], view, { dnssec: "insecure" }))[0]).toMatch(
        /^warn tlsa .*in a zone without DNSSEC, where nobody heeds it$/,
      );
    }
    expect(await look([record(3, 1, 1, leaf)], view, { dnssec: "secure" })).toEqual([]);
    expect((await look([`3 1 1 ${OTHER}`], view, { dnssec: "unknown" }))[0]).toMatch(/^fail/);
  });
});

test("what cannot be looked at is unknown; port 25 behind this network's block is told aside", async () => {
  const domain = sampleDomain({ mx: [{ host: "mail.example.com" }] });
  const aside = async (answer: Resolution): Promise<unknown> => {
    const resolve = (name: string, type: QueryType): Resolution | undefined =>
      type === "TLSA" && [SMTP, IMAPS].includes(name) ? answer : undefined;
    const probe = async (): Promise<MailPortView> => ({ outcome: "timeout", detail: "5 s" });
    const found = await checkTlsa.run(plannedSubject(domain, { resolve, probe }));
    return found.map(({ subject, status, isAside }) => [subject, status, isAside]);
  };
  expect(await aside({ state: "found", data: [`3 1 1 ${OTHER}`] })).toEqual([
    [`${IMAPS} TLSA`, "unknown", undefined],
    [`${SMTP} TLSA`, "unknown", true],
  ]);
  // Senders wait for an answer here; clients do not ask.
  expect(await aside({ state: "unknown", reason: "SERVFAIL" })).toEqual([
    [`${SMTP} TLSA`, "unknown", undefined],
  ]);
  expect((await look([`3 1 1 ${OTHER}`], GOOD_PORT))[0]).toMatch(/^unknown tlsa/);
});
