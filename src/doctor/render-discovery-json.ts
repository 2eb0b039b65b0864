import type {
  ClientName,
  ClientServer,
  Discovery,
  DiscoveryOutcome,
  DiscoveryPrompt,
  DiscoveryStep,
} from "../clients/ladder/discovery.ts";

/**
 * What a client finds, as the JSON of `verify` and `explain` has it (version 1). A field that has no value is `null`, never
 * absent; `ms` are milliseconds that the client's person waits.
 */
export interface DiscoveryJson {
  readonly client: ClientName;
  readonly outcome: DiscoveryOutcome;
  readonly incoming: ClientServer | null;
  readonly outgoing: ClientServer | null;
  readonly username: string | null;
  readonly source: string | null;
  readonly steps: readonly Pick<DiscoveryStep, "what" | "target" | "answer" | "ms">[];
  readonly prompts: readonly DiscoveryPrompt[];
  readonly passwordSentTo: readonly string[];
  readonly assumptions: readonly string[];
  readonly ms: number;
}

/** Returns a discovery as a value for `JSON.stringify`, its keys in the documented order. */
export function renderDiscoveryJson(discovery: Discovery): DiscoveryJson {
  return {
    client: discovery.client,
    outcome: discovery.outcome,
    incoming: renderServer(discovery.incoming),
    outgoing: renderServer(discovery.outgoing),
    username: discovery.username ?? null,
    source: discovery.source ?? null,
    steps: discovery.steps.map(({ what, target, answer, ms }) => ({
      what,
      target,
      answer,
      ms: Math.round(ms),
    })),
    prompts: discovery.prompts.map(({ kind, target, text }) => ({ kind, target, text })),
    passwordSentTo: [...discovery.passwordSentTo],
    assumptions: [...discovery.assumptions],
    ms: Math.round(discovery.ms),
  };
}

function renderServer(server: ClientServer | undefined): ClientServer | null {
  if (server === undefined) return null;
  const { protocol, host, port, tls } = server;
  return { protocol, host, port, tls };
}
