import { conclude } from "../clients/ladder/conclude.ts";
import type { ClientModel, Discovery, Mailbox } from "../clients/ladder/discovery.ts";
import { memoWorld, type WorldCount } from "../clients/world/memo-world.ts";
import { Trace } from "../clients/ladder/trace.ts";
import { withoutPassword } from "../clients/world/without-password.ts";
import type { World } from "../clients/world/world.ts";
import type { MailDomain } from "../spec/mail-domain.ts";
import type { AuthoritativeView, Check, CheckOptions, CheckSubject, ResolverView } from "./checks/check.ts";
import type { DomainReport } from "./domain-report.ts";
import type { Finding } from "./finding.ts";

/** One domain to look at. */
export interface VerifyTarget {
  /** A-labels, lower case. */
  readonly domain: string;
  /** What it should be; undefined: it is held to what it publishes itself. */
  readonly spec?: MailDomain | undefined;
  /** The zone that holds it; undefined where it is not known. */
  readonly zone?: string | undefined;
  readonly mailbox: Mailbox;
  readonly options?: CheckOptions | undefined;
}

/** What domains are looked at with. */
export interface VerifyTools {
  readonly world: World;
  readonly clients: readonly ClientModel[];
  readonly checks: readonly Check[];
  readonly authoritative?: AuthoritativeView | undefined;
  readonly publicResolvers?: ResolverView | undefined;
  readonly dnssec?: CheckSubject["dnssec"];
  /** Returns the time against which lifetimes are held. */
  readonly now: () => Date;
}

/**
 * Replays every client and runs every check over one world that remembers, so that a question costs once. Never rejects: what
 * throws is a defect of ours and becomes a finding `internal`, and the others go on.
 *
 * @param count Grows with what the world was really asked.
 */
export async function verifyDomain(
  target: VerifyTarget,
  tools: VerifyTools,
  count?: WorldCount,
): Promise<DomainReport> {
  const { domain, spec, zone, mailbox, options = {} } = target;
  // A request that would carry the password is the same request, so it is asked once.
  const world = withoutPassword(memoWorld(tools.world, count));
  const { authoritative, dnssec, publicResolvers, now } = tools;
  const views = { authoritative, dnssec, publicResolvers };
  const known = { domain, spec, zone, mailbox, world, ...views, now: now(), options };
  // What throws here throws again where it is told.
  for (const check of tools.checks) void check.ahead?.(known).catch(() => undefined);
  const clients = await Promise.all(tools.clients.map((client) => replay(client, mailbox, world)));
  const subject: CheckSubject = { ...known, discoveries: clients.map(({ discovery }) => discovery) };
  const found = await Promise.all(tools.checks.map((check) => runCheck(check, subject)));
  const defects = clients.flatMap(({ defect }) => (defect === undefined ? [] : [defect]));
  return { domain, findings: [...found.flat(), ...defects].map(clip), clients: subject.discoveries };
}

/** Characters of what others' servers say that a finding keeps; a document may hold a thousand servers. */
const MOST_CHARACTERS = 1000;

function clip(finding: Finding): Finding {
  const { observed = "" } = finding;
  return observed.length <= MOST_CHARACTERS
    ? finding
    : { ...finding, observed: `${observed.slice(0, MOST_CHARACTERS)}... (${observed.length} characters)` };
}

interface Replayed {
  readonly discovery: Discovery;
  readonly defect?: Finding;
}

async function replay(client: ClientModel, mailbox: Mailbox, world: World): Promise<Replayed> {
  try {
    return { discovery: await client.discover(mailbox, world) };
  } catch (error) {
    const discovery = conclude(client.name, Trace.begin(world), mailbox, { outcome: "unknown" });
    return { discovery, defect: defectFinding(`client ${client.name}`, error) };
  }
}

async function runCheck(check: Check, subject: CheckSubject): Promise<readonly Finding[]> {
  try {
    return await check.run(subject);
  } catch (error) {
    return [defectFinding(`check ${check.name}`, error)];
  }
}

function defectFinding(subject: string, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: "internal",
    status: "unknown",
    subject,
    observed: `a defect of mail-autodiscover: ${message}`,
    remedy: "Report it with this line and the domain; nothing is known of what it should have looked at.",
  };
}
