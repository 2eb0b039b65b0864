import type { Discovery } from "../clients/ladder/discovery.ts";
import { serverWords } from "../clients/world/server-words.ts";
import { escapeXml } from "../documents/xml.ts";
import { clientStatus } from "./client-status.ts";
import { warningWords } from "./client-words.ts";
import type { DomainReport } from "./domain-report.ts";
import type { Finding, FindingStatus } from "./finding.ts";
import { printableText } from "./printable-text.ts";

export interface ReportJunitOptions {
  /** `warn`: a warning is a failure. Default `fail`. */
  readonly failOn?: "warn" | "fail" | undefined;
}

interface TestCase {
  readonly className: string;
  readonly name: string;
  readonly status: FindingStatus;
  readonly message: string;
  readonly details: string;
  readonly ms?: number | undefined;
}

/**
 * Renders reports as JUnit XML, in the dialect that Jenkins, GitLab and GitHub's actions read: a suite for each domain, a case
 * for each finding and each client. What is not known is skipped, with the reason.
 */
export function renderReportJunit(
  reports: readonly DomainReport[],
  { failOn = "fail" }: ReportJunitOptions = {},
): string {
  const suites = reports.map((report) => renderSuite(report, failOn));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="mail-autodiscover verify">\n${suites.join("")}</testsuites>\n`;
}

function renderSuite(report: DomainReport, failOn: FindingStatus): string {
  const cases = [...report.findings.map(findingCase), ...report.clients.map(clientCase)];
  const isFailure = ({ status }: TestCase): boolean => status === "fail" || status === failOn;
  const failures = cases.filter(isFailure).length;
  const skipped = cases.filter(({ status }) => status === "unknown").length;
  const head = attributes({
    name: report.domain,
    tests: cases.length,
    failures,
    errors: 0,
    skipped,
  });
  const lines = cases.map((each) => renderCase(report.domain, each, isFailure(each)));
  return `  <testsuite${head}>\n${lines.join("")}  </testsuite>\n`;
}

function renderCase(domain: string, each: TestCase, isFailure: boolean): string {
  const head = attributes({
    classname: `${domain}.${each.className}`,
    name: each.name,
    ...(each.ms === undefined ? {} : { time: (each.ms / 1000).toFixed(3) }),
  });
  const body = isFailure
    ? `<failure${attributes({ message: each.message, type: each.className })}>${escapeXml(each.details)}</failure>`
    : each.status === "unknown"
      ? `<skipped${attributes({ message: each.message })}/>`
      : each.status === "warn"
        ? `<system-out>${escapeXml(`warning: ${each.message}\n${each.details}`)}</system-out>`
        : "";
  return body === "" ? `    <testcase${head}/>\n` : `    <testcase${head}>${body}</testcase>\n`;
}

function findingCase({ code, status, subject, expected, observed, remedy }: Finding): TestCase {
  const details = [
    ...(expected === undefined ? [] : [`expected: ${printableText(expected)}`]),
    ...(observed === undefined ? [] : [`observed: ${printableText(observed)}`]),
    ...(remedy === undefined ? [] : [remedy]),
  ];
  return {
    className: code,
    name: subject,
    status,
    message: printableText(observed ?? status),
    details: details.join("\n"),
  };
}

function clientCase(client: Discovery): TestCase {
  const steps = client.steps.map(({ what, target, answer }) => printableText(`${what} ${target}: ${answer}`));
  const servers = printableText(serverWords(client.incoming, client.outgoing));
  return {
    className: "client",
    name: client.client,
    status: clientStatus(client),
    message: [client.outcome, servers, ...warningWords(client)].filter((part) => part !== "").join("; "),
    details: steps.join("\n"),
    ms: client.ms,
  };
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join("");
}
