import type { CaaAnswer, CaaRecord } from "../ports.ts";

/** Who asks, by which method. */
export interface CaaQuestion {
  /** The CA's issuer domain names; a record that names one of them allows it. */
  readonly identities: readonly string[];
  /** Undefined where it is not known yet: then a binding to an account is taken to be ours. */
  readonly accountUrl: string | undefined;
  readonly isWildcard: boolean;
  /** As in RFC 8657 §4: `dns-01`. */
  readonly method: string;
}

export type CaaVerdict = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/** The relevant record set of RFC 8659 §3: the closest one, and the name that holds it. */
export type RelevantCaa =
  | { readonly state: "found"; readonly at: string; readonly records: readonly CaaRecord[] }
  | { readonly state: "absent" }
  | { readonly state: "unknown"; readonly at: string; readonly reason: string };

/** Bit 0 is the critical flag (RFC 8659 §4.1); Let's Encrypt reads the lowest bit as one, too (boulder `va/caa.go`, verified 2026-11-23). */
const CRITICAL_BITS = 128 | 1;

/**
 * Tags whose meaning CAs know: RFC 8659 §4.1, RFC 9495, and the contact properties of the CA/B Forum's Baseline Requirements
 * A.1. A CA may know fewer; it then refuses what passes here.
 */
const KNOWN_TAGS: ReadonlySet<string> = new Set([
  "issue",
  "issuewild",
  "iodef",
  "issuemail",
  "issuevmc",
  "contactemail",
  "contactphone",
]);

const ALLOWED: CaaVerdict = { allowed: true };

/**
 * Climbs from a name, without `*.`, to the closest record set (RFC 8659 §3). An alias is the resolver's to follow; its target's parents
 * are not climbed, other than in RFC 6844. A name that could not be asked ends the climb: it may hide a set.
 */
export async function findRelevantCaa(
  name: string,
  ask: (name: string) => Promise<CaaAnswer>,
): Promise<RelevantCaa> {
  const labels = name.split(".");
  for (let first = 0; first < labels.length; first += 1) {
    const at = labels.slice(first).join(".");
    const answer = await ask(at);
    if (answer.state === "unknown") return { ...answer, at };
    if (answer.state === "found" && answer.records.length > 0) return { ...answer, at };
  }
  return { state: "absent" };
}

/** Says whether a relevant record set lets the CA issue, and if not, why (RFC 8659 §4, RFC 8657). */
export function judgeCaa(records: readonly CaaRecord[], question: CaaQuestion): CaaVerdict {
  const unknown = records.find(
    ({ flags, tag }) => (flags & CRITICAL_BITS) !== 0 && !KNOWN_TAGS.has(lower(tag)),
  );
  if (unknown !== undefined) return refuse(`the property "${unknown.tag}" is critical and not known to CAs`);
  const issue = records.filter(({ tag }) => lower(tag) === "issue");
  const issueWild = records.filter(({ tag }) => lower(tag) === "issuewild");
  const relevant = question.isWildcard && issueWild.length > 0 ? issueWild : issue;
  if (relevant.length === 0) return ALLOWED;

  const grants = relevant.map(({ value }) => parseIssueValue(value));
  const reasons: string[] = [];
  for (const grant of grants) {
    if (grant === undefined || !question.identities.some((one) => lower(one) === grant.issuer)) continue;
    const objection = objectionTo(grant, question);
    if (objection === undefined) return ALLOWED;
    reasons.push(objection);
  }
  if (reasons.length > 0) return refuse(reasons.join("; "));
  const tag = relevant === issueWild ? "issuewild" : "issue";
  return refuse(`${tag} allows only ${relevant.map(({ value }) => `"${value}"`).join(", ")}`);
}

interface IssueGrant {
  /** Lower case; empty where the record forbids every CA. */
  readonly issuer: string;
  readonly parameters: readonly { readonly tag: string; readonly value: string }[];
}

/** RFC 8659 §4.2. Undefined for what does not follow its grammar: such a record allows nobody. */
function parseIssueValue(value: string): IssueGrant | undefined {
  const [issuer = "", ...rest] = value.split(";").map((part) => part.replace(/^[ \t]+|[ \t]+$/gu, ""));
  // A final semicolon without parameters is in the grammar.
  const written = rest.length === 1 && rest[0] === "" ? [] : rest;
  const parameters = written.map((each) =>
    /^([A-Za-z0-9-]+)[ \t]*=[ \t]*([\x21-\x3a\x3c-\x7e]*)$/u.exec(each),
  );
  if (parameters.includes(null)) return undefined;
  return {
    issuer: lower(issuer),
    parameters: parameters.map((match) => ({ tag: lower(match?.[1] ?? ""), value: match?.[2] ?? "" })),
  };
}

/** RFC 8657 §3 and §4. */
function objectionTo({ parameters }: IssueGrant, { accountUrl, method }: CaaQuestion): string | undefined {
  const accounts = parameters.filter(({ tag }) => tag === "accounturi").map(({ value }) => value);
  if (accounts.length > 1) return "a record with several accounturi matches no account";
  const [account] = accounts;
  if (account !== undefined && accountUrl !== undefined && account !== accountUrl) {
    return `the record is bound to the account ${account}, this one is ${accountUrl}`;
  }
  const methods = parameters.find(({ tag }) => tag === "validationmethods")?.value;
  if (methods !== undefined && !methods.split(",").includes(method)) {
    return `the record allows validation by ${methods === "" ? "no method" : methods} only, not by ${method}`;
  }
  return undefined;
}

function refuse(reason: string): CaaVerdict {
  return { allowed: false, reason };
}

function lower(text: string): string {
  return text.toLowerCase();
}
