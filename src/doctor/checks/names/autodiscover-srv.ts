import { readSrv, type SrvTarget } from "../../../clients/ladder/service-records.ts";
import { parsePox } from "../../../clients/parsers/pox-document.ts";
import type { Finding } from "../../finding.ts";
import type { Check, CheckSubject } from "../check.ts";
import { poxPost } from "../web/document-requests.ts";
import { isXmlType, judgeAnswer } from "../web/judge-answer.ts";
import { isSameOrganisation } from "../same-organisation.ts";
import { targetTroubles } from "./srv-services.ts";

const HTTPS_PORT = 443;
/** Thunderbird goes there without a question (ExchangeAutoDiscover.sys.mjs). */
const TRUSTED = /(^|\.)(office365|outlook)\.com$/;

/** Looks at the target of `_autodiscover._tcp`: it has to answer on 443, with a certificate of its own name. */
export const checkAutodiscoverSrv: Check = {
  name: "autodiscover-srv",
  run: async (subject) => {
    const name = `_autodiscover._tcp.${subject.domain}`;
    const base = { code: "srv-record", subject: `${name} SRV` } as const;
    const answer = await subject.world.resolve(name, "SRV");
    if (answer.state === "unknown") {
      return [{ ...base, status: "unknown", observed: answer.reason, remedy: "Look again later." }];
    }
    const targets = readSrv(answer).filter(({ host }) => host !== ".");
    if (targets.length === 0) return [{ ...base, status: "pass", observed: "none" }];
    const troubles = (await Promise.all(targets.map((target) => checkTarget(subject, target)))).flat();
    const observed = targets.map(({ host, port }) => `${host}:${port}`).join(", ");
    return troubles.length === 0
      ? [{ ...base, status: "pass", observed }]
      : troubles.map((trouble) => ({ ...base, ...trouble }));
  },
};

async function checkTarget(
  subject: CheckSubject,
  { host, port }: SrvTarget,
): Promise<Pick<Finding, "status" | "observed" | "remedy">[]> {
  const { domain, mailbox, spec, world } = subject;
  const troubles = [...(await targetTroubles(subject, host))];
  if (port !== HTTPS_PORT) {
    troubles.push({
      status: "fail",
      observed: `port ${port}, where clients ask 443`,
      remedy: "Write port 443: Outlook and Thunderbird use no other.",
    });
  }
  const isKnown = TRUSTED.test(host);
  // Who wrote a spec has chosen the target, and has been told.
  if (spec === undefined && !isKnown && !isSameOrganisation(host, domain)) {
    troubles.push({
      status: "warn",
      observed: `${host} is of another domain: Outlook and Thunderbird ask before they go there`,
      remedy: "Name a host of the domain itself, if it has one that is not proxied.",
    });
  }
  // Exchange Online asks for a password there, which is the mailbox's.
  if (isKnown || troubles.some(({ status }) => status !== "warn")) return troubles;
  const { url, ...request } = poxPost(mailbox, `https://${host}/autodiscover/autodiscover.xml`);
  const response = await world.request({ url, ...request });
  const verdict = judgeAnswer(response, url, "ours", isXmlType);
  if (verdict !== undefined) {
    troubles.push({ ...verdict, observed: `${url}: ${verdict.observed ?? ""}` });
  } else if (parsePox(response.state === "answered" ? response.body : "") === undefined) {
    troubles.push({
      status: "fail",
      observed: `${url}: no answer of Autodiscover`,
      remedy: `Publish the document at ${url}, or remove the record.`,
    });
  }
  return troubles;
}
