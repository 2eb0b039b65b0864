import { expect, test } from "vitest";
import {
  reconcileDomains,
  type DomainWish,
  type Reconciled,
} from "../../../src/dns/plan/reconcile-domains.ts";
import type { WantedRecord } from "../../../src/dns/wanted-record.ts";
import { address, cname, mx, srv, txt } from "../rules/audit-input.ts";
import { mailDomain, wantedOf } from "./sample-wish.ts";

const NAME = "mail.example.com";

/** What two domains want, in the order in which the program has them. */
function wishes(first: readonly WantedRecord[], second: readonly WantedRecord[]): readonly DomainWish[] {
  return [
    { domain: mailDomain({ domain: "example.com" }), wanted: first },
    { domain: mailDomain({ domain: "example.net" }), wanted: second },
  ];
}

function kept({ wishes: left }: Reconciled): readonly (readonly WantedRecord[])[] {
  return left.map(({ wanted }) => wanted);
}

const guessed = (target: string): WantedRecord => ({
  ...cname(NAME, target, false, "guess-name"),
  isOptional: true,
});

test("domains that want nothing at one name keep everything, in its order", () => {
  const first = [address(NAME), txt("example.com", "v=spf1 mx -all")];
  const second = [txt("example.net", "v=spf1 mx -all")];
  const result = reconcileDomains(wishes(first, second));
  expect(kept(result)).toEqual([first, second]);
  expect(result).toMatchObject({ problems: [], notices: [] });
});

test("what both want alike is made once, by the first, and nothing is said", () => {
  const result = reconcileDomains(wishes([address(NAME)], [address(NAME)]));
  expect(kept(result)).toEqual([[address(NAME)], []]);
  expect(result).toMatchObject({ problems: [], notices: [] });
});

test("three domains that want the same make it once", () => {
  const three = [...wishes([mx(NAME, "mx.example.net")], [mx(NAME, "MX.example.net.")])];
  const domain = mailDomain({ domain: "example.org" });
  const result = reconcileDomains([...three, { domain, wanted: [mx(NAME, "mx.example.net")] }]);
  expect(kept(result).map((wanted) => wanted.length)).toEqual([1, 0, 0]);
  expect(result.problems).toEqual([]);
});

test.each([
  { order: "first", isFirst: true },
  { order: "second", isFirst: false },
])(
  "a name for guessing clients yields to a mail host, also where its domain is the $order",
  ({ isFirst }) => {
    const guess = [guessed("box.example.com")];
    const host = [address(NAME)];
    const result = reconcileDomains(isFirst ? wishes(guess, host) : wishes(host, guess));
    expect(kept(result).flat()).toEqual(host);
    expect(result.problems).toEqual([]);
    expect(result.notices).toEqual([
      {
        level: "info",
        domain: isFirst ? "example.com" : "example.net",
        message: `${NAME}/CNAME is left out: ${isFirst ? "example.net" : "example.com"} has the name for A 203.0.113.25.`,
      },
    ]);
  },
);

test("of two names for guessing clients one stays", () => {
  const result = reconcileDomains(wishes([guessed("a.example.com")], [guessed("b.example.com")]));
  expect(kept(result).flat()).toHaveLength(1);
  expect(result.problems).toEqual([]);
  expect(result.notices).toHaveLength(1);
});

test("a name that yields to two addresses is told once and leaves both", () => {
  const host = [address(NAME), address(NAME, "203.0.113.26")];
  const result = reconcileDomains(wishes([guessed("box.example.com")], host));
  expect(kept(result)).toEqual([[], host]);
  expect(result.notices).toHaveLength(1);
});

test("an alias that was asked for beside an address of another domain is a problem of both", () => {
  const result = reconcileDomains(
    wishes([cname(NAME, "box.example.com", false, "guess-name")], [address(NAME)]),
  );
  expect(result.problems).toEqual([
    {
      code: "domains-disagree",
      domain: "example.com",
      subject: `${NAME}/CNAME`,
      message: `${NAME} is wanted twice: example.com wants CNAME box.example.com, example.net wants A 203.0.113.25.`,
      remedy: "Make the files of example.com and example.net say the same.",
    },
  ]);
});

