import { mailboxOf, type ClientModel, type Discovery } from "../../clients/discovery.ts";
import { memoWorld } from "../../clients/memo-world.ts";
import type { World } from "../../clients/world.ts";
import { derivePublicationHosts } from "../../dns/publication-hosts.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import { judgeChange, type Judgement } from "./judge-change.ts";

/** What a change means for one client. */
export interface ClientChange extends Judgement {
  readonly title: string;
  readonly isBestEffort: boolean;
  /** Undefined where the zone before the change is not known. */
  readonly before: Discovery | undefined;
  readonly after: Discovery;
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
          before === undefined ? undefined : model.discover(mailbox, before),
          model.discover(mailbox, after),
        ]);
        return {
          title: model.title,
          isBestEffort: model.isBestEffort,
          before: former,
          after: next,
          ...judgeChange(domain, former, next, own),
        };
      }),
    ),
  };
}

function ownHosts(domain: MailDomain, workersDevHost: string | undefined): ReadonlySet<string> {
  const { publish } = domain;
  const other = publish.kind === "origin" ? publish.host : (publish.srvTarget ?? workersDevHost);
  return new Set([
    ...derivePublicationHosts(domain, domain.domain).map(({ host }) => host),
    ...(other === undefined ? [] : [other]),
  ]);
}
