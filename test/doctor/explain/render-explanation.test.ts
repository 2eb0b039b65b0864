import { describe, expect, test } from "vitest";
import type { ClientChange, DomainExplanation } from "../../../src/doctor/explain/explain-domain.ts";
import { summaryWords } from "../../../src/doctor/explain/explanation-summary.ts";
import { renderExplanationMarkdown } from "../../../src/doctor/explain/render-explanation-markdown.ts";
import { renderExplanationText } from "../../../src/doctor/explain/render-explanation-text.ts";
import { manualDiscovery } from "../sample-discovery.ts";

function change(more: Partial<ClientChange> = {}): ClientChange {
  return {
    title: "Thunderbird",
    isBestEffort: false,
    before: manualDiscovery,
    after: manualDiscovery,
    risksBefore: [],
    risksAfter: [],
    verdict: "same",
    worsenings: [],
    ...more,
  };
}

function explanation(clients: readonly ClientChange[], domain = "example.com"): DomainExplanation {
  return { domain, address: `alice@${domain}`, clients };
}

const failing = change({
  title: "Outlook",
  before: { ...manualDiscovery, outcome: "configured" },
  verdict: "worse",
  worsenings: [{ code: "outcome", message: "it no longer sets itself up" }],
});
const risk = { origin: "https://example.com", leadsTo: "192.0.2.80" };

describe("text", () => {
  test("what gets worse stands first, with why, and in the summary by name", () => {
    const text = renderExplanationText([explanation([change(), failing])]);
    expect(text.indexOf("worse: Outlook")).toBeLessThan(text.indexOf("same: Thunderbird"));
    expect(text).toContain("    worse  it no longer sets itself up\n");
    expect(text).toContain("; today 1. 1 gets worse: Outlook.\n");
  });

  test("where the password goes is said before anything that is asked", () => {
    const before = {
      ...manualDiscovery,
      prompts: [{ kind: "certificate", target: "https://example.com", text: "Trust it?" }] as const,
      passwordSentTo: ["https://example.com"],
    };
    const text = renderExplanationText([explanation([change({ before, verdict: "better" })])]);
    expect(text).toContain(
      "           ! the mailbox password goes to https://example.com\n           ! asks: Trust it?\n",
    );
  });

  test("a risk that ends is told of today, one that stays is told once for all clients", () => {
    const stays = { risksBefore: [risk], risksAfter: [risk] };
    const text = renderExplanationText([
      explanation([
        change(stays),
        change({ ...stays, title: "Outlook" }),
        change({ title: "Geary", risksBefore: [risk] }),
      ]),
    ]);
    expect(text.match(/would give the mailbox password/g)).toHaveLength(1);
    expect(text).toContain("    https://example.com, which leads to 192.0.2.80 (Thunderbird, Outlook)\n");
  });

  test("what today rests on is said, as far as the time after the change does not rest on it, too", () => {
    const rests = (...assumptions: string[]): ClientChange["after"] => ({ ...manualDiscovery, assumptions });
    const text = renderExplanationText([
      explanation([change({ before: rests("A is so", "B is so"), after: rests("B is so") })]),
    ]);
    expect(text).toContain("  taken for granted today:\n    A is so (Thunderbird)\n");
    expect(text).toContain("  taken for granted after the change:\n    B is so (Thunderbird)\n");
    expect(text.match(/B is so/g)).toHaveLength(1);
  });

  test("what other people's servers say moves no cursor", () => {
    const after = { ...manualDiscovery, source: "https://example.com/\u001B[2J" };
    expect(renderExplanationText([explanation([change({ after })])])).not.toContain("\u001B");
  });
});

describe("Markdown", () => {
  test("a comment keeps below what GitHub takes: steps go first, then whole domains, and that is said", () => {
    const steps = Array.from({ length: 40 }, (_, index) => ({
      what: "guess",
      target: `host-${index}.example.com:993`,
      answer: "refused",
      ms: 0,
      startMs: 0,
      effect: "passed" as const,
    }));
    const clients = Array.from({ length: 15 }, () => change({ after: { ...manualDiscovery, steps } }));
    const one = renderExplanationMarkdown([explanation(clients)]);
    expect(one).toContain("<details>");
    const many = Array.from({ length: 80 }, (_, index) => explanation(clients, `d${index}.example`));
    const text = renderExplanationMarkdown(many);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(
      /\n\d+ more domains are left out, since a comment has no room for them: nothing gets worse for their clients\.\n$/,
    );
    const last = explanation([failing, ...clients], "worse.example");
    expect(renderExplanationMarkdown([...many, last])).toMatch(/^\n### Mail clients of worse\.example\n/);
    const worse = Array.from({ length: 80 }, (_, index) =>
      explanation([failing, ...clients], `w${index}.example`),
    );
    expect(renderExplanationMarkdown(worse)).toMatch(/: for clients of \d+ something gets worse\.\n$/);
  });

  test("what stands against the plan of a domain is told before its table, with what to do", () => {
    const problem = {
      code: "record-conflict" as const,
      domain: "example.com",
      subject: "autodiscover.example.com/CNAME",
      message: "autodiscover.example.com/CNAME is in the way: left by @somebody, see #12.",
      remedy: "Replace it.",
    };
    const both = [explanation([change()]), explanation([change()], "example.net")];
    const text = renderExplanationMarkdown(both, [problem]);
    const [first = "", second = ""] = text.split("### Mail clients of example.net");
    expect(first).toContain("The preview refuses this plan for 1 problem**");
    expect(first).toContain(
      "- autodiscover.example.com/CNAME is in the way: left by @<!-- -->somebody, see \\#<!-- -->12. Replace it.\n\n| client |",
    );
    expect(second).not.toContain("problem");
    const many = renderExplanationMarkdown(
      both.slice(0, 1),
      Array.from({ length: 30 }, () => problem),
    );
    expect(many).toContain("for 30 problems**");
    expect(many).toContain("- 10 more\n\n| client |");
  });

  test("a table of clients has no column for a time that is not known", () => {
    const text = renderExplanationMarkdown([
      explanation([change({ before: undefined, verdict: "unknown" })]),
    ]);
    expect(text).toContain("| client | after this change | |\n");
    expect(text).toContain("| Thunderbird | ✍️ the person types the servers in |  |\n");
  });
});

test("how long a client waits is said where the end is known, and only there", () => {
  const slow = { ...manualDiscovery, ms: 12_000 };
  expect(renderExplanationText([explanation([change({ after: slow })])])).toContain(
    "the person types the servers in, after 12 s\n",
  );
  const unknown = { ...slow, outcome: "unknown" as const };
  expect(renderExplanationText([explanation([change({ after: unknown })])])).not.toContain("12 s");
});

test("the summary counts who sets himself up, and says what is not known of today", () => {
  const configured = { ...manualDiscovery, outcome: "configured" } as const;
  const unknown = { ...manualDiscovery, outcome: "unknown" } as const;
  expect(
    summaryWords(
      explanation([
        change({ before: configured, after: configured }),
        change({ before: unknown, after: configured }),
        change({ before: manualDiscovery, after: manualDiscovery }),
      ]),
    ),
  ).toBe("2 of 3 clients set themselves up after the change; today 1, of 1 it is not known.");
});
