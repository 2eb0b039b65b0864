import type { CaaFile, DomainFile, MailExchangerFile } from "./domain-file.ts";
import type { CaaPolicy, Delivery, MailExchanger, MtaStsPolicy } from "./mail-domain.ts";
import { parseDkim } from "./parse-dkim.ts";
import { parseDmarc } from "./parse-dmarc.ts";
import { parseHostField } from "./parse-host-field.ts";
import { parseSpf } from "./parse-spf.ts";
import { specIssue, type Report } from "./spec-issue.ts";

/** Steps of 10 leave room for exchangers that an operator adds between. */
const PRIORITY_STEP = 10;
const WEEK_SECONDS = 604_800;
/** What a domain that takes no mail names as its exchanger (RFC 7505). */
const NULL_EXCHANGER: MailExchanger = { priority: 0, host: "." };

/** Checks what a domain file says about delivery. */
export function parseDelivery(file: DomainFile, report: Report): Delivery {
  const mx = parseMx(file.mx, report);
  return {
    mx,
    spf: file.spf === undefined ? undefined : parseSpf(file.spf, report),
    dkim: parseDkim(file.dkim ?? [], report),
    dmarc: file.dmarc === undefined ? undefined : parseDmarc(file.dmarc, report),
    mtaSts: parseMtaSts(file.mtaSts, mx, report),
    tlsRpt: (file.tlsRpt ?? []).map((text, index) => parseReportUrl(["tlsRpt", index], text, report)),
    caa: parseCaa(file.caa, report),
  };
}

function parseMx(mx: MailExchangerFile[] | false | undefined, report: Report): readonly MailExchanger[] {
  if (mx === undefined) return [];
  if (mx === false) return [NULL_EXCHANGER];
  if (mx.length === 0) {
    const remedy = "Name an exchanger, or write mx: false for a domain that takes no mail.";
    report(specIssue("mx", mx, "is empty", remedy));
  }
  return mx.map(({ host, priority }, index) => ({
    priority: priority ?? (index + 1) * PRIORITY_STEP,
    host: parseHostField(["mx", index, "host"], host, report),
  }));
}

function parseMtaSts(
  policy: DomainFile["mtaSts"],
  mx: readonly MailExchanger[],
  report: Report,
): MtaStsPolicy | undefined {
  if (policy === undefined) return undefined;
  if (mx.every(({ host }) => host === ".")) {
    const remedy = "Add mx with the exchangers' names, or remove mtaSts.";
    report(specIssue("mtaSts", policy, "names no exchangers: they are those of mx", remedy));
  }
  return { mode: policy.mode, maxAgeSeconds: policy.maxAgeSeconds ?? WEEK_SECONDS };
}

function parseCaa(caa: boolean | CaaFile | undefined, report: Report): CaaPolicy | undefined {
  if (caa === undefined || caa === false) return undefined;
  const { issuers = [], iodef, bindAccount = true } = caa === true ? {} : caa;
  return {
    issuers: issuers.map((text, index) => parseHostField(["caa", "issuers", index], text, report)),
    iodef: iodef === undefined ? undefined : parseReportUrl(["caa", "iodef"], iodef, report),
    bindAccount,
  };
}

/** Commas and semicolons end a URL inside of a record, so they are written in percent-encoding (RFC 8460 §3). */
function parseReportUrl(path: readonly PropertyKey[], text: string, report: Report): string {
  const trimmed = text.trim();
  const isUrl =
    /^mailto:[^\s@]+@[^\s@]+\.[^\s@]+$/i.test(trimmed) ||
    /^https:\/\/[^\s/@]+\.[^\s/@]+(\/\S*)?$/i.test(trimmed);
  if (isUrl && /^[\u0021-\u007E]+$/.test(trimmed) && !/[,;!"\\]/.test(trimmed)) return trimmed;
  const remedy = "Write a URL such as mailto:tls@example.com or https://example.com/tls.";
  report(specIssue(path, text, "is not a mailto: or https: URL", remedy));
  return trimmed;
}
