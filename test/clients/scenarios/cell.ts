import type { Discovery, DiscoveryOutcome } from "../../../src/clients/ladder/discovery.ts";
import type { ScenarioId } from "./scenarios.ts";

/** What of a client's result the table of observations can be compared with. */
export interface Cell {
  readonly outcome: DiscoveryOutcome;
  /** `imap host:port tls` */
  readonly incoming?: string;
  readonly outgoing?: string;
  readonly username?: string;
  readonly source?: string;
  /** `kind target`, in their order. */
  readonly prompts?: readonly string[];
  readonly passwordSentTo?: readonly string[];
}

/** A column of the table; a scenario that the client was not watched in is left out. */
export type Column = Readonly<Partial<Record<ScenarioId, Cell>>>;

/** Empty lists and absent values are left out, so that a cell says only what there is. */
export function cellOf(discovery: Discovery): Cell {
  const { outcome, incoming, outgoing, username, source, prompts, passwordSentTo } = discovery;
  return {
    outcome,
    ...(incoming === undefined ? {} : { incoming: words(incoming) }),
    ...(outgoing === undefined ? {} : { outgoing: words(outgoing) }),
    ...(username === undefined ? {} : { username }),
    ...(source === undefined ? {} : { source }),
    ...(prompts.length === 0 ? {} : { prompts: prompts.map(({ kind, target }) => `${kind} ${target}`) }),
    ...(passwordSentTo.length === 0 ? {} : { passwordSentTo }),
  };
}

function words({ protocol, host, port, tls }: NonNullable<Discovery["incoming"]>): string {
  return `${protocol} ${host}:${port} ${tls}`;
}
