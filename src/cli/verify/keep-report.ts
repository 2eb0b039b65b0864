import { readFile, rename, writeFile } from "node:fs/promises";
import type { DomainReport } from "../../doctor/domain-report.ts";
import { renderReportJson, type ReportJson } from "../../doctor/render-report-json.ts";
import { MailAutodiscoverError } from "../../errors.ts";

const NONE: ReportJson = { version: 1, domains: [] };

/** Returns the report that a file keeps; an empty one where there is no file, or not yet. @throws MailAutodiscoverError `usage` */
export async function readKeptReport(file: string | undefined): Promise<ReportJson> {
  if (file === undefined) return NONE;
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unusable(file, error);
  });
  if (text === undefined) return NONE;
  try {
    const report = JSON.parse(text) as Partial<ReportJson> | null;
    if (report?.version === 1 && Array.isArray(report.domains)) return report as ReportJson;
  } catch (error) {
    throw unusable(file, error);
  }
  throw unusable(file, undefined);
}

/**
 * Keeps a report for the next look, in one step: a run that is killed leaves the former one. Domains of the former one that were not
 * looked at this time stay in it.
 */
export async function keepReport(
  file: string,
  reports: readonly DomainReport[],
  former: ReportJson,
): Promise<void> {
  const looked = JSON.parse(renderReportJson(reports)) as ReportJson;
  const names = looked.domains.map(({ domain }) => domain);
  const others = former.domains.filter(({ domain }) => !names.includes(domain));
  const kept: ReportJson = { ...looked, domains: [...looked.domains, ...others] };
  try {
    await writeFile(`${file}.new`, `${JSON.stringify(kept, undefined, 2)}\n`);
    await rename(`${file}.new`, file);
  } catch (error) {
    throw unusable(file, error);
  }
}

function unusable(file: string, cause: unknown): MailAutodiscoverError {
  const reason = cause instanceof Error ? cause.message : "it holds something else";
  return new MailAutodiscoverError("usage", `${file} cannot keep the report: ${reason}`, {
    remedy: "Name a file of its own in a folder that is there and that you may write to.",
    cause,
  });
}
