import type { MailPortQuestion, MailPortView } from "../../../clients/world/world.ts";
import { judgeMailPort, mailPortQuestion } from "../../judge-mail-port.ts";
import type { Finding } from "../../finding.ts";
import { announcedEndpoints, type AnnouncedEndpoint } from "./announced-endpoints.ts";
import { judgeLife } from "./certificate-life.ts";
import type { Check, CheckSubject } from "../check.ts";
import { isCurrentTls } from "../tls-trouble.ts";
import { judgeCapabilities } from "./mail-capabilities.ts";

/** Connects to every announced mail port: reachable, trusted, the issued key, the version of TLS, days left, ways to log in. */
export const checkMailPortsOf: Check = {
  name: "mail-ports",
  run: async (subject) => {
    const endpoints = await announcedEndpoints(subject);
    const seen = await Promise.all(endpoints.map((endpoint) => look(subject, endpoint)));
    const reachable = new Set(
      seen.flatMap((one) => (one?.view.outcome === "answered" ? [one.question.host] : [])),
    );
    return endpoints.flatMap((endpoint, index) => {
      const one = seen[index];
      return one === undefined ? [plainFinding(subject, endpoint)] : judge(subject, one, reachable);
    });
  },
};

interface Seen {
  readonly question: MailPortQuestion;
  readonly view: MailPortView;
}

async function look(
  { options, spec, world }: CheckSubject,
  { protocol, ...endpoint }: AnnouncedEndpoint,
): Promise<Seen | undefined> {
  const form = spec?.username ?? "address";
  const [question] = mailPortQuestion(form, protocol, endpoint, options);
  if (question === undefined) return undefined;
  return { question, view: await world.probe(question) };
}

function judge(
  { now, options }: CheckSubject,
  { question, view }: Seen,
  reachable: ReadonlySet<string>,
): Finding[] {
  const { protocol, host, port, tls } = question;
  const subject = `${protocol} ${host}:${port} ${tls}`;
  const isAlone = !reachable.has(host);
  const findings = judgeMailPort(question, view, options, { isHostSilent: isAlone });
  if (view.outcome !== "answered") return findings;
  return [
    ...findings,
    judgeTls(subject, view.tlsProtocol),
    ...(view.authorized
      ? [
          {
            code: "mail-tls" as const,
            subject: `${subject} certificate`,
            ...judgeLife(view.certificate, now),
          },
        ]
      : []),
    ...judgeCapabilities(question, view),
  ];
}

/** TLS 1.0 and 1.1 are gone (RFC 8996); a server that has nothing else fails the handshake itself. */
function judgeTls(subject: string, version: string): Finding {
  const base = { code: "mail-tls", subject, expected: "TLSv1.2 or TLSv1.3" } as const;
  return isCurrentTls(version)
    ? { ...base, status: "pass", observed: version }
    : {
        ...base,
        status: "warn",
        observed: version,
        remedy: "Let the mail server offer TLS 1.2 and 1.3 only.",
      };
}

/** Who wrote it into the domain file has been warned; who only publishes it may not know. */
function plainFinding({ spec }: CheckSubject, { protocol, host, port, tls }: AnnouncedEndpoint): Finding {
  return {
    code: "mail-tls",
    status: spec === undefined ? "fail" : "warn",
    subject: `${protocol} ${host}:${port} ${tls}`,
    expected: "TLS",
    observed: "announced without TLS: the password goes over the network in the clear",
    remedy: "Announce implicit TLS or STARTTLS.",
  };
}
