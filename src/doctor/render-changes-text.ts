import { printableText } from "./printable-text.ts";
import { statusMark, type RenderOptions } from "./render-findings.ts";
import type { ReportChange } from "./report-changes.ts";

/** Renders changes for people, a block for each domain; the empty text where there are none, so that cron has nothing to send. */
export function renderChangesText(changes: readonly ReportChange[], options: RenderOptions = {}): string {
  const blocks = [...Map.groupBy(changes, ({ domain }) => domain)].map(([domain, all]) => {
    const lines = all.flatMap(({ status, subject, now, before, remedy }) => [
      `${statusMark(status, options)}  ${printableText(subject)}  ${printableText(now)}`,
      `      before: ${printableText(before ?? "not there")}`,
      ...(remedy === undefined ? [] : [`      ${remedy}`]),
    ]);
    return [`${domain}\n`, ...lines].map((line) => `${line}\n`).join("");
  });
  return blocks.join("\n");
}
