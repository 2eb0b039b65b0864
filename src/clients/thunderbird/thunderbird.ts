import { askAhead } from "../ladder/ask-ahead.ts";
import { conclude, type Ending } from "../ladder/conclude.ts";
import type { ClientModel, Discovery, Mailbox } from "../ladder/discovery.ts";
import type { Attempt } from "../ladder/first-in-rank.ts";
import { memoWorld } from "../world/memo-world.ts";
import { Trace } from "../ladder/trace.ts";
import type { World } from "../world/world.ts";
import { askAutoconfig, autoconfigRequests, type SourcedAccount } from "./autoconfig-track.ts";
import { askExchange, autodiscoverService, exchangeRequests, type ExchangeAnswer } from "./exchange-track.ts";
import { guessedHosts, guessServers, type Guess, type GuessedServer } from "./guess-servers.ts";

/**
 * Thunderbird 153 ESR on a desktop, as its Account Hub sets up an account: autoconfig and Autodiscover at once, a guess
 * where neither has settings (`FindConfig.sys.mjs`, `views/email.mjs` of comm-central, and the program watched on the wire,
 * 2026-11). What it does after the account exists (address books, calendars) is no discovery.
 */
export const thunderbird: ClientModel = {
  name: "thunderbird",
  title: "Thunderbird",
  isBestEffort: false,
  discover,
};

async function discover(mailbox: Mailbox, asked: World): Promise<Discovery> {
  const world = memoWorld(asked);
  const trace = Trace.begin(world);
  await askAhead(world, {
    names: [
      [mailbox.domain, "MX"],
      [autodiscoverService(mailbox.domain), "SRV"],
    ],
    requests: [...autoconfigRequests(mailbox), ...exchangeRequests(mailbox, false)],
  });
  const ending = await findAccount(trace, world, mailbox);
  return conclude("thunderbird", trace, mailbox, ending);
}

async function findAccount(trace: Trace, world: World, mailbox: Mailbox): Promise<Ending> {
  const ofAutoconfig = trace.fork();
  const ofExchange = trace.fork();
  const autoconfig = await askAutoconfig(ofAutoconfig, world, mailbox);
  const isOpen = autoconfig.value === undefined;
  let exchange = await askExchange(ofExchange, mailbox, { withPassword: false, isOpen });
  trace.join(ofAutoconfig, ofExchange);
  // A 401 counts only where nothing else was found (`parallelAutoDiscovery`: "If we have a valid config, return that and
  // ignore any errors"; mozilla/releases-comm-central, verified 2026-11-29). Its predecessor, with callbacks, stopped the set-up at once.
  if (isOpen && exchange.refusals.length > 0) {
    exchange = await askWithPassword(trace, world, mailbox, exchange);
    if (exchange.refusals.length > 0) return refusedEnding(trace, exchange);
    // The second run asks for autoconfig again as well; the answers are those of the first.
    const again = trace.fork();
    again.wait(ofAutoconfig.elapsedMs);
    trace.join(again);
  }
  return chooseAccount(trace, world, mailbox, { autoconfig, exchange });
}

async function askWithPassword(
  trace: Trace,
  world: World,
  mailbox: Mailbox,
  { refusals: [target = ""] }: ExchangeAnswer,
): Promise<ExchangeAnswer> {
  trace.prompt({
    kind: "password",
    target,
    text: `Thunderbird asks for the password because ${target} answers 401, and sends it to the https hosts of Autodiscover.`,
  });
  await askAhead(world, { requests: exchangeRequests(mailbox, true) });
  return askExchange(trace, mailbox, { withPassword: true, isOpen: true });
}

/** The password is refused as well: Thunderbird says that the credentials are wrong, and neither guesses nor looks further. */
function refusedEnding(trace: Trace, { refusals, isPasswordWithheld }: ExchangeAnswer): Ending {
  if (isPasswordWithheld) trace.doubt();
  else for (const url of refusals) trace.assume(`${url} answers 401 to the right password, too`);
  return {};
}

interface Answers {
  readonly autoconfig: Attempt<SourcedAccount>;
  readonly exchange: ExchangeAnswer;
}

async function chooseAccount(
  trace: Trace,
  world: World,
  mailbox: Mailbox,
  { autoconfig, exchange }: Answers,
): Promise<Ending> {
  if (autoconfig.value !== undefined) {
    assumeAll(trace, autoconfig.assumptions);
    return autoconfig.value;
  }
  const assumptions = [...autoconfig.assumptions, ...exchange.assumptions];
  const account = exchange.value;
  if (account?.incoming !== undefined) {
    assumeAll(trace, assumptions);
    // Without an outgoing server the one of another account is taken, which a first account does not have.
    return account.outgoing === undefined ? { ...account, outcome: "failed" } : account;
  }
  if (account !== undefined) {
    // An Exchange server may speak IMAP without announcing it: its own host is guessed at (`detectStandardProtocols`).
    const hosts = account.exchangeHost === undefined ? [] : [account.exchangeHost];
    const guess = await guessServers(trace, world, { incoming: hosts, outgoing: hosts });
    if (guess === undefined) return { outcome: "failed", source: account.source };
    assumeAll(trace, assumptions);
    return guessEnding(trace, guess, account.username);
  }
  const guess = await guessServers(trace, world, guessedHosts(mailbox.domain));
  if (guess === undefined) return {};
  assumeAll(trace, assumptions);
  return guessEnding(trace, guess, "%EMAILLOCALPART%");
}

function guessEnding(trace: Trace, { incoming, outgoing }: Guess, username: string): Ending {
  // Set-up logs in to the incoming server only; sending is tried with the first message.
  if (incoming.tlsError !== undefined) promptCertificate(trace, incoming);
  const isTrusted = incoming.tlsError === undefined && outgoing.tlsError === undefined;
  return {
    incoming,
    outgoing,
    username,
    source: "guess",
    ...(isTrusted ? {} : { outcome: "failed" as const }),
  };
}

function promptCertificate(trace: Trace, { host, port, tlsError }: GuessedServer): void {
  trace.prompt({
    kind: "certificate",
    target: `${host}:${port}`,
    text: `Thunderbird shows "Add Security Exception" for ${host}:${port}: ${tlsError ?? ""}.`,
  });
}

function assumeAll(trace: Trace, sentences: readonly string[]): void {
  for (const sentence of sentences) trace.assume(sentence);
}
