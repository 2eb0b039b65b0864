import { LineCounter, parseDocument } from "yaml";
import { MailAutodiscoverError } from "../errors.ts";
import type { MailDomain } from "./mail-domain.ts";
import { parseMailDomain } from "./parse-mail-domain.ts";
import { renderSpecIssues, specIssue, type SpecIssue } from "./spec-issue.ts";

export interface DomainFileText {
  /** Shown in messages. */
  readonly file: string;
  readonly text: string;
}

export type ParseFilesResult =
  | { readonly ok: true; readonly domains: readonly MailDomain[] }
  | { readonly ok: false; readonly issues: readonly SpecIssue[] };

/** Turns domain files (YAML) into mail domains sorted by name, aliases among them, or every problem of every file at once. */
export function parseDomainFiles(files: readonly DomainFileText[]): ParseFilesResult {
  const issues: SpecIssue[] = [];
  const domains = new Map<string, { readonly domain: MailDomain; readonly file: string }>();
  for (const { file, text } of files) {
    const inFile = (found: readonly SpecIssue[]): void => {
      issues.push(...found.map((issue) => ({ ...issue, file })));
    };
    const lineCounter = new LineCounter();
    const document = parseDocument(text, { lineCounter, prettyErrors: false });
    if (document.errors.length > 0) {
      inFile(
        document.errors.map((error) => yamlIssue(error.message, lineCounter.linePos(error.pos[0]).line)),
      );
      continue;
    }
    const data = toData(document);
    if (data.ok && !isMapping(data.value)) {
      inFile([
        specIssue("", data.value ?? undefined, "holds no keys", "Write at least domain and mailServer."),
      ]);
      continue;
    }
    const result = data.ok ? parseMailDomain(data.value) : { ok: false as const, issues: [data.issue] };
    if (!result.ok) {
      inFile(result.issues);
      continue;
    }
    for (const [index, domain] of [result.domain, ...result.aliases].entries()) {
      const former = domains.get(domain.domain);
      const path = index === 0 ? "domain" : `aliases.${index - 1}`;
      if (former === undefined) domains.set(domain.domain, { domain, file });
      else inFile([duplicate(path, domain.domain, former.file)]);
    }
  }
  if (issues.length > 0) return { ok: false, issues };
  const sorted = [...domains.values()].map((entry) => entry.domain);
  return { ok: true, domains: sorted.toSorted((a, b) => (a.domain < b.domain ? -1 : 1)) };
}

/** As {@link parseDomainFiles}, with all problems in one error. @throws MailAutodiscoverError `invalid-spec` */
export function requireDomainFiles(files: readonly DomainFileText[]): readonly MailDomain[] {
  const result = parseDomainFiles(files);
  if (result.ok) return result.domains;
  const { length } = result.issues;
  throw new MailAutodiscoverError(
    "invalid-spec",
    `${length} ${length === 1 ? "problem" : "problems"} in the domain files:\n${renderSpecIssues(result.issues)}`,
    { remedy: "Correct the files; nothing was changed." },
  );
}

/** Aliases are resolved only here: one without an anchor, or too many of them, is an error of the text like any other. */
function toData(document: {
  toJS(options: { maxAliasCount: number }): unknown;
}): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly issue: SpecIssue } {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    return { ok: false, issue: yamlIssue(error instanceof Error ? error.message : String(error), undefined) };
  }
}

function isMapping(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function yamlIssue(message: string, line: number | undefined): SpecIssue {
  return specIssue(
    line === undefined ? "" : `line ${line}`,
    undefined,
    `is not YAML: ${message}`,
    "Correct the YAML.",
  );
}

function duplicate(path: string, domain: string, file: string): SpecIssue {
  return specIssue(path, domain, `stands in ${file} already`, "Keep one file for each domain.");
}
