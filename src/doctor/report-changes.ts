import type { Discovery } from "../clients/ladder/discovery.ts";
import { serverWords } from "../clients/world/server-words.ts";
import { clientStatus } from "./client-status.ts";
import type { DomainReport } from "./domain-report.ts";
import type { Finding, FindingStatus } from "./finding.ts";
import type { DiscoveryJson } from "./render-discovery-json.ts";
import type { ReportJson } from "./render-report-json.ts";

/** What is otherwise than in a former report. */
export interface ReportChange {
  readonly domain: string;
  /** As it is now; `pass` for what is no more. */
  readonly status: FindingStatus;
  readonly subject: string;
  readonly now: string;
  /** Undefined for what was not there before. */
  readonly before: string | undefined;
  readonly remedy: string | undefined;
}

/**
 * Returns what has changed since a former report, in the order of the present one. Times and days left change with each look: of
 * words only those count, of what passes only that it does. A domain that was not looked at before is all new, but what passes.
 */
export function changesSince(reports: readonly DomainReport[], former: ReportJson): readonly ReportChange[] {
  return reports.flatMap((report) => {
    const before = former.domains.find(({ domain }) => domain === report.domain);
    return [
      ...findingChanges(report, before?.findings ?? []),
      ...clientChanges(report, before?.clients ?? []),
    ];
  });
}

function findingChanges({ domain, findings }: DomainReport, former: readonly Finding[]): ReportChange[] {
  const isFirst = former.length === 0;
  const [now, before] = [findings, former].map((all) => Map.groupBy(all, keyOf));
  const changed = [...(now ?? [])].flatMap(([key, here]): ReportChange[] => {
    const was = before?.get(key) ?? [];
    const known = was.map(signatureOf);
    const words = was.length === 0 ? undefined : was.map(wordsOf).join("; ");
    return here
      .filter((finding) => !known.includes(signatureOf(finding)))
      .filter(({ status }) => status !== "pass" || (!isFirst && was.some((each) => each.status !== "pass")))
      .map((finding) => ({
        domain,
        status: finding.status,
        subject: finding.subject,
        now: finding.observed ?? finding.status,
        before: words,
        remedy: finding.remedy,
      }));
  });
  const gone = [...(before ?? [])].flatMap(([key, was]): ReportChange[] => {
    const wrong = was.filter(({ status }) => status !== "pass");
    const [first] = wrong;
    if (first === undefined || now?.has(key) === true) return [];
    const words = wrong.map(wordsOf).join("; ");
    return [
      { domain, status: "pass", subject: first.subject, now: "no more", before: words, remedy: undefined },
    ];
  });
  return [...changed, ...gone];
}

function keyOf({ code, subject }: Finding): string {
  return `${code} ${subject}`;
}

function signatureOf({ code, status, observed = "" }: Finding): string {
  const isTimed = status === "pass" || code === "client-time";
  return isTimed ? status : `${status} ${observed.replaceAll(/\d+/g, "")}`;
}

function wordsOf({ status, observed = "" }: Finding): string {
  return observed === "" ? status : `${status}, ${observed}`;
}

function clientChanges({ domain, clients }: DomainReport, former: readonly DiscoveryJson[]): ReportChange[] {
  return clients.flatMap((client): ReportChange[] => {
    const before = former.find((one) => one.client === client.client);
    const [now, was] = [resultOf(client), before && resultOf(before)];
    const status = clientStatus(client);
    if (now === was || (was === undefined && status === "pass")) return [];
    return [{ domain, status, subject: `client ${client.client}`, now, before: was, remedy: undefined }];
  });
}

function resultOf({
  outcome,
  incoming,
  outgoing,
  username,
  passwordSentTo,
}: Discovery | DiscoveryJson): string {
  const servers = serverWords(incoming ?? undefined, outgoing ?? undefined);
  return [
    outcome,
    ...(servers === "" ? [] : [servers]),
    ...(username === undefined || username === null ? [] : [`as ${username}`]),
    ...passwordSentTo.map((origin) => `gives the password to ${origin}`),
  ].join(", ");
}
