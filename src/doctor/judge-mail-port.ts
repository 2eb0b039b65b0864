import type { MailPortProtocol, MailPortQuestion, MailPortView } from "../clients/world/world.ts";
import type { Endpoint, UsernameForm } from "../spec/mail-domain.ts";
import { oldTlsTrouble, otherKeyTrouble, tlsTrouble } from "./checks/tls-trouble.ts";
import type { Finding } from "./finding.ts";

export interface MailPortOptions {
  /** Returns the SHA-256 of the public key that a host has to present, hexadecimal; undefined where any trusted one is right. */
  readonly expectedKey?: ((host: string) => string | undefined) | undefined;
  /** Tried on each port over a trusted connection. */
  readonly login?: { readonly address: string; readonly password: string } | undefined;
}

/** Returns what to ask a port, with the login in the user name's form; nothing where it has no TLS. */
export function mailPortQuestion(
  username: UsernameForm,
  protocol: MailPortProtocol,
  { host, port, tls }: Endpoint,
  { login }: MailPortOptions,
): MailPortQuestion[] {
  if (tls === "plain") return [];
  if (login === undefined) return [{ protocol, host, port, tls }];
  const { address, password } = login;
  const name = username === "address" ? address : address.slice(0, address.lastIndexOf("@"));
  return [{ protocol, host, port, tls, login: { username: name, password } }];
}

/** What is known of the port's neighbours. */
export interface MailPortContext {
  /** False where another port of the host has answered: silence is then this port's own. Default true. */
  readonly isHostSilent?: boolean | undefined;
}

/** Says what a port was seen to do: reachable, trusted, the issued key, and the login. */
export function judgeMailPort(
  asked: MailPortQuestion,
  seen: MailPortView,
  options: MailPortOptions,
  context: MailPortContext = {},
): Finding[] {
  const subject = `${asked.protocol} ${asked.host}:${asked.port} ${asked.tls}`;
  const key = options.expectedKey?.(asked.host);
  const expected = key === undefined ? "a trusted certificate" : "the issued certificate, trusted";
  const base = { code: "mail-port", subject, expected } as const;
  if (seen.outcome !== "answered") return [{ ...base, ...judgeSilence(asked, seen, context) }];
  const expires = seen.certificate.notAfter.toISOString().slice(0, 10);
  if (!seen.authorized) {
    const { words, remedy } = tlsTrouble(seen.authorizationError ?? "no reason given", asked.host);
    const deploy = "Deploy the issued certificate with its full chain.";
    return [{ ...base, status: "fail", observed: words, remedy: key === undefined ? remedy : deploy }];
  }
  if (key !== undefined && seen.certificate.spkiSha256 !== key) {
    const { words, remedy } = otherKeyTrouble(seen.certificate.spkiSha256);
    return [{ ...base, status: "fail", observed: words, remedy }];
  }
  const answered: Finding = {
    ...base,
    status: "pass",
    observed: `${seen.tlsProtocol}, ${key === undefined ? "trusted" : "issued"} certificate, until ${expires}`,
  };
  return asked.login === undefined
    ? [answered]
    : [answered, judgeLogin(subject, asked, seen.loggedIn === true)];
}

/** A closed port says so; a blocked one says nothing, here or on the way: that is not known, never missing. */
function judgeSilence(
  { host, port, protocol }: MailPortQuestion,
  { outcome, detail, tlsProtocol }: Exclude<MailPortView, { outcome: "answered" }>,
  { isHostSilent = true }: MailPortContext,
): Pick<Finding, "status" | "observed" | "remedy"> {
  switch (outcome) {
    case "timeout":
      return {
        status: "unknown",
        observed: `does not answer (${detail})${isHostSilent ? "" : ", though other ports of the host do"}`,
        remedy: `Look whether a firewall drops port ${port} of ${host}, or the network here.`,
      };
    case "unresolved":
    case "unknown":
    case "unreachable":
      return { status: "unknown", observed: `${outcome}: ${detail}`, remedy: "Look again later." };
    case "refused":
      return {
        status: "fail",
        observed: `closed (${detail})`,
        remedy: `Start the service on port ${port} of ${host}.`,
      };
    case "absent":
      return { status: "fail", observed: `${host} has no address`, remedy: `Give ${host} an address.` };
    case "starttls-refused":
      return {
        status: "fail",
        observed: `refuses STARTTLS: ${detail}`,
        remedy: `Offer STARTTLS on port ${port} of ${host}.`,
      };
    case "tls-failed": {
      const old = oldTlsTrouble(tlsProtocol, `port ${port} of ${host}`);
      return {
        status: "fail",
        observed: old?.words ?? `no TLS: ${detail}`,
        remedy: old?.remedy ?? `Offer TLS 1.2 or newer on port ${port} of ${host}, as it is announced.`,
      };
    }
    case "not-allowed":
      return {
        status: "fail",
        observed: detail,
        remedy: `Give ${host} a public address, or allow private ones for a closed network.`,
      };
    case "protocol-error":
      return {
        status: "fail",
        observed: `answers otherwise: ${detail}`,
        remedy: `Let the mail server answer ${PROTOCOL_NAMES[protocol]} on port ${port} of ${host}.`,
      };
  }
}

const PROTOCOL_NAMES: Readonly<Record<MailPortProtocol, string>> = {
  imap: "IMAP",
  pop3: "POP3",
  submission: "SMTP",
  smtp: "SMTP",
  sieve: "ManageSieve",
};

function judgeLogin(subject: string, asked: MailPortQuestion, loggedIn: boolean): Finding {
  const base = { code: "mail-login", subject: `${subject} login`, expected: "accepted" } as const;
  return loggedIn
    ? { ...base, status: "pass", observed: `accepted as ${asked.login?.username ?? ""}` }
    : {
        ...base,
        status: "fail",
        observed: "refused",
        remedy: "Check the user name's form and the password.",
      };
}
