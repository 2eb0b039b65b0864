import type { Resolution, WorldResponse } from "../../../clients/world/world.ts";
import { renderMtaStsPolicy } from "../../../documents/mta-sts-policy.ts";
import type { Finding } from "../../finding.ts";
import type { Check, CheckSubject } from "../check.ts";
import { mtaStsRequest } from "./document-requests.ts";
import { judgeAnswer, mild } from "./judge-answer.ts";

/** Longest life of a policy, seconds (RFC 8461 §3.2). */
const LONGEST_AGE_SECONDS = 31_557_600;

/** Looks at the MTA-STS record, and at the policy as sending servers fetch it (RFC 8461 §3). */
export const checkMtaSts: Check = {
  name: "mta-sts",
  ahead: ({ mailbox, world }) => world.request(mtaStsRequest(mailbox)),
  run: async (subject) => {
    const { domain, mailbox, spec, world } = subject;
    const name = `_mta-sts.${domain}`;
    const record = await world.resolve(name, "TXT");
    const announced = record.state === "found" ? record.data.filter(isRecord) : [];
    const wanted = spec?.delivery.mtaSts !== undefined;
    const first = judgeRecord(name, record, announced, wanted);
    const isAnnounced = announced.length > 0 || wanted;
    const request = mtaStsRequest(mailbox);
    const response = await world.request(request);
    const verdict = judgeAnswer(
      response,
      request.url,
      isAnnounced ? "ours" : "label",
      (type) => type === "text/plain",
    );
    const base = { code: isAnnounced ? "mta-sts" : "discovery-host", subject: `GET ${request.url}` } as const;
    if (verdict !== undefined) return [first, { ...base, ...(isAnnounced ? verdict : mild(verdict)) }];
    return [first, { ...base, ...(await judgePolicy(subject, response)) }];
  },
};

function isRecord(text: string): boolean {
  return /^v=STSv1(\s*;|\s*$)/.test(text);
}

/** More than one record counts as none (RFC 8461 §3.1). */
function judgeRecord(
  name: string,
  answer: Resolution,
  announced: readonly string[],
  isWanted: boolean,
): Finding {
  const base = { code: "mta-sts", subject: `${name} TXT` } as const;
  if (answer.state === "unknown") {
    return { ...base, status: "unknown", observed: answer.reason, remedy: "Look again later." };
  }
  const observed = announced.join(" | ") || "none";
  if (announced.length === 0) {
    return isWanted
      ? { ...base, status: "fail", observed, remedy: "Publish v=STSv1 with an id." }
      : { ...base, status: "pass", observed };
  }
  if (announced.length > 1) {
    return { ...base, status: "warn", observed, remedy: "Keep one record: senders take several for none." };
  }
  return /;\s*id=[A-Za-z0-9]{1,32}\s*(;|$)/.test(announced[0] ?? "")
    ? { ...base, status: "pass", observed }
    : { ...base, status: "warn", observed, remedy: "Write an id of 1 to 32 letters and digits." };
}

async function judgePolicy(
  { domain, spec, world }: CheckSubject,
  response: WorldResponse,
): Promise<Pick<Finding, "status" | "expected" | "observed" | "remedy">> {
  const lines = (response.state === "answered" ? response.body : "")
    .split(/\r?\n/)
    .filter((line) => line !== "");
  const fields = lines.map((line) => /^([a-z_]+):\s*(.*?)\s*$/.exec(line)?.slice(1) ?? ["", line]);
  const value = (key: string): string | undefined => fields.find(([name]) => name === key)?.[1];
  const patterns = fields.flatMap(([name, text = ""]) => (name === "mx" ? [text.toLowerCase()] : []));
  const [mode, age] = [value("mode"), Number(value("max_age"))];
  const observed = `${mode ?? "no mode"}, mx ${patterns.join(" ") || "none"}, max_age ${value("max_age") ?? "none"}`;
  const isWellFormed =
    lines[0]?.replace(/\s/g, "") === "version:STSv1" &&
    ["enforce", "testing", "none"].includes(mode ?? "") &&
    Number.isInteger(age) &&
    age >= 0 &&
    age <= LONGEST_AGE_SECONDS;
  if (!isWellFormed) {
    return {
      status: "fail",
      observed,
      remedy: "Write version, mode, mx and max_age as RFC 8461 §3.2 wants them.",
    };
  }
  const expected = spec === undefined ? undefined : renderMtaStsPolicy(spec);
  if (expected !== undefined && sorted(expected) !== sorted(lines.join("\n"))) {
    return {
      status: "fail",
      expected: sorted(expected),
      observed: sorted(lines.join("\n")),
      remedy: "Publish the policy of the spec, or wait a minute for the edge's cache.",
    };
  }
  const mx = await world.resolve(domain, "MX");
  if (mx.state === "unknown" || mode === "none") return { status: "pass", observed };
  const exchangers = mx.state === "found" ? mx.data.map((data) => data.split(" ")[1] ?? "") : [];
  const uncovered = exchangers.filter(
    (host) => host !== "." && !patterns.some((pattern) => covers(pattern, host)),
  );
  return uncovered.length === 0
    ? { status: "pass", observed }
    : {
        // In the mode of tests nothing is lost but reports.
        status: mode === "enforce" ? "fail" : "warn",
        observed: `${observed}; without ${uncovered.join(", ")}`,
        remedy: "Name every exchanger of the domain in the policy: senders refuse to deliver to the others.",
      };
}

/** `*.` stands for one label (RFC 8461 §4.1). */
function covers(pattern: string, host: string): boolean {
  return pattern.startsWith("*.") ? host.slice(host.indexOf(".")) === pattern.slice(1) : pattern === host;
}

function sorted(policy: string): string {
  return policy
    .split(/\r?\n/)
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "")
    .toSorted()
    .join(" | ");
}
