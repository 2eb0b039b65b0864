import type { Discovery, DiscoveryOutcome, PromptKind } from "../../clients/ladder/discovery.ts";
import { serverWords } from "../../clients/world/server-words.ts";
import type { Endpoint, MailDomain } from "../../spec/mail-domain.ts";
import type { PasswordRisk } from "./password-risk.ts";

/**
 * `better` and `worse` for the person who sets a mailbox up; `changed`: other servers, neither better nor worse; `unknown`:
 * there is nothing to compare with.
 */
export type Verdict = "better" | "worse" | "changed" | "same" | "unknown";

/**
 * What gets worse. `outcome`: it no longer sets itself up, or fails where it asked. `password`: somebody new is sent the
 * mailbox password during discovery. `risk`: somebody new would be, if he asked for it. `prompt`: a question that nobody was asked before. `plain`: a connection loses its
 * TLS. `pop3`: it fetches by POP3 where it had IMAP. `other-servers`: it ends with servers that the domain file does not name.
 */
export type WorseningCode = "outcome" | "password" | "risk" | "prompt" | "plain" | "pop3" | "other-servers";

export interface Worsening {
  readonly code: WorseningCode;
  /** One sentence without its final dot. */
  readonly message: string;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly worsenings: readonly Worsening[];
}

/** Unknown has no rank: it is neither better nor worse than what a person has to do by hand. */
const RANK: Readonly<Record<DiscoveryOutcome, number | undefined>> = {
  configured: 2,
  manual: 1,
  failed: 0,
  unknown: undefined,
};

/** What a person should not have to decide. */
const ALARMING: ReadonlySet<PromptKind> = new Set(["certificate", "foreign-host", "untrusted-source"]);

export interface ChangeInput {
  readonly domain: MailDomain;
  /** Undefined where it is not known. */
  readonly before: Discovery | undefined;
  readonly after: Discovery;
  readonly risksBefore: readonly PasswordRisk[];
  readonly risksAfter: readonly PasswordRisk[];
  /** Hosts where the domain's documents are: they take no password. */
  readonly ownHosts: ReadonlySet<string>;
  /** Hosts of the file's servers, by another name that leads to them after the change. Default none. */
  readonly otherNames?: ReadonlyMap<string, readonly string[]> | undefined;
}

/** Compares what a client does before and after a change. Without a "before" only what is wrong in itself counts. */
export function judgeChange(input: ChangeInput): Judgement {
  const { before, after, ownHosts } = input;
  const worsenings = [
    ...outcomeWorsening(before, after),
    ...foreignPasswords(after, ownHosts)
      .filter((origin) => before?.passwordSentTo.includes(origin) !== true)
      .map((origin) => ({ code: "password" as const, message: `the mailbox password goes to ${origin}` })),
    ...newRisks(input),
    ...(before?.outcome === "configured" ? newPrompts(before, after) : []),
    ...lostTls(before, after),
    ...lostImap(before, after),
    ...otherServers(input),
  ];
  if (worsenings.length > 0) return { verdict: "worse", worsenings };
  if (before === undefined) return { verdict: "unknown", worsenings };
  const isSafer = lostRisks(input) > 0;
  if (isSafer || isBetter(before, after, ownHosts)) return { verdict: "better", worsenings };
  return { verdict: saysTheSame(before, after) ? "same" : "changed", worsenings };
}

/** Returns the origins of others that are sent the mailbox password. */
export function foreignPasswords({ passwordSentTo }: Discovery, own: ReadonlySet<string>): readonly string[] {
  return passwordSentTo.filter((origin) => !own.has(new URL(origin).hostname));
}

function outcomeWorsening(before: Discovery | undefined, after: Discovery): readonly Worsening[] {
  if (before === undefined) return [];
  const [was, is] = [RANK[before.outcome], RANK[after.outcome]];
  if (before.outcome === "configured" && is === undefined) {
    return [{ code: "outcome", message: "whether it still sets itself up is not known" }];
  }
  if (was === undefined || is === undefined || is >= was) return [];
  return [
    {
      code: "outcome",
      message:
        before.outcome === "configured" ? "it no longer sets itself up" : "it fails where it asked before",
    },
  ];
}

