import type { MailPortQuestion, MailPortView, MailProtocol } from "../clients/world.ts";
import type { Endpoint, MailDomain } from "../spec/mail-domain.ts";
import type { Finding } from "./finding.ts";

/** Asks one port; the adapter `mail-ports.ts` does it for real. */
export type ProbeMailPort = (question: MailPortQuestion) => Promise<MailPortView>;

export interface MailPortOptions {
  /** Returns the SHA-256 of the public key that a host has to present, hexadecimal; undefined where any trusted one is right. */
  readonly expectedKey?: ((host: string) => string | undefined) | undefined;
  /** Tried on each port over a trusted connection. */
  readonly login?: { readonly address: string; readonly password: string } | undefined;
}

/** Connects to every announced mail port, compares the key presented with the one issued, and logs in where it can. */
export async function checkMailPorts(
  domain: MailDomain,
  options: MailPortOptions,
  probe: ProbeMailPort,
): Promise<readonly Finding[]> {
  const { imap, pop3, submission } = domain.mailServer;
  const questions = [
    ...imap.flatMap((endpoint) => question(domain, "imap", endpoint, options)),
    ...pop3.flatMap((endpoint) => question(domain, "pop3", endpoint, options)),
    ...submission.flatMap((endpoint) => question(domain, "submission", endpoint, options)),
  ];
  return (
    await Promise.all(questions.map(async (asked) => judge(asked, await probe(asked), options)))
  ).flat();
}

function question(
  domain: MailDomain,
  protocol: MailProtocol,
  endpoint: Endpoint,
  options: MailPortOptions,
): MailPortQuestion[] {
  const { host, port, tls } = endpoint;
  if (tls === "plain") return [];
  const { login } = options;
  if (login === undefined) return [{ protocol, host, port, tls }];
  const username =
    domain.username === "address" ? login.address : login.address.slice(0, login.address.lastIndexOf("@"));
  return [{ protocol, host, port, tls, login: { username, password: login.password } }];
}

function judge(asked: MailPortQuestion, seen: MailPortView, options: MailPortOptions): Finding[] {
  const subject = `${asked.protocol} ${asked.host}:${asked.port} ${asked.tls}`;
  const base = { code: "mail-port", subject, expected: "the issued certificate, trusted" } as const;
  if (!isAnswer(seen)) {
    const isUnknown = seen.outcome === "timeout" || seen.outcome === "unresolved";
    return [
      {
        ...base,
        status: isUnknown ? "unknown" : "fail",
        observed: `${seen.outcome}: ${seen.detail}`,
        remedy: "Start the mail server, or open the port.",
      },
    ];
  }
  const expires = seen.certificate.notAfter.toISOString().slice(0, 10);
  if (!seen.authorized) {
    const observed = `certificate not trusted: ${seen.authorizationError ?? "no reason given"}`;
    return [
      { ...base, status: "fail", observed, remedy: "Deploy the issued certificate with its full chain." },
    ];
  }
  const key = options.expectedKey?.(asked.host);
  if (key !== undefined && seen.certificate.spkiSha256 !== key) {
    const observed = `another key (${seen.certificate.spkiSha256.slice(0, 16)}...)`;
    return [
      {
        ...base,
        status: "fail",
        observed,
        remedy: "Reload the mail server: it presents an older certificate.",
      },
    ];
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

function isAnswer(seen: MailPortView): seen is Extract<MailPortView, { outcome: "answered" }> {
  return seen.outcome === "answered";
}
