import type { QueryType, Resolution } from "../../../clients/world/world.ts";
import type { Finding } from "../../finding.ts";
import type { Check, CheckSubject, ServerAnswer } from "../check.ts";

/** What a split would hurt most; a few questions, since each goes to each server. */
const QUESTIONS: readonly (readonly [label: string, type: QueryType])[] = [
  ["autoconfig.", "A"],
  ["autodiscover.", "A"],
  ["_autodiscover._tcp.", "SRV"],
  ["_imaps._tcp.", "SRV"],
  ["_submissions._tcp.", "SRV"],
  ["", "MX"],
];

/**
 * Asks each of the zone's own servers: where they differ, a client finds the domain on one day and not on the next. Then public
 * resolvers: where their caches still hold what was before, clients do not see the change yet.
 */
export const checkAuthoritativeServers: Check = {
  name: "authoritative-servers",
  ahead: askResolvers,
  run: async (subject) => {
    const { authoritative, domain } = subject;
    if (authoritative === undefined) return [];
    const [heard, asked] = await Promise.all([
      askResolvers(subject),
      Promise.all(
        QUESTIONS.map(async ([label, type]) => {
          const name = `${label}${domain}`;
          return { subject: `${name} ${type}`, type, answers: await authoritative.ask(domain, name, type) };
        }),
      ),
    ]);
    return [
      ...judgeServers(
        domain,
        asked.flatMap(({ answers }) => answers),
      ),
      ...asked.flatMap(({ subject: name, type, answers }) => judgeAnswers(name, type, answers)),
      ...asked.flatMap((one, index) => compareResolvers(one, heard[index] ?? [])),
      ...judgeSilence(domain, heard.flat()),
    ];
  },
};

/** The answers of public resolvers by domain, since no world remembers them: they are asked once for one look. */
const resolved = new WeakMap<CheckSubject["world"], Promise<readonly (readonly ServerAnswer[])[]>>();

async function askResolvers({
  domain,
  publicResolvers,
  world,
}: Omit<CheckSubject, "discoveries">): Promise<readonly (readonly ServerAnswer[])[]> {
  if (publicResolvers === undefined) return [];
  const asked =
    resolved.get(world) ??
    Promise.all(QUESTIONS.map(([label, type]) => publicResolvers.ask(`${label}${domain}`, type)));
  resolved.set(world, asked);
  return asked;
}

/** Only against what all of the zone's servers say; a cache grows old by itself, so it warns. */
function compareResolvers(
  { subject, type, answers }: { subject: string; type: QueryType; answers: readonly ServerAnswer[] },
  heard: readonly ServerAnswer[],
): Finding[] {
  const known = answers.filter(({ resolution }) => resolution.state !== "unknown");
  const [said, ...others] = new Set(known.map(({ resolution }) => showAnswer(resolution)));
  if (said === undefined || others.length > 0) return [];
  return heard.flatMap(({ server, resolution }): Finding[] => {
    const told = showAnswer(resolution);
    // Addresses may depend on who asks.
    const isByPlace = type === "A" && resolution.state === "found" && known[0]?.resolution.state === "found";
    if (resolution.state === "unknown" || told === said || isByPlace) return [];
    return [
      {
        code: "authoritative-servers",
        status: "warn",
        subject: `${subject} at ${server}`,
        expected: said,
        observed: told,
        remedy:
          "Wait until the time to live of the former answer is over: clients that ask there do not see the change yet.",
      },
    ];
  });
}

function judgeSilence(domain: string, heard: readonly ServerAnswer[]): Finding[] {
  const reasons = silentServers(Map.groupBy(heard, ({ server }) => server));
  if (reasons.length === 0) return [];
  return [
    {
      code: "authoritative-servers",
      status: "unknown",
      isAside: true,
      subject: `public resolvers about ${domain}`,
      observed: reasons.join("; "),
      remedy: "Look again from where port 53 is open, or name other resolvers by --public-resolver.",
    },
  ];
}

/** Returns the servers that answered nothing at all, each with its first reason. */
function silentServers(byServer: ReadonlyMap<string, readonly ServerAnswer[]>): readonly string[] {
  return [...byServer].flatMap(([server, all]) => {
    const [first] = all;
    const isSilent = all.every(({ resolution }) => resolution.state === "unknown");
    return isSilent && first?.resolution.state === "unknown" ? [`${server}: ${first.resolution.reason}`] : [];
  });
}

/** One finding for the servers themselves: port 53 may be closed from here, which says nothing about the zone. */
function judgeServers(domain: string, answers: readonly ServerAnswer[]): Finding[] {
  const base = { code: "authoritative-servers", subject: `name servers of ${domain}` } as const;
  const byServer = Map.groupBy(answers, ({ server }) => server);
  const silent = silentServers(byServer);
  const reason = silent.join("; ");
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
