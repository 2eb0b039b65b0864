import { writeFile } from "node:fs/promises";
import type { DomainReport } from "../../doctor/domain-report.ts";
import { renderChangesText } from "../../doctor/render-changes-text.ts";
import { changesSince } from "../../doctor/report-changes.ts";
import { renderReportJson, type ReportJson } from "../../doctor/render-report-json.ts";
import { renderReportJunit } from "../../doctor/render-report-junit.ts";
import { renderReportMarkdown } from "../../doctor/render-report-markdown.ts";
import { renderReportText } from "../../doctor/render-report-text.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import { hasColour, type CliIo } from "../cli-io.ts";
import { keepReport } from "./keep-report.ts";
import type { VerifyOptions } from "./verify.ts";

/** @throws MailAutodiscoverError `usage` where two forms want the standard output */
export function requireOneForm({ changes, json, junit, markdown }: VerifyOptions): void {
  const wanted = [
    ["--changes", changes === undefined ? undefined : true],
    ["--json", json],
    ["--junit", junit],
    ["--markdown", markdown],
  ] as const;
  const forms = wanted.filter(([, form]) => form === true).map(([option]) => option);
  if (forms.length < 2) return;
  throw new MailAutodiscoverError("usage", `${forms.join(" and ")} want the standard output.`, {
    remedy: "Give --junit or --markdown a file, such as --junit=report.xml.",
  });
}

/**
 * Writes the files that were asked for, and one form to the standard output.
 *
 * @param former The report that the file of `--changes` holds.
 */
export async function writeReport(
  reports: readonly DomainReport[],
  options: VerifyOptions,
  io: CliIo,
  former: ReportJson,
): Promise<void> {
  const { json, junit, markdown, failOn, verbose } = options;
  const asJunit = (): string => renderReportJunit(reports, { failOn });
  const asMarkdown = (): string => renderReportMarkdown(reports);
  if (typeof junit === "string") await writeTo(junit, asJunit());
  if (typeof markdown === "string") await writeTo(markdown, asMarkdown());
  const colour = hasColour(io, "stdout");
  if (options.changes !== undefined) {
    await keepReport(options.changes, reports, former);
    io.stdout.write(renderChangesText(changesSince(reports, former), { colour }));
    return;
  }
  const text =
    json === true
      ? renderReportJson(reports)
      : junit === true
        ? asJunit()
        : markdown === true
          ? asMarkdown()
          : renderReportText(reports, { colour, isVerbose: verbose });
  io.stdout.write(text);
}

async function writeTo(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MailAutodiscoverError("usage", `The report cannot be written: ${reason}`, {
      remedy: "Name a file in a folder that is there and that you may write to.",
      cause,
    });
  }
}
