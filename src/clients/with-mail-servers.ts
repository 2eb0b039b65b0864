import { portWords } from "./answer-words.ts";
import type { ClientModel, ClientServer, Discovery } from "./discovery.ts";
import { Trace, type Reading } from "./trace.ts";
import type { MailPortFailureKind, MailPortView, World } from "./world.ts";

/** What Thunderbird gives each try (`mailnews.auto_config.guess.timeout`); the others give about as much. Milliseconds. */
const TIMEOUT_MS = 10_000;

/** What is the same from everywhere: there is no such host, or what listens does not speak as the client does. */
const UNUSABLE: ReadonlySet<MailPortView["outcome"]> = new Set<MailPortFailureKind>([
  "absent",
  "tls-failed",
  "starttls-refused",
  "protocol-error",
]);

/**
 * Returns the model with the step that follows discovery in every client: it connects to the servers that it found. A
 * certificate that is not trusted is a dialog that a person has to click away, or the end, so the client is not
 * configured: `failed`, as Thunderbird was seen to end at a self-signed server; so it is where there is no such host, or
 * its port wants TLS otherwise. A port that gives no answer from here may give one to the client, and is a matter of the
 * mail ports' own check: the result says that it rests on it.
 */
export function withMailServers(model: ClientModel): ClientModel {
  return {
    ...model,
    discover: async (mailbox, world) => connect(await model.discover(mailbox, world), world),
  };
}

async function connect(found: Discovery, world: World): Promise<Discovery> {
  if (found.outcome !== "configured") return found;
  const trace = Trace.begin(world);
  const servers = [found.incoming, found.outgoing].filter((server) => server !== undefined);
  const branches = servers.map(() => trace.fork());
  const views = await Promise.all(
    branches.map((branch, index) => connectTo(branch, servers[index] as ClientServer)),
  );
  trace.join(...branches);
  const isUseless = views.some((view) => view !== undefined && !isUsable(view));
  const knows = (prompt: Discovery["prompts"][number]): boolean =>
    found.prompts.some(({ kind, target }) => kind === prompt.kind && target === prompt.target);
  return {
    ...found,
    outcome: isUseless ? "failed" : found.outcome,
    steps: [...found.steps, ...trace.steps.map((step) => ({ ...step, startMs: step.startMs + found.ms }))],
    prompts: [...found.prompts, ...trace.prompts.filter((prompt) => !knows(prompt))],
    assumptions: [...new Set([...found.assumptions, ...trace.assumptions])],
    ms: found.ms + Math.round(trace.elapsedMs),
  };
}

async function connectTo(trace: Trace, server: ClientServer): Promise<MailPortView | undefined> {
  const { protocol, host, port, tls } = server;
  if (tls === "plain") return undefined;
  const place = `${host}:${port}`;
  const question = { protocol, host, port, tls, timeoutMs: TIMEOUT_MS } as const;
  const view = await trace.probe("mail server", question, (seen): Reading => {
    const isKnown = seen.outcome === "answered" || UNUSABLE.has(seen.outcome);
    if (!isKnown) return { answer: portWords(seen), effect: "unknown" };
    return { answer: portWords(seen), effect: isUsable(seen) ? "passed" : "ended" };
  });
  if (view.outcome !== "answered") {
    if (!UNUSABLE.has(view.outcome)) trace.assume(`${place} answers ${protocol}`);
  } else if (!view.authorized) {
    const text = `The certificate at ${place} is not trusted (${view.authorizationError ?? "no reason given"}).`;
    trace.prompt({ kind: "certificate", target: place, text });
  }
  return view;
}

/** False where no client could use the server; a port without an answer from here counts as one that has it. */
function isUsable(view: MailPortView): boolean {
  return view.outcome === "answered" ? view.authorized : !UNUSABLE.has(view.outcome);
}
