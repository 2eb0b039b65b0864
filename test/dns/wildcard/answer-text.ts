/** One text for an answer, whoever gave it: response code, records in order of their text, and the cut of a referral. */
import type { MxData, SrvData } from "dns-packet";
import type { ProbeStep } from "../../../src/dns/wildcard/follow-alias.ts";
import type { ZoneRecord } from "../../../src/dns/wildcard/zone-record.ts";

export interface AnsweredRecord {
  readonly owner: string;
  readonly type: string;
  /** As `dns-packet` has it. */
  readonly data: unknown;
}

export interface ServerAnswer {
  readonly rcode: string;
  readonly answers: readonly AnsweredRecord[];
  readonly authorities: readonly AnsweredRecord[];
}

/** The answer of a name server. */
export function serverAnswerText({ rcode, answers, authorities }: ServerAnswer): string {
  const lines = answers.map(({ owner, type, data }) => `${owner} ${type} ${rdataText(type, data)}`);
  return answerText(rcode, lines, authorities.find(({ type }) => type === "NS")?.owner);
}

/** The answer of the analysis. `edgeAddress` is what a proxied name has, and there nobody sees further. */
export function probeAnswerText(steps: readonly ProbeStep[], edgeAddress?: string): string {
  const lines: string[] = [];
  for (const { name, answer } of steps) {
    if (answer.kind === "absent") return answerText("NXDOMAIN", lines);
    if (answer.kind === "delegated") return answerText("NOERROR", lines, answer.owner);
    if (edgeAddress !== undefined && answer.records.some(({ proxied }) => proxied)) {
      return answerText("NOERROR", [...lines, `${name} A ${edgeAddress}`]);
    }
    lines.push(...answer.records.map((record) => `${name} ${record.type} ${record.content}`));
  }
  return answerText("NOERROR", lines);
}

/** The lines of a master file (RFC 1035 §5). */
export function masterFile(apex: string, records: readonly ZoneRecord[]): string {
  const lines = records.map(
    ({ name, type, content }) => `${name}. 60 IN ${type} ${masterRdata(type, content)}`,
  );
  const soa = `${apex}. 60 IN SOA ns.elsewhere.invalid. hostmaster.${apex}. 1 3600 600 86400 60`;
  return [soa, `${apex}. 60 IN NS ns.elsewhere.invalid.`, ...lines, ""].join("\n");
}

function masterRdata(type: string, content: string): string {
  if (type === "TXT") return `"${content}"`;
  if (type === "A" || type === "AAAA") return content;
  return `${type === "MX" || type === "SRV" ? "10 " : ""}${content}.`;
}

function answerText(rcode: string, lines: readonly string[], cut?: string): string {
  const records = [...new Set(lines)].sort().join("; ");
  return `${rcode} [${records}]${cut === undefined ? "" : ` referral to ${cut}`}`;
}

function rdataText(type: string, data: unknown): string {
  switch (type) {
    case "SRV": {
      const { weight, port, target } = data as SrvData;
      return `${weight} ${port} ${target}`;
    }
    case "MX":
      return (data as MxData).exchange;
    case "TXT":
      return (data as readonly Buffer[]).map(String).join("");
    default:
      return String(data);
  }
}
