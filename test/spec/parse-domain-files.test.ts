import { expect, test } from "vitest";
import { MailAutodiscoverError } from "../../src/errors.ts";
import { parseDomainFiles, requireDomainFiles } from "../../src/spec/parse-domain-files.ts";
import type { SpecIssue } from "../../src/spec/spec-issue.ts";

function fileOf(domain: string, more = ""): string {
  return `domain: ${domain}\nmailServer:\n  host: mail.example.net\n${more}`;
}

function issuesOf(
  ...files: readonly { readonly file: string; readonly text: string }[]
): readonly SpecIssue[] {
  const result = parseDomainFiles(files);
  return result.ok ? [] : result.issues;
}

test("domains come sorted by name, whatever the order of the files", () => {
  const result = parseDomainFiles([
    { file: "1.yaml", text: fileOf("example.org") },
    { file: "2.yaml", text: fileOf("example.com") },
  ]);
  expect(result.ok && result.domains.map((domain) => domain.domain)).toEqual(["example.com", "example.org"]);
});

test("the problems of all files come at once, each with its file", () => {
  const issues = issuesOf(
    { file: "a.yaml", text: fileOf("example.com", "color: red\n") },
    { file: "b.yaml", text: "domain: [\n" },
    { file: "c.yaml", text: fileOf("com") },
  );
  expect(issues.map(({ file, path }) => [file, path])).toEqual([
    ["a.yaml", "color"],
    ["b.yaml", "line 2"],
    ["c.yaml", "domain"],
  ]);
});

test("the same domain in two files is refused, U-label and A-label forms being the same", () => {
  const issues = issuesOf(
    { file: "a.yaml", text: fileOf("bücher.example") },
    { file: "b.yaml", text: fileOf("XN--BCHER-KVA.example.") },
  );
  expect(issues).toEqual([
    {
      file: "b.yaml",
      path: "domain",
      value: '"xn--bcher-kva.example"',
      message: "stands in a.yaml already",
      remedy: "Keep one file for each domain.",
    },
  ]);
});

test.each([
  ["a key twice", "domain: example.com\ndomain: example.org\n", "line 2"],
  ["two documents", "---\na: 1\n---\nb: 1\n", "line 3"],
  ["an alias without an anchor", "domain: *nowhere\n", ""],
  ["an alias bomb", aliasBomb(), ""],
])("text that is not plain YAML is an issue with its place: %s", (_, text, path) => {
  expect(issuesOf({ file: "a.yaml", text })).toMatchObject([
    { file: "a.yaml", path, message: expect.stringMatching(/^is not YAML: /), remedy: "Correct the YAML." },
  ]);
});

test.each(["", "- example.com\n", "example.com\n", "domain: &a\n  domain: *a\n"])(
  "YAML that is no domain file is refused without an exception: %j",
  (text) => {
    expect(issuesOf({ file: "a.yaml", text }).length).toBeGreaterThan(0);
  },
);

test("the error for a program counts the problems and changes nothing", () => {
  const call = (): unknown => requireDomainFiles([{ file: "a.yaml", text: fileOf("com") }]);
  expect(call).toThrow(MailAutodiscoverError);
  expect(call).toThrow(
    /^1 problem in the domain files:\na\.yaml: domain: is not a host name: it has a single label/,
  );
});

function aliasBomb(): string {
  const list = (item: string): string => `[${Array.from({ length: 20 }, () => item).join(", ")}]`;
  return `a: &a ${list("x")}\nb: &b ${list("*a")}\nc: &c ${list("*b")}\n`;
}

test.each([
  ["", undefined],
  ["# a comment alone", undefined],
  ["[1, 2]", "[1,2]"],
  ["hello", '"hello"'],
])("a file that holds no keys is one problem: %j", (text, value) => {
  const result = parseDomainFiles([{ file: "a.yaml", text }]);
  expect(result).toMatchObject({
    ok: false,
    issues: [{ file: "a.yaml", message: "holds no keys", remedy: "Write at least domain and mailServer." }],
  });
  expect(!result.ok && result.issues[0]?.value).toBe(value);
});