function newRisks({ before, risksBefore, risksAfter, ownHosts }: ChangeInput): readonly Worsening[] {
  if (before === undefined) return [];
  const known = new Set(risksBefore.map(({ origin }) => origin));
  return risksAfter
    .filter(({ origin }) => !known.has(origin) && !ownHosts.has(new URL(origin).hostname))
    .map(({ origin, leadsTo }) => ({
      code: "risk",
      message: `the mailbox password would go to ${origin} (${leadsTo}), if that asks for it`,
    }));
}

function lostRisks({ risksBefore, risksAfter }: ChangeInput): number {
  return risksBefore.filter(({ origin }) => !risksAfter.some((risk) => risk.origin === origin)).length;
}

function newPrompts(before: Discovery, after: Discovery): readonly Worsening[] {
  const known = new Set(before.prompts.map(({ kind, target }) => `${kind} ${target}`));
  return after.prompts
    .filter(({ kind, target }) => ALARMING.has(kind) && !known.has(`${kind} ${target}`))
    .map(({ text }) => ({ code: "prompt", message: `it asks: ${text}` }));
}

function lostTls(before: Discovery | undefined, after: Discovery): readonly Worsening[] {
  return (["incoming", "outgoing"] as const).flatMap((direction): readonly Worsening[] => {
    const [was, is] = [before?.[direction], after[direction]];
    if (is?.tls !== "plain" || was === undefined || was.tls === "plain") return [];
    return [{ code: "plain", message: `${is.host}:${is.port} is used without TLS` }];
  });
}

/** POP3 has one folder, and most clients take the mail from the server. */
function lostImap(before: Discovery | undefined, after: Discovery): readonly Worsening[] {
  if (before?.outcome !== "configured" || after.outcome !== "configured") return [];
  const isLost = before.incoming?.protocol === "imap" && after.incoming?.protocol === "pop3";
  return isLost ? [{ code: "pop3", message: "it fetches by POP3 where it had IMAP" }] : [];
}

function otherServers({ domain, after, otherNames }: ChangeInput): readonly Worsening[] {
  if (after.outcome !== "configured") return [];
  return [after.incoming, after.outgoing].flatMap((server): readonly Worsening[] => {
    if (server === undefined) return [];
    const { protocol, host, port, tls } = server;
    const hosts = new Set([host, ...(otherNames?.get(host) ?? [])]);
    const isNamed = (endpoint: Endpoint): boolean =>
      hosts.has(endpoint.host) && endpoint.port === port && endpoint.tls === tls;
    if (domain.mailServer[protocol].some(isNamed)) return [];
    return [
      {
        code: "other-servers",
        message: `it uses ${serverWords(server)}, which the domain file does not name`,
      },
    ];
  });
}

function isBetter(before: Discovery, after: Discovery, own: ReadonlySet<string>): boolean {
  const [was, is] = [RANK[before.outcome], RANK[after.outcome]];
  const isFound = after.outcome === "configured" && before.outcome !== "configured";
  const isRaised = was !== undefined && is !== undefined && is > was;
  const isSafer = foreignPasswords(before, own).length > foreignPasswords(after, own).length;
  const isQuieter =
    after.outcome === before.outcome &&
    alarms(after) < alarms(before) &&
    saysTheSame({ ...before, prompts: [] }, { ...after, prompts: [] });
  return isFound || isRaised || isSafer || isQuieter;
}

function alarms({ prompts }: Discovery): number {
  return prompts.filter(({ kind }) => ALARMING.has(kind)).length;
}

/** The same for the person: where it was found may differ. */
function saysTheSame(before: Discovery, after: Discovery): boolean {
  const result = ({ outcome, incoming, outgoing, username, prompts, passwordSentTo }: Discovery): string =>
    JSON.stringify([outcome, incoming, outgoing, username, prompts, passwordSentTo]);
  return result(before) === result(after);
}
