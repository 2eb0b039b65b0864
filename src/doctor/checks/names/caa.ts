import { deriveCertificates } from "../../../certificates/certificate-names.ts";
import type { CaaAnswer } from "../../../certificates/ports.ts";
import { findRelevantCaa, judgeCaa } from "../../../certificates/preflight/preflight-caa.ts";
import { LETS_ENCRYPT_ISSUER } from "../../../dns/derive-records.ts";
import type { Finding } from "../../finding.ts";
import type { Check, CheckSubject } from "../check.ts";

/** Looks whether CAA records let the CA issue the certificates that the spec wants (RFC 8659, RFC 8657). */
export const checkCaa: Check = {
  name: "caa",
  run: async (subject) => {
    const { options, spec, zone, domain } = subject;
    if (spec === undefined || spec.certificate.provided !== undefined) return [];
    const zones = options.zones ?? [zone ?? domain];
    const names = deriveCertificates(spec, { zones }).flatMap((certificate) => certificate.names);
    return Promise.all([...new Set(names)].map((name) => checkName(subject, name)));
  },
};

async function checkName({ options, world }: CheckSubject, name: string): Promise<Finding> {
  const { accountUrl, caIssuer = LETS_ENCRYPT_ISSUER } = options;
  const base = { code: "caa", subject: `CAA for ${name}`, expected: `${caIssuer} may issue` } as const;
  const ask = async (at: string): Promise<CaaAnswer> => {
    const answer = await world.resolve(at, "CAA");
    return answer.state === "found" ? { state: "found", records: answer.data.map(readCaa) } : answer;
  };
  const relevant = await findRelevantCaa(name.replace(/^\*\./, ""), ask);
  if (relevant.state === "unknown") {
    return {
      ...base,
      status: "unknown",
      observed: `${relevant.at}: ${relevant.reason}`,
      remedy: "Look again later.",
    };
  }
  if (relevant.state === "absent") return { ...base, status: "pass", observed: "no CAA: any CA may issue" };
  const isWildcard = name.startsWith("*.");
  const verdict = judgeCaa(relevant.records, {
    identities: [caIssuer],
    accountUrl,
    isWildcard,
    method: "dns-01",
  });
  return verdict.allowed
    ? { ...base, status: "pass", observed: `allowed at ${relevant.at}` }
    : {
        ...base,
        status: "fail",
        observed: `${relevant.at}: ${verdict.reason}`,
        remedy: `Allow ${caIssuer}${isWildcard ? " by issuewild" : ""} in the CAA records of ${relevant.at}.`,
      };
}

function readCaa(data: string): { flags: number; tag: string; value: string } {
  const [, flags = "0", tag = "", value = ""] = /^(\d+) (\S+) ?(.*)$/s.exec(data) ?? [];
  return { flags: Number(flags), tag, value };
}
