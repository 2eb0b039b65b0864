import { stripVTControlCharacters } from "node:util";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import type { Discovery } from "../../../src/clients/ladder/discovery.ts";
import type { DomainReport } from "../../../src/doctor/domain-report.ts";
import { renderReportJson } from "../../../src/doctor/render-report-json.ts";
import { renderReportJunit } from "../../../src/doctor/render-report-junit.ts";
import { renderReportMarkdown } from "../../../src/doctor/render-report-markdown.ts";
import { renderReportText } from "../../../src/doctor/render-report-text.ts";
import { expectGolden } from "../../dns/golden-file.ts";
import { ReportSchema } from "./report-schema.ts";
import { SAMPLE_REPORTS } from "./sample-reports.ts";

test.each([
  { file: "report.txt", text: renderReportText(SAMPLE_REPORTS) },
  { file: "report-verbose.txt", text: renderReportText(SAMPLE_REPORTS, { isVerbose: true }) },
  { file: "report.json", text: renderReportJson(SAMPLE_REPORTS) },
  { file: "report.xml", text: renderReportJunit(SAMPLE_REPORTS) },
  { file: "report.md", text: renderReportMarkdown(SAMPLE_REPORTS) },
])("a report is rendered as in $file", ({ file, text }) => {
  expectGolden(new URL(`golden/${file}`, import.meta.url), text);
});

const SORTED: readonly string[] = ["example.com", "example.net", "example.org"];

describe("as text", () => {
  test("the worst comes first, in the summary, too; what passed is hidden", () => {
    const text = renderReportText(SAMPLE_REPORTS);
    expect(text.match(/example\.(com|net|org) {2}\d+ (?!s$)/gm)?.map((found) => found.slice(0, 11))).toEqual(
      SORTED.concat(SORTED),
    );
    expect(text).not.toContain("autoconfig.example.com A/AAAA");
  });

  test("a client of which nothing is expected is not called right where its person types the servers in", () => {
    const [report] = SAMPLE_REPORTS;
    const [thunderbird] = report?.clients ?? [];
    if (report === undefined || thunderbird === undefined) throw new RangeError("There is no sample.");
    const cloud = { ...thunderbird, client: "outlook-cloud", outcome: "manual" } as const;
    expect(renderReportText([{ ...report, clients: [cloud] }])).toMatch(/^- {5}outlook-cloud {2}manual/m);
  });

  test("what several clients tell alike is told once, with their names or their number", () => {
    const [, report] = SAMPLE_REPORTS;
    const [thunderbird] = report?.clients ?? [];
    if (report === undefined || thunderbird === undefined) throw new RangeError("There is no sample.");
    const prompts = [
      { kind: "certificate", target: "mail.example.com:993", text: "mail.example.com:993?" },
    ] as const;
    const told = (...clients: readonly Discovery["client"][]): string[] =>
      renderReportText([
        { ...report, clients: clients.map((client) => ({ ...thunderbird, client, prompts })) },
      ])
        .split("\n")
        .filter((line) => line.includes("!"));
    expect(told("kmail", "geary")).toEqual([
      "      ! kmail, geary: asks (certificate): mail.example.com:993?",
    ]);
    expect(told("kmail", "geary", "pacc", "apple")).toEqual([
      "      ! 4 clients: asks (certificate): mail.example.com:993?",
    ]);
  });

  test("one domain has no summary", () => {
    expect(renderReportText(SAMPLE_REPORTS.slice(0, 1))).not.toContain("domains");
  });

  test("colour changes nothing of the words", () => {
    const coloured = renderReportText(SAMPLE_REPORTS, { colour: true });
    expect(coloured).toContain("\u001B[31m");
    expect(stripVTControlCharacters(coloured)).toBe(renderReportText(SAMPLE_REPORTS));
  });

  test("what a server says moves no cursor, turns no text and ends no line", () => {
    const text = renderReportText(SAMPLE_REPORTS, { isVerbose: true });
    for (const character of ["\u001B", "\u202E"]) expect(text).not.toContain(character);
    expect(text).toContain(String.raw`\u001b[2J\u202e`);
    expect(text).not.toMatch(/^## done/m);
  });
});

describe("as JSON", () => {
  test("it has the documented form, and the order of the command line", () => {
    const json = JSON.parse(renderReportJson(SAMPLE_REPORTS)) as unknown;
    expect(ReportSchema.safeParse(json).error).toBeUndefined();
    expect(json).toMatchObject({
      domains: [{ domain: "example.org" }, { domain: "example.com" }, { domain: "example.net" }],
    });
  });

  test("what servers say stands in it as they said it", () => {
    const json = JSON.parse(renderReportJson(SAMPLE_REPORTS)) as {
      readonly domains: readonly { readonly findings: readonly { readonly observed?: string }[] }[];
    };
    expect(json.domains[1]?.findings[2]?.observed).toBe(SAMPLE_REPORTS[1]?.findings[2]?.observed);
  });
});

interface Suite {
  readonly name: string;
  readonly tests: string;
  readonly failures: string;
  readonly skipped: string;
  readonly testcase: readonly {
    readonly name: string;
    readonly failure?: unknown;
    readonly skipped?: unknown;
  }[];
}

function suites(xml: string): readonly Suite[] {
  expect(XMLValidator.validate(xml)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    parseAttributeValue: false,
    isArray: (name) => name === "testcase" || name === "testsuite",
  });
  return (parser.parse(xml) as { readonly testsuites: { readonly testsuite: readonly Suite[] } }).testsuites
    .testsuite;
}

describe("as JUnit", () => {
  test("a domain is a suite; a finding or a client is a case: failed, skipped where unknown, or passed", () => {
    const [, com, net] = suites(renderReportJunit(SAMPLE_REPORTS));
    expect(com).toMatchObject({ name: "example.com", tests: "7", failures: "2", skipped: "1" });
    expect(com?.testcase.filter((each) => each.failure !== undefined)).toHaveLength(2);
    expect(net?.testcase.filter((each) => each.skipped !== undefined)).toHaveLength(2);
  });

  test("with --fail-on warn a warning is a failure", () => {
    const [, com] = suites(renderReportJunit(SAMPLE_REPORTS, { failOn: "warn" }));
    expect(com).toMatchObject({ failures: "4" });
  });
});

describe("as Markdown", () => {
  test("what a server says becomes no markup: no link, image, mention, heading or further cell", () => {
    const markdown = renderReportMarkdown(SAMPLE_REPORTS);
    expect(markdown).not.toMatch(/@everyone|<img|https:\/\/evil|^## done|(?<!\\)`x/m);
    const cells = (line: string): number => line.split(/(?<!\\)\|/).length;
    const row = markdown.split("\n").find((line) => line.includes("everyone"));
    expect(cells(row ?? "")).toBe(cells("| | finding | subject | observed | expected | what to do |"));
  });

  test("a comment of GitHub has room for it, however many domains there are, and it says what is left out", () => {
    const [sample] = SAMPLE_REPORTS.slice(1) as [DomainReport];
    const many = Array.from({ length: 2000 }, (_, index) => ({ ...sample, domain: `d${index}.example.com` }));
    const markdown = renderReportMarkdown(many);
    expect(markdown.length).toBeLessThan(65_536);
    expect(markdown).toMatch(/^\d+ more domains, none of them worse\.$/m);
    expect(markdown).toMatch(/^The details of \d+ more are left out/m);
  });
});
