import { portWords } from "./answer-words.ts";
import type { ClientModel, ClientName, ClientServer, Discovery } from "../ladder/discovery.ts";
import { Trace, type Reading } from "../ladder/trace.ts";
import type { MailPortFailureKind, MailPortView, World } from "./world.ts";

/** What Thunderbird gives each try (`mailnews.auto_config.guess.timeout`); the others give about as much. Milliseconds. */
const TIMEOUT_MS = 10_000;

/**
 * Those that show no dialog and end with an error: Delta Chat accepts no certificate that is not trusted (observed), and
 * Nextcloud connects from its server, where nobody sits.
 */
const WITHOUT_DIALOG: ReadonlySet<ClientName> = new Set(["deltachat", "nextcloud"]);

/**
 * Returns the model with the step that follows discovery in every client: it connects to the servers that it found. A
 * certificate that is not trusted is a dialog that a person has to click away, or the end, so the client is not
 * configured: `failed`, as Thunderbird was seen to end at a self-signed server. So is one whose server has no address,
 * speaks something else, or cannot speak the TLS that was found. A port that gives no answer from here may give one to the
 * client, and is a matter of the mail ports' own check: the result says that it rests on it.
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
    branches.map((branch, index) => connectTo(branch, servers[index] as ClientServer, found.client)),
  );
  trace.join(...branches);
  const isUnusable = views.some((view) => view !== undefined && isNoUse(view));
  const knows = (prompt: Discovery["prompts"][number]): boolean =>
    found.prompts.some(({ kind, target }) => kind === prompt.kind && target === prompt.target);
  return {
    ...found,
    outcome: isUnusable ? "failed" : found.outcome,
    steps: [...found.steps, ...trace.steps.map((step) => ({ ...step, startMs: step.startMs + found.ms }))],
    prompts: [...found.prompts, ...trace.prompts.filter((prompt) => !knows(prompt))],
    assumptions: [...new Set([...found.assumptions, ...trace.assumptions])],
    ms: found.ms + Math.round(trace.elapsedMs),
  };
}

async function connectTo(
  trace: Trace,
  server: ClientServer,
  client: ClientName,
): Promise<MailPortView | undefined> {
  const { protocol, host, port, tls } = server;
  if (tls === "plain") return undefined;
  const place = `${host}:${port}`;
  const question = { protocol, host, port, tls, timeoutMs: TIMEOUT_MS } as const;
  const view = await trace.probe("mail server", question, (seen): Reading => {
    if (isNoUse(seen)) return { answer: portWords(seen), effect: "ended" };
    return { answer: portWords(seen), effect: seen.outcome === "answered" ? "passed" : "unknown" };
  });
  if (view.outcome === "answered" && !view.authorized && !WITHOUT_DIALOG.has(client)) {
    const text = `The certificate at ${place} is not trusted (${view.authorizationError ?? "no reason given"}).`;
    trace.prompt({ kind: "certificate", target: place, text });
  } else if (view.outcome !== "answered" && !isNoUse(view)) {
    trace.assume(`${place} answers ${protocol}`);
  }
  return view;
}

/** What no client could work with, from wherever it connects. */
const NO_USE: ReadonlySet<MailPortView["outcome"]> = new Set<MailPortFailureKind>([
  "absent",
  "tls-failed",
  "starttls-refused",
  "protocol-error",
]);

function isNoUse(view: MailPortView): boolean {
  return view.outcome === "answered" ? !view.authorized : NO_USE.has(view.outcome);
}
