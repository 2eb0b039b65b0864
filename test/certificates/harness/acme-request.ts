import type { GateAnswer, GateRequest } from "./gate-exchange.ts";
import { jsonAnswer } from "./gate-exchange.ts";

/** Paths of Pebble v2.10.1 (`wfe/wfe.go`). */
const KINDS: readonly (readonly [prefix: string, kind: string])[] = [
  ["/dir", "directory"],
  ["/nonce-plz", "newNonce"],
  ["/sign-me-up", "newAccount"],
  ["/my-account/", "account"],
  ["/order-plz", "newOrder"],
  ["/my-order/", "order"],
  ["/finalize-order/", "finalize"],
  ["/authZ/", "authz"],
  ["/chalZ/", "challenge"],
  ["/certZ/", "cert"],
  ["/revoke-cert", "revokeCert"],
  ["/rollover-account-key", "keyChange"],
  ["/draft-ietf-acme-ari-03/renewalInfo/", "renewalInfo"],
];

/**
 * Says what a request asks of an ACME server, and reads the signed payload. Two kinds share a path with others and are told apart by
 * what is signed: `findAccount` (a newAccount that makes none) and `deactivation` (of an authorization).
 */
export function readAcmeRequest(
  request: Pick<GateRequest, "path" | "body">,
): Pick<GateRequest, "kind" | "payload"> {
  const payload = decoded(signedPart(request.body, "payload"));
  const byPath = KINDS.find(([prefix]) => request.path.startsWith(prefix))?.[1] ?? "other";
  if (byPath === "newAccount" && member(payload, "onlyReturnExisting") === true)
    return { kind: "findAccount", payload };
  if (byPath === "authz" && member(payload, "status") === "deactivated")
    return { kind: "deactivation", payload };
  return { kind: byPath, payload };
}

/** The address of the account that signed; undefined where a key signed. */
export function requestAccount(request: Pick<GateRequest, "body">): string | undefined {
  return text(member(decoded(signedPart(request.body, "protected")), "kid"));
}

export function requestNonce(request: Pick<GateRequest, "body">): string | undefined {
  return text(member(decoded(signedPart(request.body, "protected")), "nonce"));
}

/** The full address that was asked, as the client knows it. */
export function requestUrl(request: Pick<GateRequest, "headers" | "path">): string {
  return `https://${request.headers["host"] ?? ""}${request.path}`;
}

export interface OrderPayload {
  readonly names: readonly string[];
  readonly profile: string | undefined;
  readonly replaces: string | undefined;
}

export function readOrderPayload(payload: unknown): OrderPayload {
  const identifiers = member(payload, "identifiers");
  const list = Array.isArray(identifiers) ? (identifiers as readonly unknown[]) : [];
  return {
    names: list.map((each) => text(member(each, "value")) ?? "").sort(),
    profile: text(member(payload, "profile")),
    replaces: text(member(payload, "replaces")),
  };
}

/** A problem document (RFC 8555 §6.7). */
export function problemAnswer(
  status: number,
  type: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): GateAnswer {
  return jsonAnswer(
    status,
    { type: `urn:ietf:params:acme:error:${type}`, detail, status },
    { "content-type": "application/problem+json", ...headers },
  );
}

/** Reads a JSON body; undefined where it is none. */
export function parseJson(body: Buffer | string): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return undefined;
  }
}

export function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && key in value
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function signedPart(body: Buffer, part: "protected" | "payload"): string | undefined {
  return text(member(parseJson(body), part));
}

function decoded(part: string | undefined): unknown {
  return part === undefined || part === "" ? undefined : parseJson(Buffer.from(part, "base64url"));
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
