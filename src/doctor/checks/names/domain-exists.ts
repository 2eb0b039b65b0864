import type { QueryType } from "../../../clients/world/world.ts";
import type { Check } from "../check.ts";

/** What nearly every mail domain has one of; each is asked for by other checks and clients anyway. */
const QUESTIONS: readonly (readonly [label: string, type: QueryType])[] = [
  ["", "NS"],
  ["", "MX"],
  ["", "A"],
  ["", "TXT"],
  ["autoconfig.", "A"],
  ["autodiscover.", "A"],
  ["_imaps._tcp.", "SRV"],
];

/** Says so where the domain itself does not exist: then everything else is merely absent, and nothing would fail. */
export const checkDomainExists: Check = {
  name: "domain-exists",
  run: async ({ domain, world }) => {
    const answers = await Promise.all(
      QUESTIONS.map(([label, type]) => world.resolve(`${label}${domain}`, type)),
    );
    if (!answers.every((answer) => answer.state === "absent" && answer.isNoName === true)) return [];
    return [
      {
        code: "domain",
        status: "fail",
        subject: domain,
        observed: "no such name (NXDOMAIN), and nothing below it",
        remedy: "Check the spelling, and whether the domain is registered and delegated.",
      },
    ];
  },
};
