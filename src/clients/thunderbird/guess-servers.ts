import { portWords } from "../world/answer-words.ts";
import { askAhead } from "../ladder/ask-ahead.ts";
import type { ClientServer } from "../ladder/discovery.ts";
import type { Reading, Trace } from "../ladder/trace.ts";
import type { MailPortQuestion, MailPortView, MailProtocol, World } from "../world/world.ts";

/** `mailnews.auto_config.guess.timeout`. */
const GUESS_TIMEOUT_MS = 10_000;

/** Each further try begins later by this much (`_tryAll`). */
const STAGGER_MS = 100;

const PORTS: Readonly<Record<MailProtocol, Readonly<Record<ClientServer["tls"], readonly number[]>>>> = {
  imap: { implicit: [993], starttls: [143], plain: [143] },
  pop3: { implicit: [995], starttls: [110], plain: [110] },
  submission: { implicit: [465], starttls: [587, 25], plain: [587, 25] },
};

/** A server that Thunderbird guessed. */
export interface GuessedServer extends ClientServer {
  /** Why its certificate is not trusted; undefined where it is, or without TLS. */
  readonly tlsError: string | undefined;
}

export interface Guess {
  readonly incoming: GuessedServer;
  readonly outgoing: GuessedServer;
}

export interface GuessedHosts {
  readonly incoming: readonly string[];
  readonly outgoing: readonly string[];
}

export function guessedHosts(domain: string): GuessedHosts {
  const below = (label: string): string => `${label}.${domain}`;
  return {
    incoming: [...["imap", "pop3", "pop", "mail"].map(below), domain],
    outgoing: [...["smtp", "mail"].map(below), domain],
  };
}

/**
 * Guesses servers (`GuessConfig.sys.mjs`): every host and port at once, a little staggered; the first in rank that answers
 * is taken, where one of each direction does. With TLS from the first byte the certificate has to be good
 * (`guess.requireGoodCert`); **for STARTTLS the word of the server is enough**, since the guess ends before the handshake:
 * so a wrong host with a self-signed certificate is found at 143 and 587, and only the login shows the warning (observed).
 */
export async function guessServers(
  trace: Trace,
  world: World,
  hosts: GuessedHosts,
): Promise<Guess | undefined> {
  const known = await existingHosts(trace, world, [...new Set([...hosts.incoming, ...hosts.outgoing])]);
  const incomingTries = sortTries(hosts.incoming.flatMap(incomingTriesOf));
  const outgoingTries = sortTries(hosts.outgoing.flatMap((host) => triesOf(host, "submission")));
  const probed = [...incomingTries, ...outgoingTries].filter(({ host }) => known.has(host));
  await askAhead(world, { probes: probed.map(questionOf) });
  const ofIncoming = trace.fork();
  const ofOutgoing = trace.fork();
  const incoming = await runTries(ofIncoming, incomingTries, { known, isOutgoing: false });
  const outgoing = await runTries(ofOutgoing, outgoingTries, { known, isOutgoing: true });
  trace.join(ofIncoming, ofOutgoing);
  return incoming === undefined || outgoing === undefined ? undefined : { incoming, outgoing };
}

/** A name that does not exist is one step of the report, not one for each port. */
async function existingHosts(
  trace: Trace,
  world: World,
  hosts: readonly string[],
): Promise<ReadonlySet<string>> {
  const existing = new Set<string>();
  const types = ["A", "AAAA"] as const;
  await askAhead(world, { names: hosts.flatMap((host) => types.map((type) => [host, type] as const)) });
  for (const host of hosts) {
    const answers = await Promise.all(types.map((type) => world.resolve(host, type)));
    if (answers.some(({ state }) => state !== "absent")) existing.add(host);
    else trace.note("guess", host, { answer: "no such name", effect: "passed" });
  }
  return existing;
}

type Try = ClientServer;

function incomingTriesOf(host: string): readonly Try[] {
  if (host.startsWith("imap.")) return triesOf(host, "imap");
  if (/^pop3?\./.test(host)) return triesOf(host, "pop3");
  return [...triesOf(host, "imap"), ...triesOf(host, "pop3")];
}

function triesOf(host: string, protocol: MailProtocol): readonly Try[] {
  return (["starttls", "implicit", "plain"] as const).flatMap((tls) =>
    PORTS[protocol][tls].map((port) => ({ protocol, host, port, tls })),
  );
}

/** `sortTriesByPreference`: encrypted ones first, then IMAP before POP3, then TLS from the first byte before STARTTLS. */
function sortTries(tries: readonly Try[]): readonly Try[] {
  const ranks = (each: Try): readonly number[] => [
    each.tls === "plain" ? 1 : 0,
    each.protocol === "pop3" ? 1 : 0,
    each.tls === "starttls" ? 1 : 0,
  ];
  return tries.toSorted((a, b) => {
    const [left, right] = [ranks(a), ranks(b)];
    return left.map((rank, at) => rank - (right[at] ?? 0)).find((difference) => difference !== 0) ?? 0;
  });
}

/**
 * Waits for the tries in their order. The outgoing guess ends with its first success; the incoming one goes on until the
 * other protocol has answered as an alternative, or nothing is left (`_checkFinished`).
 */
async function runTries(
  trace: Trace,
  tries: readonly Try[],
  { known, isOutgoing }: { readonly known: ReadonlySet<string>; readonly isOutgoing: boolean },
): Promise<GuessedServer | undefined> {
  const waitedFor: Trace[] = [];
  let chosen: GuessedServer | undefined;
  for (const [index, each] of tries.entries()) {
    const branch = trace.fork();
    branch.wait(index * STAGGER_MS);
    waitedFor.push(branch);
    if (!known.has(each.host)) continue;
    const view = await branch.probe("guess", questionOf(each), (view) =>
      tryReading(each, view, chosen === undefined),
    );
    if (!isSuccess(each, view)) continue;
    if (chosen !== undefined && chosen.protocol !== each.protocol) break;
    chosen ??= { ...each, tlsError: tlsErrorOf(each, view) };
    if (isOutgoing) break;
  }
  trace.join(...waitedFor);
  return chosen;
}

function questionOf({ protocol, host, port, tls }: Try): MailPortQuestion {
  return {
    protocol,
    host,
    port,
    tls: tls === "implicit" ? "implicit" : "starttls",
    timeoutMs: GUESS_TIMEOUT_MS,
  };
}

function isSuccess({ tls }: Try, view: MailPortView): boolean {
  if (view.outcome === "answered") return tls !== "implicit" || view.authorized;
  // A greeting is all that a try without TLS needs; a handshake that fails comes after it.
  if (view.outcome === "starttls-refused") return tls === "plain";
  return view.outcome === "tls-failed" && tls !== "implicit";
}

function tlsErrorOf({ tls }: Try, view: MailPortView): string | undefined {
  if (tls === "plain") return undefined;
  if (view.outcome !== "answered") return portWords(view);
  return view.authorized ? undefined : (view.authorizationError ?? "not trusted");
}

function tryReading(each: Try, view: MailPortView, isOpen: boolean): Reading {
  const isUsed = isOpen && isSuccess(each, view);
  const words = each.tls === "plain" && isSuccess(each, view) ? "answers without TLS" : portWords(view);
  return { answer: words, effect: isUsed ? "used" : "passed" };
}
