import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { SpfPolicy } from "../../src/spec/mail-domain.ts";
import { parseSpf } from "../../src/spec/parse-spf.ts";
import type { SpecIssue } from "../../src/spec/spec-issue.ts";

function parse(text: string): { readonly policy: SpfPolicy; readonly issues: readonly SpecIssue[] } {
  const issues: SpecIssue[] = [];
  const policy = parseSpf(text, (issue) => issues.push(issue));
  return { policy, issues };
}

test("a policy is its terms in their order, and what it ends with", () => {
  expect(parse("V=SPF1  MX include:_spf.Example.net -ip4:192.0.2.0/24 ~ALL exp=why.example.net")).toEqual({
    policy: {
      terms: ["mx", "include:_spf.Example.net", "-ip4:192.0.2.0/24", "exp=why.example.net"],
      all: "~all",
    },
    issues: [],
  });
});

test.each([
  "v=spf1",
  "v=spf1 -all",
  "v=spf1 a mx/24 a:example.net/24//64 mx//128 -all",
  "v=spf1 ip4:192.0.2.1 ip6:2001:db8::/32 ip6:2001:DB8::1 ?all",
  "v=spf1 exists:%{ir}.%{v}._spf.%{d2} -all",
  "v=spf1 include:%{d} -all",
  "v=spf1 redirect=_spf.example.net",
  "v=spf1 mx later=%{s} -all",
  "v=spf1 a:example.net. -all",
])("%s is accepted", (text) => {
  expect(parse(text).issues).toEqual([]);
});

test.each([
  ["spf1 mx -all", "does not begin"],
  ["v=spf10 mx -all", "does not begin"],
  ["v=spf1 mxx -all", "not a mechanism"],
  ["v=spf1 192.0.2.1 -all", "not a mechanism"],
  ["v=spf1 ptr -all", "RFC 7208 §5.5"],
  ["v=spf1 ptr:example.net -all", "RFC 7208 §5.5"],
  ["v=spf1 include -all", "has no domain"],
  ["v=spf1 include:localhost -all", "no valid domain"],
  ["v=spf1 include:192.0.2.1 -all", "no valid domain"],
  ["v=spf1 include:%{z}.example.net -all", "no valid domain"],
  ["v=spf1 include:bücher.example -all", "no valid domain"],
  ["v=spf1 a/33 -all", "wrong prefix length"],
  ["v=spf1 mx//129 -all", "wrong prefix length"],
  ["v=spf1 ip4:192.0.2.0/33 -all", "not a network"],
  ["v=spf1 ip4:2001:db8::1 -all", "not a network"],
  ["v=spf1 ip6:192.0.2.1 -all", "not a network"],
  ["v=spf1 ip4 -all", "not a network"],
  ["v=spf1 -all mx", "stands after all"],
  ["v=spf1 mx -all ~all", "second all"],
  ["v=spf1 mx +all", "everybody"],
  ["v=spf1 mx all", "everybody"],
  ["v=spf1 redirect=example.net -all", "never looked at beside all"],
  ["v=spf1 redirect=a.example.net redirect=b.example.net", "twice"],
  ["v=spf1 -redirect=example.net", "modifier with a qualifier"],
])("%s is refused: %s", (text, message) => {
  const { issues } = parse(text);
  expect(issues.map((issue) => issue.message)).toContainEqual(expect.stringContaining(message));
  for (const issue of issues) {
    expect(issue.path).toBe("spf");
    expect(issue.remedy).toMatch(/^[A-Z].*\.$/);
  }
});

test("ten DNS lookups are the limit, and networks need none", () => {
  const policy = (count: number): string =>
    `v=spf1 ip4:192.0.2.1 ${Array.from({ length: count }, (_, n) => `include:s${n}.example.net`).join(" ")} -all`;
  expect(parse(policy(10)).issues).toEqual([]);
  expect(parse(policy(11)).issues).toMatchObject([{ value: '"11 lookups"' }]);
});

test("every problem of a policy comes at once", () => {
  expect(parse("v=spf1 ptr mxx ip4:x +all").issues).toHaveLength(4);
});

test("no text makes the parser throw, and what it accepts is printable ASCII", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string()), (rest) => {
      const { policy, issues } = parse(`v=spf1 ${rest}`);
      return issues.length > 0 || /^[\u0020-\u007E]*$/.test(policy.terms.join(" "));
    }),
  );
});
