import type { MailPortQuestion, MailPortView } from "../../../clients/world/world.ts";
import { mailHosts } from "../../../dns/mail-host-owner.ts";
import type { Finding } from "../../finding.ts";
import { judgeLife } from "./certificate-life.ts";
import type { Check, CheckSubject } from "../check.ts";
import { exchangersOf, smtpQuestion } from "./exchangers.ts";
import { mild, type Verdict } from "../web/judge-answer.ts";
import { isSameOrganisation } from "../same-organisation.ts";
import { isCurrentTls, oldTlsTrouble, otherKeyTrouble, tlsTrouble } from "../tls-trouble.ts";

/**
 * Looks how the domain's own exchangers take mail at port 25: STARTTLS, the certificate's name, chain and life, the issued key. Of
 * a provider's nothing is asked. All of it warns: no mail client connects there.
 */
export const checkExchangerPorts: Check = {
  name: "exchanger-ports",
  ahead: look,
  run: async (subject) => {
    const seen = await look(subject);
    // Where nobody answers at all, this network may be the reason: one finding says so for all of them.
    const silent = seen.filter(({ view }) => isSilent(view));
    const heard = await Promise.all(
      seen.filter((one) => !silent.includes(one)).map((one) => judge(subject, one)),
    );
    return [...heard.flat(), ...judgeSilence(silent, seen.length > silent.length)];
  },
};

interface Seen {
  readonly question: MailPortQuestion;
  readonly view: MailPortView;
}

async function look(subject: Omit<CheckSubject, "discoveries">): Promise<readonly Seen[]> {
  const { domain, spec, world } = subject;
  const own = spec === undefined ? [] : mailHosts(spec);
  const exchangers = await exchangersOf(subject);
  return Promise.all(
    exchangers
      .filter((host) => own.includes(host) || isSameOrganisation(host, domain))
      .map(async (host) => {
        const question = smtpQuestion(host);
        return { question, view: await world.probe(question) };
      }),
  );
}

/** Nobody has taken the connection. */
function isSilent({ outcome, ...rest }: MailPortView): boolean {
  const phase = "phase" in rest ? rest.phase : undefined;
  return outcome === "unreachable" || (outcome === "timeout" && (phase === undefined || phase === "connect"));
}

function judgeSilence(silent: readonly Seen[], isOpenHere: boolean): Finding[] {
  const [first] = silent;
  if (first === undefined || first.view.outcome === "answered") return [];
  const hosts = silent.map(({ question }) => question.host).join(", ");
  const reason = `${first.view.outcome}: ${first.view.detail}`;
  return [
    {
      code: "exchanger-port",
      status: "unknown",
      isAside: true,
      subject: `port 25 of ${hosts}`,
      observed: isOpenHere
        ? `does not answer (${reason}), though other exchangers do`
        : `not to be reached from here (${reason}): most networks block port 25 on its way out`,
      remedy: "Look again from a server's network, where port 25 is open.",
    },
  ];
}

async function judge(subject: CheckSubject, { question, view }: Seen): Promise<Finding[]> {
  const { host, port } = question;
  const base = { code: "exchanger-port", subject: `smtp ${host}:${port} starttls` } as const;
  if (view.outcome === "answered") {
    return [{ ...base, expected: "STARTTLS, trusted", ...(await judgeAnswer(subject, host, view)) }];
  }
  const aside = { status: "unknown", isAside: true, remedy: "Look again from a server's network." } as const;
  const observed = `${view.outcome}: ${view.detail}`;
  switch (view.outcome) {
    // Said of the exchanger's name already, or nobody's to say.
    case "absent":
    case "unresolved":
    case "unknown":
      return [];
    case "timeout":
    case "unreachable":
      return [{ ...base, ...aside, observed: `takes connections, but is slow (${observed})` }];
    case "refused":
      return [
        {
          ...base,
          status: "warn",
          observed: `closed, or refused on the way from here (${observed})`,
          remedy: `Look whether ${host} takes mail: start its service on port ${port}.`,
        },
      ];
    case "not-allowed":
      return [{ ...base, status: "warn", observed: view.detail, remedy: `Give ${host} a public address.` }];
    case "starttls-refused":
      return [
        {
          ...base,
          status: "warn",
          observed: `no STARTTLS: mail comes in the clear (${view.detail})`,
          remedy: `Offer STARTTLS on port ${port} of ${host} (RFC 3207).`,
        },
      ];
    case "tls-failed": {
      const old = oldTlsTrouble(view.tlsProtocol, `port ${port} of ${host}`);
      return [
        {
          ...base,
          status: "warn",
          observed:
            old === undefined ? observed : `${old.version} only: many servers send in the clear instead`,
          remedy: old?.remedy ?? `Offer TLS 1.2 or newer on port ${port} of ${host}.`,
        },
      ];
    }
    case "protocol-error":
      // A reply such as `554 no SMTP service here` is for this network's address, which no server sends from.
      return /\b[45]\d\d[ -]/.test(view.detail)
        ? [{ ...base, ...aside, observed: `does not talk to this network (${view.detail})` }]
        : [{ ...base, status: "warn", observed, remedy: `Let ${host} speak SMTP on port ${port}.` }];
  }
}

async function judgeAnswer(
  { now, options, world }: CheckSubject,
  host: string,
  view: Extract<MailPortView, { outcome: "answered" }>,
): Promise<Verdict> {
  const { authorizationError = "no reason given", authorized, certificate, tlsProtocol } = view;
  if (!authorized) {
    const { words, remedy } = tlsTrouble(authorizationError, host);
    // Who heeds TLSA asks for no CA (RFC 7672 §3.1.1): whether it matches is told there.
    const tlsa = await world.resolve(`_25._tcp.${host}`, "TLSA");
    return tlsa.state === "found"
      ? { status: "pass", observed: `${tlsProtocol}, ${words}, beside TLSA records` }
      : { status: "warn", observed: words, remedy };
  }
  const key = options.expectedKey?.(host);
  if (key !== undefined && certificate.spkiSha256 !== key) {
    const { words, remedy } = otherKeyTrouble(certificate.spkiSha256);
    return { status: "warn", observed: words, remedy };
  }
  if (!isCurrentTls(tlsProtocol)) {
    return {
      status: "warn",
      observed: tlsProtocol,
      remedy: "Let the mail server offer TLS 1.2 and 1.3 only.",
    };
  }
  const life = mild(judgeLife(certificate, now));
  const whose = key === undefined ? "trusted" : "issued";
  return { ...life, observed: `${tlsProtocol}, ${whose} certificate, ${life.observed ?? ""}` };
}
