import type { QueryType, Resolution } from "../../clients/world.ts";
import type { Finding } from "../finding.ts";
import type { Check, ServerAnswer } from "./check.ts";

/** What a split would hurt most; a few questions, since each goes to each server. */
const QUESTIONS: readonly (readonly [label: string, type: QueryType])[] = [
  ["autoconfig.", "A"],
  ["autodiscover.", "A"],
  ["_autodiscover._tcp.", "SRV"],
  ["_imaps._tcp.", "SRV"],
  ["_submissions._tcp.", "SRV"],
  ["", "MX"],
];

/** Asks each of the zone's own servers: where they differ, a client finds the domain on one day and not on the next. */
export const checkAuthoritativeServers: Check = {
  name: "authoritative-servers",
  run: async ({ authoritative, domain }) => {
    if (authoritative === undefined) return [];
    const asked = await Promise.all(
      QUESTIONS.map(async ([label, type]) => {
        const name = `${label}${domain}`;
        return { subject: `${name} ${type}`, type, answers: await authoritative.ask(domain, name, type) };
      }),
    );
    return [
      ...judgeServers(
        domain,
        asked.flatMap(({ answers }) => answers),
      ),
      ...asked.flatMap(({ subject, type, answers }) => judgeAnswers(subject, type, answers)),
    ];
  },
};

/** One finding for the servers themselves: port 53 may be closed from here, which says nothing about the zone. */
function judgeServers(domain: string, answers: readonly ServerAnswer[]): Finding[] {
  const base = { code: "authoritative-servers", subject: `name servers of ${domain}` } as const;
  const byServer = Map.groupBy(answers, ({ server }) => server);
  const silent = [...byServer].filter(([, all]) =>
    all.every(({ resolution }) => resolution.state === "unknown"),
  );
  const reason = silent
    .map(
      ([server, all]) =>
        `${server}: ${all[0]?.resolution.state === "unknown" ? all[0].resolution.reason : ""}`,
    )
    .join("; ");
  if (silent.length === byServer.size) {
    return [
      {
        ...base,
        status: "unknown",
        observed: reason || "none was found",
        remedy: "Look again from where port 53 is open, or name a server by --authoritative.",
      },
    ];
  }
  if (silent.length > 0) {
    return [
      {
        ...base,
        status: "warn",
        observed: reason,
        remedy: "Start that name server, or take it out of the delegation.",
      },
    ];
  }
  return [{ ...base, status: "pass", observed: [...byServer.keys()].join(", ") }];
}

function judgeAnswers(subject: string, type: QueryType, answers: readonly ServerAnswer[]): Finding[] {
  const heard = answers.filter(({ resolution }) => resolution.state !== "unknown");
  if (heard.length === 0) return [];
  const base = { code: "authoritative-servers", subject } as const;
  const said = Map.groupBy(heard, ({ resolution }) => showAnswer(resolution));
  if (said.size === 1)
    return [{ ...base, status: "pass", observed: `${[...said.keys()][0] ?? ""} at all ${heard.length}` }];
  const observed = [...said]
    .map(([words, by]) => `${by.map(({ server }) => server).join(", ")}: ${words}`)
    .join("; ");
  const states = new Set(heard.map(({ resolution }) => resolution.state));
  // Addresses differ on purpose where answers depend on the place or the load.
  const isBalanced = type === "A" && states.size === 1 && states.has("found");
  return [
    {
      ...base,
      status: isBalanced ? "warn" : "fail",
      expected: "one answer at every name server",
      observed,
      remedy: "Let every name server have the same zone, or wait until the change has reached all.",
    },
  ];
}

/** An authoritative server does not follow an alias out of its zones, and one may where another does not. */
function showAnswer(resolution: Resolution): string {
  const [alias] = resolution.state === "unknown" ? [] : (resolution.aliases ?? []);
  if (alias !== undefined) return `CNAME ${alias}`;
  return resolution.state === "found" ? resolution.data.toSorted().join(", ") : "none";
}
