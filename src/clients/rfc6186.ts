import { isWithin } from "../spec/host-name.ts";
import { assumeAbsent } from "./ladder/assume-absent.ts";
import { conclude } from "./ladder/conclude.ts";
import type { ClientModel, Discovery, Mailbox } from "./ladder/discovery.ts";
import { askMailService, type MailService, type MailServiceServer } from "./ladder/mail-services.ts";
import { serverWords } from "./world/server-words.ts";
import { byPriority } from "./ladder/service-records.ts";
import { Trace } from "./ladder/trace.ts";
import type { World } from "./world/world.ts";

/** What is equal in priority and weight goes to the earlier one: IMAP before POP3, implicit TLS before STARTTLS (RFC 8314 §3). */
const RECEIVING: readonly MailService[] = ["_imaps", "_imap", "_pop3s", "_pop3"];
const SENDING: readonly MailService[] = ["_submissions", "_submission"];

/**
 * A program that does what RFC 6186 and RFC 8314 §5.1 say: all services are asked at once; priority decides between them, too
 * (RFC 6186 §3.4); the user name is the full address (§4); a server outside the mail domain has to be confirmed (§6).
 */
export const rfc6186: ClientModel = {
  name: "rfc6186",
  title: "RFC 6186 reader",
  isBestEffort: false,
  discover,
};

async function discover(mailbox: Mailbox, world: World): Promise<Discovery> {
  const trace = Trace.begin(world);
  const incoming = await choose(trace, RECEIVING, mailbox.domain);
  const outgoing = await choose(trace, SENDING, mailbox.domain);
  trace.join(...incoming.branches, ...outgoing.branches);
  const chosen = [incoming.server, outgoing.server].filter((server) => server !== undefined);
  const isFound = chosen.length === 2;
  if (isFound) {
    trace.note("choice", mailbox.domain, { answer: serverWords(...chosen), effect: "used" });
    for (const { host } of chosen) {
      if (isWithin(host, mailbox.domain)) continue;
      trace.prompt({
        kind: "foreign-host",
        target: host,
        text: `${host} is outside ${mailbox.domain}: use it all the same?`,
      });
    }
    assumeAbsent(trace);
  }
  return conclude("rfc6186", trace, mailbox, {
    incoming: incoming.server,
    outgoing: outgoing.server,
    username: isFound ? mailbox.address : undefined,
    source: isFound ? incoming.server?.source : undefined,
  });
}

async function choose(
  trace: Trace,
  services: readonly MailService[],
  domain: string,
): Promise<{ readonly server: MailServiceServer | undefined; readonly branches: readonly Trace[] }> {
  const branches = services.map(() => trace.fork());
  const found = await Promise.all(
    services.map((service, index) => askMailService(branches[index] ?? trace, service, domain)),
  );
  return { server: found.flat().toSorted(byPriority)[0], branches };
}
