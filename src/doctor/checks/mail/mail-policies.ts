import type { Resolution } from "../../../clients/world/world.ts";
import { parseDmarc } from "../../../spec/parse-dmarc.ts";
import { isSpf, parseSpf } from "../../../spec/parse-spf.ts";
import type { SpecIssue } from "../../../spec/spec-issue.ts";
import type { Finding, FindingCode } from "../../finding.ts";
import type { Check, CheckSubject } from "../check.ts";
import { organisationOf } from "../same-organisation.ts";
import { countSpfLookups } from "./spf-lookups.ts";

/** Looks at what the domain says to other mail servers. All of it warns: no mail client reads it. */
export const checkMailPolicies: Check = {
  name: "mail-policies",
  run: async (subject) => {
    const found = await Promise.all([
      checkSpf(subject),
      checkDkim(subject),
      checkDmarc(subject),
      checkTlsRpt(subject),
    ]);
    return found.flat();
  },
};

/** RFC 7208 §4.5: one record; what it includes is followed where it is right by itself. */
async function checkSpf({ domain, world }: CheckSubject): Promise<Finding[]> {
  const answer = await world.resolve(domain, "TXT");
  const records = textsOf(answer).filter(isSpf);
  const base = { code: "spf", subject: `${domain} TXT (SPF)` } as const;
  const finding = judgeOne(
    base,
    answer,
    records,
    { isWanted: true, remedy: "Publish one SPF record such as `v=spf1 mx -all`." },
    (text) => {
      const issues: SpecIssue[] = [];
      parseSpf(text, (issue) => issues.push(issue));
      return issues;
    },
  );
  const [record] = records;
  if (finding.status !== "pass" || record === undefined) return [finding];
  const { lookups, trouble, unknown } = await countSpfLookups(domain, record, world.resolve);
  if (trouble !== undefined) {
    return [
      {
        ...base,
        status: "warn",
        observed: `${record}: ${trouble}, so receivers would refuse it`,
        remedy: "Remove includes of services that send no more, or write their networks as ip4 and ip6.",
      },
    ];
  }
  return [
    unknown === undefined
      ? { ...finding, observed: `${record} (${lookups} of 10 look-ups)` }
      : { ...base, status: "unknown", observed: `${record}: ${unknown}`, remedy: "Look again later." },
  ];
}

/** At the domain itself, or at its organisation's domain, which speaks for all below it (RFC 9989 §4.10). */
async function checkDmarc({ domain, world }: CheckSubject): Promise<Finding[]> {
  const names = [...new Set([domain, organisationOf(domain)])].map((at) => `_dmarc.${at}`);
  const answers = await Promise.all(
    names.map(async (name) => ({ name, answer: await world.resolve(name, "TXT") })),
  );
  const isDmarc = (text: string): boolean => /^v\s*=\s*DMARC1\s*(;|$)/.test(text);
  const chosen = answers.find(({ answer }) => textsOf(answer).some(isDmarc)) ?? answers[0];
  if (chosen === undefined) return [];
  const base = { code: "dmarc", subject: `${chosen.name} TXT` } as const;
  const records = textsOf(chosen.answer).filter(isDmarc);
  return [
    judgeOne(
      base,
      chosen.answer,
      records,
      { isWanted: true, remedy: "Publish a policy such as `v=DMARC1; p=none`." },
      (text) => {
        const issues: SpecIssue[] = [];
        parseDmarc(text, (issue) => issues.push(issue));
        return issues;
      },
    ),
  ];
}

/** Only the spec knows the selectors. */
async function checkDkim({ domain, spec, world }: CheckSubject): Promise<Finding[]> {
  return Promise.all(
    (spec?.delivery.dkim ?? []).map(async ({ selector }): Promise<Finding> => {
      const name = `${selector}._domainkey.${domain}`;
      const answer = await world.resolve(name, "TXT");
      const base = { code: "dkim", subject: `${name} TXT` } as const;
      const keys = textsOf(answer).filter((text) => /(^|;)\s*p=/.test(text));
      return judgeOne(
        base,
        answer,
        keys,
        { isWanted: true, remedy: `Publish the key of the selector ${selector}.` },
        (text) =>
          // RFC 6376 §3.6.1: an empty key is a revoked one.
          /(^|;)\s*p=\s*(;|$)/.test(text)
            ? [{ message: "is revoked", remedy: "Sign with a selector that is in use." }]
            : [],
      );
    }),
  );
}

/** RFC 8460 §3: one record; worth having where MTA-STS may make mail fail. */
async function checkTlsRpt({ domain, spec, world }: CheckSubject): Promise<Finding[]> {
  const name = `_smtp._tls.${domain}`;
  const [answer, mtaSts] = await Promise.all([
    world.resolve(name, "TXT"),
    world.resolve(`_mta-sts.${domain}`, "TXT"),
  ]);
  const records = textsOf(answer).filter((text) => /^v=TLSRPTv1\s*;/.test(text));
  const isWanted = spec === undefined ? textsOf(mtaSts).some((text) => text.startsWith("v=STSv1")) : false;
  const base = { code: "tls-rpt", subject: `${name} TXT` } as const;
  const remedy = "Publish where reports go: `v=TLSRPTv1; rua=mailto:...`.";
  return [
    judgeOne(base, answer, records, { isWanted, remedy }, (text) =>
      /;\s*rua\s*=\s*(mailto|https):/.test(text)
        ? []
        : [{ message: "names nobody who gets reports", remedy }],
    ),
  ];
}

interface Wish {
  readonly isWanted: boolean;
  readonly remedy: string;
}

function judgeOne(
  base: { readonly code: FindingCode; readonly subject: string },
  answer: Resolution,
  records: readonly string[],
  { isWanted, remedy }: Wish,
  issuesOf: (text: string) => readonly Pick<SpecIssue, "message" | "remedy">[],
): Finding {
  if (answer.state === "unknown") {
    return { ...base, status: "unknown", observed: answer.reason, remedy: "Look again later." };
  }
  const [record] = records;
  if (record === undefined) {
    return isWanted
      ? { ...base, status: "warn", observed: "none", remedy }
      : { ...base, status: "pass", observed: "none" };
  }
  if (records.length > 1) {
    const observed = records.join(" | ");
    return { ...base, status: "warn", observed, remedy: "Keep one record: receivers refuse several." };
  }
  const [issue] = issuesOf(record);
  return issue === undefined
    ? { ...base, status: "pass", observed: record }
    : { ...base, status: "warn", observed: `${record}: ${issue.message}`, remedy: issue.remedy };
}

function textsOf(answer: Resolution): readonly string[] {
  return answer.state === "found" ? answer.data : [];
}
