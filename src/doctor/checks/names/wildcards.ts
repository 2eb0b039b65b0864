import { GUESSED_LABELS } from "../../../dns/wildcard/client-probes.ts";
import { DISCOVERY_LABELS } from "../../../spec/discovery-labels.ts";
import type { Finding } from "../../finding.ts";
import { randomLabel } from "./caught-by-wildcard.ts";
import type { Check, CheckSubject } from "../check.ts";
import { placeOf } from "../place-of.ts";
import { addressesAt, isSameAnswer, merge, showAnswer, type ProbeAnswer } from "../web/probe-answer.ts";
import { isSameOrganisation } from "../same-organisation.ts";

/** One service stands for all of RFC 6186: a wildcard answers all of them alike, or none. */
const STANDING_SERVICE = "_imaps._tcp";

/**
 * Says of each name that clients ask for whether it has records of its own, or is answered by a wildcard (RFC 4592), as a name that
 * nobody can have made. Answers are compared, not codes: with compact denial NXDOMAIN looks like no data (RFC 9824).
 */
export const checkWildcards: Check = {
  name: "wildcards",
  run: async (subject) => {
    const { domain, world } = subject;
    const random = randomLabel(subject);
    const [wildcard, service] = await Promise.all([
      addressesAt(world, `${random}.${domain}`),
      world.resolve(`_${random}._tcp.${domain}`, "SRV").then((answer) => merge([answer])),
    ]);
    const labels = await Promise.all(DISCOVERY_LABELS.map((label) => checkLabel(subject, label, wildcard)));
    return [
      ...labels,
      // Without a wildcard a guessed name is its own, or nobody's.
      ...(isThere(wildcard) ? await checkGuesses(subject, wildcard) : []),
      await checkService(subject, service),
    ];
  },
};

function isThere(answer: ProbeAnswer): boolean {
  return answer.state === "found" || (answer.state === "absent" && answer.aliases.length > 0);
}

async function checkLabel(
  subject: CheckSubject,
  label: (typeof DISCOVERY_LABELS)[number],
  wildcard: ProbeAnswer,
): Promise<Finding> {
  const name = `${label}.${subject.domain}`;
  const base = { code: "wildcard", subject: `${name} A/AAAA` } as const;
  const answer = await addressesAt(subject.world, name);
  if (answer.state === "unknown") {
    return { ...base, status: "unknown", observed: answer.reason, remedy: "Look again later." };
  }
  if (!isThere(answer)) return { ...base, status: "pass", observed: "absent" };
  const shown = showAnswer(answer);
  if (!isSameAnswer(answer, wildcard)) {
    const isForeign = answer.aliases.some((alias) => !isSameOrganisation(alias, subject.domain));
    return {
      ...base,
      status: "pass",
      observed: `${isForeign ? "at a host of somebody else" : "explicit"}: ${shown}`,
    };
  }
  const place = await placeOf(subject, label);
  // Behind one proxy the name's own records and the wildcard's look the same: the document has the word.
  if (place === "ours")
    return { ...base, status: "pass", observed: `answered as any name below the domain: ${shown}` };
  const policy = subject.spec?.wildcard.policy;
  return {
    ...base,
    status: policy === "forbid" || policy === "shadow" ? "fail" : "warn",
    expected: "a record of its own, or none",
    observed: `answered by a wildcard: ${shown}`,
    remedy: `Publish a TXT record at ${name}: it ends the wildcard there.`,
  };
}

/** A tombstone could switch off a server that works by the wildcard alone: whoever owns it decides. */
async function checkGuesses(
  { domain, world }: CheckSubject,
  wildcard: ProbeAnswer,
): Promise<readonly Finding[]> {
  const labels = GUESSED_LABELS.filter((label) => GUESSES_OF_THUNDERBIRD.has(label));
  const answers = await Promise.all(
    labels.map(async (label) => ({ label, answer: await addressesAt(world, `${label}.${domain}`) })),
  );
  const shadowed = answers.filter(({ answer }) => isSameAnswer(answer, wildcard)).map(({ label }) => label);
  const base = { code: "wildcard", subject: `guessed names below ${domain}` } as const;
  return [
    shadowed.length === 0
      ? { ...base, status: "pass", observed: "none is answered by the wildcard" }
      : {
          ...base,
          status: "warn",
          observed: `answered by a wildcard: ${shadowed.join(", ")}`,
          remedy: `Give these names records of their own, or TXT records that end the wildcard: clients try mail ports there.`,
        },
  ];
}

const GUESSES_OF_THUNDERBIRD: ReadonlySet<string> = new Set(["imap", "mail", "pop3", "pop", "smtp"]);

async function checkService({ domain, world }: CheckSubject, wildcard: ProbeAnswer): Promise<Finding> {
  const name = `${STANDING_SERVICE}.${domain}`;
  const base = { code: "wildcard", subject: `_tcp.${domain} SRV` } as const;
  if (wildcard.state === "unknown") {
    return { ...base, status: "unknown", observed: wildcard.reason, remedy: "Look again later." };
  }
  if (!isThere(wildcard)) return { ...base, status: "pass", observed: "no wildcard answers for services" };
  const answer = merge([await world.resolve(name, "SRV")]);
  return {
    ...base,
    status: "warn",
    observed: `any service is answered by a wildcard: ${showAnswer(wildcard)}`,
    remedy: isSameAnswer(answer, wildcard)
      ? `Publish ${name} SRV: one record below _tcp.${domain} ends the wildcard for all services.`
      : `Remove the wildcard at or above _tcp.${domain}.`,
  };
}
