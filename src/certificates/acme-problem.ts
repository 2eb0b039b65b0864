import { MailAutodiscoverError } from "../errors.ts";

const URN = "urn:ietf:params:acme:error:";

/** A problem document (RFC 7807) as an ACME server sends it (RFC 8555 §6.7). */
export interface AcmeProblem {
  /** Without the `urn:ietf:params:acme:error:` prefix: `malformed`, `alreadyReplaced`, ... */
  readonly type: string;
  readonly detail: string;
  /** The HTTP status; 0 where the document came inside another object. */
  readonly status: number;
  /** One entry a name, where the CA says which names it is about. */
  readonly subproblems: readonly { readonly name: string; readonly type: string; readonly detail: string }[];
}

const REMEDIES: Readonly<Record<string, string>> = {
  accountDoesNotExist: "Run the update again: the account is registered anew.",
  alreadyReplaced: "Run the update again: the next order does not name a predecessor.",
  badCSR: "Roll the certificate key (keyVersion) and check the key type against what the CA accepts.",
  badPublicKey: "Roll the certificate key (keyVersion): the CA refuses this one.",
  caa: "Allow the CA in the zone's CAA records (issue and issuewild), or remove them.",
  compound: "Correct what is said of each name, then run the update again.",
  dns: "Check the zone's delegation and DNSSEC at the registrar; the CA could not resolve it.",
  externalAccountRequired: "Set the CA's external account binding (kid and HMAC key).",
  invalidProfile: "Choose one of the profiles in the CA's directory, or none.",
  malformed: "Check the names of the certificate against what the CA says.",
  orderNotReady: "Run the update again.",
  rejectedIdentifier: "Remove the name from the certificate: this CA does not issue for it.",
  serverInternal: "Run the update again later: the failure is the CA's own.",
  unauthorized: "Check that the account key belongs to this CA and that the TXT records reach the zone.",
  unsupportedIdentifier: "Remove the name from the certificate: this CA does not issue for it.",
  userActionRequired: "Agree to the CA's new terms at the address in the message, then run the update again.",
};

/** Reads a problem document out of an answer's body; what is no such document becomes `serverInternal` with the text that came. */
export function parseAcmeProblem(body: unknown, status: number): AcmeProblem {
  const document = isRecord(body) ? body : {};
  const subproblems = Array.isArray(document["subproblems"]) ? document["subproblems"].filter(isRecord) : [];
  return {
    type: shortType(document["type"]),
    detail: text(document["detail"]) ?? text(body)?.slice(0, 200) ?? `HTTP status ${status}`,
    status,
    subproblems: subproblems.map((sub) => ({
      name: (isRecord(sub["identifier"]) ? text(sub["identifier"]["value"]) : undefined) ?? "",
      type: shortType(sub["type"]),
      detail: text(sub["detail"]) ?? "",
    })),
  };
}

/** One line for a person: the CA's words, each name with its own. */
export function formatAcmeProblem(problem: AcmeProblem): string {
  const names = problem.subproblems.map((sub) => `${sub.name}: ${sub.detail} (${sub.type})`);
  return [`${problem.detail} (${problem.type})`, ...names].join("; ");
}

/** The error of a refused request. Its cause is the problem itself: branch on `acmeProblemOf(error)?.type`. */
export function acmeRefused(action: string, problem: AcmeProblem): MailAutodiscoverError {
  return new MailAutodiscoverError(
    "acme-refused",
    `The CA refused to ${action}: ${formatAcmeProblem(problem)}`,
    {
      remedy:
        REMEDIES[problem.type] ?? "Read what the CA says in the message; a repetition will not change it.",
      retryable: ["serverInternal", "badNonce", "orderNotReady", "accountDoesNotExist"].includes(
        problem.type,
      ),
      cause: problem,
    },
  );
}

/**
 * After 1,152 failures in a row Let's Encrypt pauses a name of the account, and says where the operator lifts that
 * (https://letsencrypt.org/docs/rate-limits/, verified 2026-11-23); waiting alone does not help.
 */
const UNPAUSE_URL = /https:\/\/\S*unpause\S*/u;

/** The error of a rate limit. It is final for this run: Let's Encrypt's longest limit refills once in 34 h. */
export function acmeRateLimited(action: string, problem: AcmeProblem, retryAt: Date): MailAutodiscoverError {
  const unpauseUrl = UNPAUSE_URL.exec(problem.detail)?.[0];
  return new MailAutodiscoverError(
    "acme-rate-limited",
    `The CA's rate limit stopped the request to ${action}: ${formatAcmeProblem(problem)}; next possible at ${retryAt.toISOString()}`,
    {
      remedy:
        unpauseUrl === undefined
          ? `Run the update again after ${retryAt.toISOString()}; the present certificate stays in use.`
          : `Correct why validation failed, open ${unpauseUrl} to lift the pause, then run the update again.`,
      retryable: true,
      retryAt,
      cause: problem,
    },
  );
}

/** Returns the CA's problem document behind an error, where there is one. */
export function acmeProblemOf(error: unknown): AcmeProblem | undefined {
  if (!(error instanceof MailAutodiscoverError) || !isRecord(error.cause)) return undefined;
  const { cause } = error;
  return "type" in cause && "subproblems" in cause ? (cause as unknown as AcmeProblem) : undefined;
}

function shortType(type: unknown): string {
  const written = text(type) ?? "serverInternal";
  return written.startsWith(URN) ? written.slice(URN.length) : written;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
