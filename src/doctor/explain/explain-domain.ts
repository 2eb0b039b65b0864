import { mailboxOf, type ClientModel, type Discovery, type Mailbox } from "../../clients/ladder/discovery.ts";
import { memoWorld } from "../../clients/world/memo-world.ts";
import type { World } from "../../clients/world/world.ts";
import { usedLabels } from "../../dns/publication-hosts.ts";
import { isWithin } from "../../spec/host-name.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import { judgeChange, type Judgement } from "./judge-change.ts";
import { findPasswordRisks, type PasswordRisk } from "./password-risk.ts";

/** What a change means for one client. */
export interface ClientChange extends Judgement {
  readonly title: string;
  readonly isBestEffort: boolean;
  /** Undefined where the zone before the change is not known. */
  readonly before: Discovery | undefined;
  readonly after: Discovery;
  /** Who could have the mailbox password from it. Empty where the zone before the change is not known. */
  readonly risksBefore: readonly PasswordRisk[];
  readonly risksAfter: readonly PasswordRisk[];
}

/** What a change means for the mail clients of a domain. */
export interface DomainExplanation {
  readonly domain: string;
  readonly address: string;
  /** In the order of reports. */
  readonly clients: readonly ClientChange[];
}

export interface ExplainOptions {
  readonly clients: readonly ClientModel[];
  /** Undefined where nothing is known of it: then only the time after the change is told. */
  readonly before: World | undefined;
  readonly after: World;
  /** Default `alice`: whose mailbox it is makes no difference to most clients. */
  readonly localPart?: string | undefined;
  /** The Worker's own host, which takes no password either. */
  readonly workersDevHost?: string | undefined;
}

/** Replays every client for a domain, before and after a change. */
export async function explainDomain(domain: MailDomain, options: ExplainOptions): Promise<DomainExplanation> {
  const { clients, localPart = "alice" } = options;
  const mailbox = mailboxOf(localPart, domain.domain);
  const before = options.before === undefined ? undefined : memoWorld(options.before);
  const after = memoWorld(options.after);
  const own = ownHosts(domain, options.workersDevHost);
  return {
    domain: domain.domain,
    address: mailbox.address,
    clients: await Promise.all(
      clients.map(async (model) => {
        const [former, next] = await Promise.all([
          before === undefined ? undefined : discoverKnown(model, mailbox, before),
          discoverKnown(model, mailbox, after),
        ]);
        const risksBefore =
          before === undefined || former === undefined
            ? []
            : await findPasswordRisks(model, mailbox, before, former);
        const risksAfter = await findPasswordRisks(model, mailbox, after, next);
        return {
          title: model.title,
          isBestEffort: model.isBestEffort,
          before: former,
          after: next,
          risksBefore,
          risksAfter,
          ...judgeChange({
            domain,
            before: former,
            after: next,
            risksBefore,
            risksAfter,
            ownHosts: own,
            otherNames: await findOtherNames(domain, next, after),
          }),
        };
      }),
    ),
  };
}

/**
 * Replays a client. It guesses where it found nothing: while it is not known what one of the domain's own places gives, it is
 * not known that it comes to that.
 */
async function discoverKnown(model: ClientModel, mailbox: Mailbox, world: World): Promise<Discovery> {
  const found = await model.discover(mailbox, world);
  const isOwn = (target: string): boolean => {
    const host = URL.parse(target.slice(target.indexOf(" ") + 1))?.hostname;
    return host !== undefined && isWithin(host, mailbox.domain);
  };
  const isCertain = !found.steps.some(({ effect, target }) => effect === "unknown" && isOwn(target));
  if (found.source !== "guess" || isCertain) return found;
  const nothing = { incoming: undefined, outgoing: undefined, username: undefined, source: undefined };
  return { ...found, ...nothing, outcome: "unknown", prompts: [], assumptions: [] };
}

/** Names for guessing clients lead to the file's servers: by an alias, or by the addresses that the file publishes. */
async function findOtherNames(
  { mailServer }: MailDomain,
  { incoming, outgoing }: Discovery,
  after: World,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const hosts = new Set([incoming, outgoing].flatMap((server) => server?.host ?? []));
  const names = [...hosts].map(async (host): Promise<[string, readonly string[]]> => {
    const found = await Promise.all([after.resolve(host, "A"), after.resolve(host, "AAAA")]);
    const aliases = found.flatMap((answer) => (answer.state === "found" ? (answer.aliases ?? []) : []));
    const addresses = found.flatMap((answer) => (answer.state === "found" ? answer.data : []));
    const isOurs = addresses.length > 0 && addresses.every((one) => mailServer.addresses.includes(one));
    return [host, isOurs ? [...aliases, mailServer.host] : aliases];
  });
  return new Map(await Promise.all(names));
}

/** Hosts at which the domain's documents are, its own or those of the provider that its file names. */
function ownHosts(domain: MailDomain, workersDevHost: string | undefined): ReadonlySet<string> {
  const { publish } = domain;
  const other = publish.kind === "origin" ? publish.host : (publish.srvTarget ?? workersDevHost);
  return new Set([
    ...usedLabels(domain).map((label) => `${label}.${domain.domain}`),
    ...(other === undefined ? [] : [other]),
  ]);
}
