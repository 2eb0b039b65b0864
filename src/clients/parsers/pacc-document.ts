import { createHash } from "node:crypto";
import type { ClientServer } from "../ladder/discovery.ts";

/** The TLS ports that a host stands for: the format has no word for any other (RFC 8314 §3). */
const PORTS = { imap: 993, pop3: 995, submission: 465 } as const;

export interface PaccDocument {
  /** IMAP, or else POP3. */
  readonly incoming: ClientServer | undefined;
  readonly outgoing: ClientServer | undefined;
  /** True where the account takes a password. */
  readonly takesPassword: boolean;
}

/** Reads a user agent configuration (draft-ietf-mailmaint-pacc-02 and -03, where `smtp` became `submit`); undefined: no JSON object. */
export function parsePacc(text: string): PaccDocument | undefined {
  const root = objectOf(parseJson(text));
  if (root === undefined) return undefined;
  const protocols = objectOf(root["protocols"]);
  const server = (
    protocol: ClientServer["protocol"],
    ...names: readonly string[]
  ): ClientServer | undefined => {
    const hosts = names.map((name) => objectOf(protocols?.[name])?.["host"]);
    const host = hosts.find((each) => typeof each === "string" && each !== "") as string | undefined;
    return host === undefined ? undefined : { protocol, host, port: PORTS[protocol], tls: "implicit" };
  };
  return {
    incoming: server("imap", "imap") ?? server("pop3", "pop3"),
    outgoing: server("submission", "submit", "smtp"),
    takesPassword: objectOf(root["authentication"])?.["password"] === true,
  };
}

/** True where one of the TXT records vouches for the document's bytes: order of tags, white space and unknown tags do not count. */
export function isVouchedFor(document: Uint8Array | string, records: readonly string[]): boolean {
  const digest = createHash("sha256").update(document).digest("base64");
  return records.some((record) => {
    const tags = new Map(
      record.split(";").map((tag) => {
        const [name = "", ...value] = tag.split("=");
        return [name.trim(), value.join("=").trim()];
      }),
    );
    return tags.get("v") === "UAAC1" && tags.get("a") === "sha256" && tags.get("d") === digest;
  });
}

type JsonObject = Readonly<Record<string, unknown>>;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}
