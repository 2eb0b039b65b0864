import type { MailPortProtocol, MailPortQuestion, MailPortView } from "../../../clients/world/world.ts";
import type { Finding } from "../../finding.ts";

type Answered = Extract<MailPortView, { outcome: "answered" }>;

/** Where users log in. */
type LoginProtocol = Exclude<MailPortProtocol, "smtp">;

/**
 * Says how a port lets a password in: inside TLS, and not before it (RFC 8314 §3, RFC 9051 §11.1, RFC 4954 §4, RFC 5804 §5).
 * Nothing of a port between servers.
 */
export function judgeCapabilities(question: MailPortQuestion, view: Answered): readonly Finding[] {
  const { protocol, host, port, tls } = question;
  if (protocol === "smtp") return [];
  const base = { code: "mail-capability", subject: `${protocol} ${host}:${port} ${tls} login` } as const;
  const { capabilities, plainCapabilities } = view;
  const inside: Finding[] = [];
  if (capabilities !== undefined && capabilities.length > 0) {
    const ways = passwordWays(protocol, capabilities);
    inside.push(
      ways.length > 0
        ? { ...base, status: "pass", expected: "a password inside TLS", observed: ways.join(", ") }
        : {
            ...base,
            status: "fail",
            expected: "a password inside TLS",
            observed: otherWays(capabilities) || "no way to log in",
            remedy: "Offer PLAIN inside TLS: mail programs have nothing else that all of them know.",
          },
    );
  }
  const before = plainCapabilities === undefined ? [] : passwordWays(protocol, plainCapabilities);
  // A server that tells nothing before TLS (POP3 without CAPA) offers nothing either.
  if (plainCapabilities === undefined || plainCapabilities.length === 0) return inside;
  return [
    ...inside,
    before.length === 0
      ? { ...base, status: "pass", subject: `${base.subject} before STARTTLS`, observed: "not offered" }
      : {
          ...base,
          status: "warn",
          subject: `${base.subject} before STARTTLS`,
          expected: "no login in the clear",
          observed: before.join(", "),
          remedy: DISABLE[protocol],
        },
  ];
}

const DISABLE: Readonly<Record<LoginProtocol, string>> = {
  imap: "Offer LOGINDISABLED and no AUTH before STARTTLS (Dovecot: auth_allow_cleartext = no).",
  pop3: "Offer no USER and no SASL before STLS (Dovecot: auth_allow_cleartext = no).",
  submission: "Offer no AUTH before STARTTLS (Postfix: smtpd_tls_auth_only = yes).",
  sieve: "Offer no SASL PLAIN before STARTTLS (Dovecot: auth_allow_cleartext = no).",
};

/** Returns the ways to log in by password among the capabilities, which are in upper case. */
function passwordWays(protocol: LoginProtocol, capabilities: readonly string[]): readonly string[] {
  const mechanisms = saslMechanisms(protocol, capabilities).filter(
    (one) => one === "PLAIN" || one === "LOGIN",
  );
  const command =
    protocol === "imap"
      ? capabilities.includes("LOGINDISABLED")
        ? []
        : ["LOGIN command"]
      : protocol === "pop3" && capabilities.includes("USER")
        ? ["USER command"]
        : [];
  return [...mechanisms.map((mechanism) => `SASL ${mechanism}`), ...command];
}

function saslMechanisms(protocol: LoginProtocol, capabilities: readonly string[]): readonly string[] {
  if (protocol === "imap") {
    return capabilities.flatMap((one) => (one.startsWith("AUTH=") ? [one.slice(5)] : []));
  }
  // `AUTH=` is how some old servers write it.
  const line = protocol === "submission" ? /^AUTH[ =](.*)$/ : /^SASL\s+(.*)$/;
  return capabilities.flatMap((one) => line.exec(one)?.[1]?.trim().split(/\s+/) ?? []);
}

function otherWays(capabilities: readonly string[]): string {
  return capabilities.filter((one) => /^(AUTH|SASL|LOGINDISABLED)/.test(one)).join(", ");
}
