import { describe, expect, test } from "vitest";
import type { Discovery } from "../../../src/clients/ladder/discovery.ts";
import { judgeChange, type ChangeInput } from "../../../src/doctor/explain/judge-change.ts";
import { manualDiscovery as manual } from "../sample-discovery.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";

const incoming = { protocol: "imap", host: "mail.example.com", port: 993, tls: "implicit" } as const;
const outgoing = { protocol: "submission", host: "mail.example.com", port: 465, tls: "implicit" } as const;
const configured: Discovery = {
  ...manual,
  outcome: "configured",
  incoming,
  outgoing,
  username: "alice@example.com",
};
const failed: Discovery = { ...manual, outcome: "failed" };
const unknown: Discovery = { ...manual, outcome: "unknown" };
const certificate = { kind: "certificate", target: "https://example.com", text: "Trust it?" } as const;
const risk = { origin: "https://autodiscover.example.com", leadsTo: "192.0.2.80" };

function judge(input: Partial<ChangeInput> & Pick<ChangeInput, "after">): string {
  const { verdict, worsenings } = judgeChange({
    domain: sampleDomain(),
    before: manual,
    risksBefore: [],
    risksAfter: [],
    ownHosts: new Set(["autodiscover.example.com"]),
    ...input,
  });
  return [verdict, ...worsenings.map(({ code }) => code)].join(" ");
}

describe("the verdict on a change", () => {
  test.each([
    ["better", { before: manual, after: configured }],
    ["better", { before: unknown, after: configured }],
    ["better", { before: failed, after: manual }],
    ["worse outcome", { before: configured, after: manual }],
    ["worse outcome", { before: configured, after: unknown }],
    ["worse outcome", { before: manual, after: failed }],
    ["changed", { before: unknown, after: manual }],
    ["same", { before: configured, after: { ...configured, source: "elsewhere" } }],
    ["changed", { before: configured, after: { ...configured, username: "alice" } }],
    ["unknown", { before: undefined, after: configured }],
  ] as const)("is %s", (verdict, change) => {
    expect(judge(change)).toBe(verdict);
  });

  test("a password that goes to somebody new is worse, whatever is gained; the domain's own hosts take none", () => {
    const to = (...passwordSentTo: string[]): Discovery => ({ ...configured, passwordSentTo });
    expect(judge({ after: to("https://shop.example.com") })).toBe("worse password");
    expect(judge({ before: undefined, after: to("https://shop.example.com") })).toBe("worse password");
    expect(judge({ after: to("https://autodiscover.example.com") })).toBe("better");
    const before = to("https://shop.example.com");
    expect(judge({ before, after: before })).toBe("same");
    expect(judge({ before, after: configured })).toBe("better");
  });

  test("who could have the password counts in the same way", () => {
    const after = configured;
    expect(judge({ before: configured, after, risksBefore: [risk] })).toBe("better");
    const other = { origin: "https://example.com", leadsTo: "192.0.2.80" };
    expect(judge({ before: configured, after, risksAfter: [other] })).toBe("worse risk");
    expect(judge({ before: configured, after, risksBefore: [other], risksAfter: [other] })).toBe("same");
    // Where the provider that the file names serves a name, it is meant to.
    expect(judge({ before: configured, after, risksAfter: [risk] })).toBe("same");
  });

  test("a new alarm is worse where there was none, and one that is gone is better", () => {
    const alarming = { ...configured, prompts: [certificate] };
    expect(judge({ before: configured, after: alarming })).toBe("worse prompt");
    expect(judge({ before: alarming, after: configured })).toBe("better");
    expect(judge({ before: manual, after: alarming })).toBe("better");
  });

  test("a connection that loses its TLS is worse, and so are servers that the file does not name", () => {
    const plain = { ...configured, incoming: { ...incoming, tls: "plain" as const } };
    expect(judge({ before: configured, after: plain })).toBe("worse plain other-servers");
    const other = { ...configured, outgoing: { ...outgoing, host: "smtp.example.net" } };
    expect(judge({ after: other })).toBe("worse other-servers");
  });

  test("a server that the file names with another TLS is said with the one that the client wants", () => {
    const after = { ...configured, incoming: { ...incoming, tls: "starttls" as const } };
    const { worsenings } = judgeChange({
      domain: sampleDomain(),
      before: undefined,
      after,
      risksBefore: [],
      risksAfter: [],
      ownHosts: new Set(),
    });
    expect(worsenings.map(({ message }) => message)).toEqual([
      "it uses imap mail.example.com:993 STARTTLS, which the domain file does not name",
    ]);
  });

  test("a name that leads to the file's server is as good as its own", () => {
    const after = { ...configured, incoming: { ...incoming, host: "imap.example.com" } };
    expect(judge({ after })).toBe("worse other-servers");
    const otherNames = new Map([["imap.example.com", ["mail.example.com"]]]);
    expect(judge({ after, otherNames })).toBe("better");
  });

  test("POP3 where there was IMAP is worse, and the other way round only another server", () => {
    const pop3 = { ...incoming, protocol: "pop3" as const, port: 995 };
    const domain = sampleDomain({ mailServer: { pop3: {} } });
    expect(judge({ domain, before: configured, after: { ...configured, incoming: pop3 } })).toBe(
      "worse pop3",
    );
    expect(judge({ domain, before: { ...configured, incoming: pop3 }, after: configured })).toBe("changed");
  });
});
