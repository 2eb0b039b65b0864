import type { MailPortQuestion, MailPortView } from "../../clients/world.ts";
import { mailPortQuestion } from "../judge-mail-port.ts";
import type { Finding } from "../finding.ts";
import { announcedEndpoints } from "./announced-endpoints.ts";
import type { Check, CheckSubject } from "./check.ts";
import { exchangersOf } from "./exchangers.ts";

/** Exchangers beyond these are spares of the same kind. */
const MOST_EXCHANGERS = 3;
const SMTP_PORT = 25;

/** Compares TLSA records, where there are any, with what the server presents (RFC 7672, RFC 6698): a wrong one stops all mail. */
export const checkTlsa: Check = {
  name: "tlsa",
  run: async (subject) => {
    const { options, spec } = subject;
    const endpoints = await announcedEndpoints(subject);
    const announced = endpoints.flatMap(({ protocol, ...endpoint }) =>
      mailPortQuestion(spec?.username ?? "address", protocol, endpoint, options),
    );
    const exchangers = (await exchangersOf(subject)).slice(0, MOST_EXCHANGERS);
    const smtp = exchangers.map((host): MailPortQuestion => ({
      protocol: "submission",
      host,
      port: SMTP_PORT,
      tls: "starttls",
    }));
    const found = await Promise.all([...announced, ...smtp].map((question) => checkPort(subject, question)));
    return found.flat();
  },
};

async function checkPort({ world }: CheckSubject, question: MailPortQuestion): Promise<Finding[]> {
  const name = `_${question.port}._tcp.${question.host}`;
  const answer = await world.resolve(name, "TLSA");
  if (answer.state !== "found") return [];
  const view = await world.probe(question);
  const base = { code: "tlsa", subject: `${name} TLSA`, expected: answer.data.join(" | ") } as const;
  if (view.outcome !== "answered") {
    const observed = `${view.outcome}: ${view.detail}`;
    return [
      { ...base, status: "unknown", observed, remedy: "Look again from where the port can be reached." },
    ];
  }
  return [{ ...base, ...judge(answer.data, view) }];
}

function judge(
  records: readonly string[],
  { certificate }: Extract<MailPortView, { outcome: "answered" }>,
): Pick<Finding, "status" | "observed" | "remedy"> {
  const presented = `3 1 1 ${certificate.spkiSha256}`;
  const verdicts = records.map((record) => matches(record, certificate));
  if (verdicts.includes(true)) return { status: "pass", observed: presented };
  // Of an issuer's certificate, or another digest, only the leaf's SHA-256 is at hand here.
  if (verdicts.includes(undefined)) {
    return {
      status: "unknown",
      observed: `${presented}; records of another form cannot be compared here`,
      remedy: "Compare them with `openssl s_client -dane_tlsa_domain`, or publish 3 1 1.",
    };
  }
  return { status: "fail", observed: presented, remedy: "Publish the digest of the key that is presented." };
}

/** Usage 3 and 1 speak of the leaf; selector 1 of its key, 0 of all of it; matching type 1 of SHA-256 (RFC 7218). */
function matches(
  record: string,
  { spkiSha256, fingerprint }: { readonly spkiSha256: string; readonly fingerprint?: string | undefined },
): boolean | undefined {
  const [usage, selector, matching, data = ""] = record.split(" ");
  if ((usage !== "3" && usage !== "1") || matching !== "1") return undefined;
  const presented = selector === "1" ? spkiSha256 : fingerprint;
  return presented === undefined ? undefined : data.toLowerCase() === presented;
}
