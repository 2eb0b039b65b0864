import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { parseCertificates } from "../../../certificates/provided/provided-bundle.ts";
import type { MailPortQuestion, MailPortView } from "../../../clients/world/world.ts";
import { mailPortQuestion } from "../../judge-mail-port.ts";
import type { Finding } from "../../finding.ts";
import { announcedEndpoints } from "./announced-endpoints.ts";
import type { Check, CheckSubject } from "../check.ts";
import { exchangersOf, smtpQuestion } from "./exchangers.ts";
import type { Verdict } from "../web/judge-answer.ts";
import { objectionTo, parseTlsa, type ServedChain, type TlsaRecord } from "./tlsa-match.ts";

/** Compares TLSA records, where there are any, with what the server presents (RFC 7672, RFC 6698): a wrong one stops all mail. */
export const checkTlsa: Check = {
  name: "tlsa",
  run: async (subject) => {
    const { options, spec } = subject;
    const endpoints = await announcedEndpoints(subject);
    const announced = endpoints.flatMap(({ protocol, ...endpoint }) =>
      mailPortQuestion(spec?.username ?? "address", protocol, endpoint, options),
    );
    const exchangers = await exchangersOf(subject);
    const questions = [...announced, ...exchangers.map(smtpQuestion)];
    const found = await Promise.all(questions.map((question) => checkPort(subject, question)));
    return found.flat();
  },
};

async function checkPort(subject: CheckSubject, question: MailPortQuestion): Promise<Finding[]> {
  const { dnssec, world } = subject;
  const { host, port, protocol } = question;
  const name = `_${port}._tcp.${host}`;
  const answer = await world.resolve(name, "TLSA");
  const isSmtp = protocol === "smtp";
  const base = { code: "tlsa", subject: `${name} TLSA` } as const;
  if (answer.state === "unknown" && isSmtp) {
    // Senders that look for TLSA keep the mail back as long as they get no answer (RFC 7672 §2.2).
    return [{ ...base, status: "unknown", observed: answer.reason, remedy: "Look again later." }];
  }
  if (answer.state !== "found") return [];
  const expected = answer.data.join(" | ");
  const view = await world.probe(question);
  if (view.outcome !== "answered") {
    const observed = `${view.outcome}: ${view.detail}`;
    const remedy = "Look again from where the port can be reached.";
    // Of port 25 it is this network that hides it, most of the time.
    return [{ ...base, ...(isSmtp ? { isAside: true } : {}), status: "unknown", expected, observed, remedy }];
  }
  const verdict = judge(answer.data, question, view, subject);
  const isSigned = verdict.status === "unknown" || (await dnssec?.(host)) !== "insecure";
  return [{ ...base, expected, ...(isSigned ? verdict : unheeded(verdict)) }];
}

/** Without DNSSEC a record proves nothing, so nobody acts on it (RFC 7672 §2.2). */
function unheeded({ observed = "" }: Verdict): Verdict {
  return {
    status: "warn",
    observed: `${observed}; in a zone without DNSSEC, where nobody heeds it`,
    remedy: "Sign the zone, or remove the record.",
  };
}

function judge(
  data: readonly string[],
  { host, protocol }: MailPortQuestion,
  { authorized, certificate, chain }: Extract<MailPortView, { outcome: "answered" }>,
  { now, options }: CheckSubject,
): Verdict {
  const known = data.flatMap((text) => parseTlsa(text) ?? []);
  const usable = known.filter(({ usage }) => protocol !== "smtp" || usage > 1);
  if (usable.length === 0) {
    return {
      status: "warn",
      observed:
        known.length === 0
          ? "no record in a form that is known"
          : "usages 0 and 1 mean nothing between mail servers (RFC 7672 §3.1.3)",
      remedy: `Publish 3 1 1 ${certificate.spkiSha256}.`,
    };
  }
  if (chain === undefined) {
    return {
      status: "unknown",
      observed: "which certificates are sent is not known here",
      remedy: "Look again later.",
    };
  }
  const served: ServedChain = {
    certificates: chain.map((der) => new X509Certificate(der)),
    host,
    now,
    isAuthorized: authorized,
    roots: () => rootsOf(options.ca),
  };
  const verdicts = usable.map((record) => ({ record, objection: objectionTo(record, served) }));
  const matching = verdicts.find(({ objection }) => objection === undefined);
  if (matching !== undefined) return { status: "pass", observed: `${formOf(matching.record)} matches` };
  const reasons = verdicts.map(({ record, objection }) => `${formOf(record)}: ${objection ?? ""}`);
  return {
    status: "fail",
    observed: `${[...new Set(reasons)].join("; ")}; presented is 3 1 1 ${certificate.spkiSha256}`,
    remedy: usable.every(({ usage }) => usage === 2 || usage === 0)
      ? "Send the chain with the CA that the record names, or publish 3 1 1 of the key that is presented."
      : "Publish the digest of the key that is presented.",
  };
}

function formOf({ usage, selector, matchingType }: TlsaRecord): string {
  return `${usage} ${selector} ${matchingType}`;
}

function rootsOf(ca: string | undefined): readonly X509Certificate[] {
  return ca === undefined ? rootCertificates.map((pem) => new X509Certificate(pem)) : parseCertificates(ca);
}
