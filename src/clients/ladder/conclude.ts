import type { ClientName, ClientServer, Discovery, DiscoveryOutcome, Mailbox } from "./discovery.ts";
import type { FoundServer } from "../parsers/found-settings.ts";
import type { Trace } from "./trace.ts";

/** What a client ended with. */
export interface Ending {
  readonly incoming?: ClientServer | undefined;
  readonly outgoing?: ClientServer | undefined;
  /** As the document has it, with placeholders; undefined where the client makes its own. */
  readonly username?: string | undefined;
  readonly source?: string | undefined;
  /** Default: `configured` with an incoming and an outgoing server, `manual` or `unknown` without. */
  readonly outcome?: DiscoveryOutcome | undefined;
}

/**
 * Makes the result of a client. Nothing found is `unknown` where a step could not be looked at: the client might have found
 * it there.
 */
export function conclude(client: ClientName, trace: Trace, mailbox: Mailbox, ending: Ending): Discovery {
  const { incoming, outgoing, username, source } = ending;
  const isComplete = incoming !== undefined && outgoing !== undefined;
  return {
    client,
    outcome: ending.outcome ?? (isComplete ? "configured" : trace.isUncertain ? "unknown" : "manual"),
    incoming: incoming === undefined ? undefined : pick(incoming),
    outgoing: outgoing === undefined ? undefined : pick(outgoing),
    username: username === undefined ? undefined : fillPlaceholders(username, mailbox),
    source: source === undefined ? undefined : withoutQuery(source),
    steps: trace.steps,
    prompts: trace.prompts,
    passwordSentTo: trace.passwordSentTo,
    assumptions: trace.assumptions,
    ms: Math.round(trace.elapsedMs),
  };
}

/** Fills the placeholders of autoconfig in (draft-ietf-mailmaint-autoconfig §5). */
export function fillPlaceholders(text: string, { address, localPart, domain }: Mailbox): string {
  return text
    .replaceAll("%EMAILADDRESS%", address)
    .replaceAll("%EMAILLOCALPART%", localPart)
    .replaceAll("%EMAILDOMAIN%", domain);
}

function pick({ protocol, host, port, tls }: ClientServer | FoundServer): ClientServer {
  return { protocol, host, port, tls };
}

function withoutQuery(source: string): string {
  return source.replace(/\?.*$/, "");
}