test.each([
  { what: "aliases", one: cname(NAME, "a.example.com"), other: cname(NAME, "b.example.com") },
  { what: "SPF records", one: txt(NAME, "v=spf1 mx -all"), other: txt(NAME, "v=spf1 a -all") },
  { what: "SRV records", one: srv(NAME, "a.example.com"), other: srv(NAME, "b.example.com") },
  { what: "exchangers", one: mx(NAME, "a.example.com"), other: mx(NAME, "b.example.com") },
])("$what of two domains at one name are a problem, whichever comes first", ({ one, other }) => {
  for (const pair of [wishes([one], [other]), wishes([other], [one])]) {
    expect(reconcileDomains(pair).problems).toMatchObject([{ code: "domains-disagree" }]);
  }
});

test("texts of two kinds, addresses of a shared mail host, and a domain's own set stand beside each other", () => {
  const spf = txt(NAME, "v=spf1 -all");
  const dmarc = txt(NAME, "v=DMARC1; p=none", "dmarc");
  const exchangers = [mx(NAME, "a.example.com"), mx(NAME, "b.example.com")];
  for (const pair of [
    wishes([spf], [dmarc]),
    wishes([address(NAME)], [address(NAME, "203.0.113.26")]),
    wishes(exchangers, []),
  ]) {
    const result = reconcileDomains(pair);
    expect(result.problems).toEqual([]);
    expect(kept(result)).toEqual(pair.map(({ wanted }) => wanted));
  }
});

test("CAA records of two domains are one set, each member once", () => {
  const caa = (value: string): WantedRecord => ({
    name: "example.com",
    logicalName: `example.com/CAA/example.com/${value}`,
    formerLogicalNames: [],
    purpose: "caa",
    type: "CAA",
    flags: 0,
    tag: "issue",
    value,
    bindsAccount: false,
  });
  const pair = wishes([caa("letsencrypt.org"), caa("ca.example.net")], [caa("letsencrypt.org")]);
  const result = reconcileDomains(pair);
  expect(result.problems).toEqual([]);
  expect(kept(result)).toEqual([[caa("letsencrypt.org"), caa("ca.example.net")], []]);
});

test("every disagreement is told, not only the first", () => {
  const result = reconcileDomains(
    wishes(
      [cname("a.example.com", "x.example.com"), cname("b.example.com", "x.example.com")],
      [cname("a.example.com", "y.example.com"), cname("b.example.com", "y.example.com")],
    ),
  );
  expect(result.problems.map(({ subject }) => subject)).toEqual([
    "a.example.com/CNAME",
    "b.example.com/CNAME",
  ]);
});

// Defects that a repair of reconcile-domains.ts ends: then `.fails` goes.

test("an alias beside another domain's text is settled alike, whichever domain comes first", () => {
  const text = txt(NAME, "v=spf1 -all");
  const alias = guessed("box.example.com");
  for (const pair of [wishes([text], [alias]), wishes([alias], [text])]) {
    const result = reconcileDomains(pair);
    expect(kept(result).flat()).toEqual([text]);
    expect(result.notices).toHaveLength(1);
  }
});

test("CAA records bound to the account are told apart by tag, though their text is not known yet", () => {
  // A mail domain that is another's mail host: without `issuewild` the CA may issue no wildcard beside a named issuer.
  const host = "mail.example.com";
  const caa = { issuers: ["ca.example.net"] };
  const publish = { origin: "origin.example.org" };
  const first = mailDomain({ domain: "example.com", mailServer: { host, addresses: ["203.0.113.25"] }, caa });
  const second = mailDomain({ domain: host, mailServer: { host: "mx.example.org" }, publish, caa });
  const pair = [first, second].map((domain) => ({ domain, wanted: wantedOf(domain) }));
  const wildcards = kept(reconcileDomains(pair))
    .flat()
    .filter((record) => record.type === "CAA" && record.name === host && record.tag === "issuewild");
  expect(wildcards.map((record) => record.type === "CAA" && record.value)).toEqual([
    "letsencrypt.org; validationmethods=dns-01",
    "ca.example.net",
  ]);
});
