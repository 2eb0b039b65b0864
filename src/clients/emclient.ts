import { answerWords } from "./world/answer-words.ts";
import { askDocument } from "./ladder/ask-document.ts";
import { assumeAbsent } from "./ladder/assume-absent.ts";
import { conclude, type Ending } from "./ladder/conclude.ts";
import type { ClientModel, Discovery, Mailbox } from "./ladder/discovery.ts";
import { readAutodiscoverPox } from "./parsers/found-settings.ts";
import { askMailService, type MailService, type MailServiceServer } from "./ladder/mail-services.ts";
import { renderPoxRequest } from "./ladder/pox-request.ts";
import { firstTrustedServer, type SecureServer } from "./ladder/probe-servers.ts";
import { serverWords } from "./world/server-words.ts";
import { Trace } from "./ladder/trace.ts";
import type { World } from "./world/world.ts";

/** Not documented. */
const TIMEOUT_MS = 10_000;
const MOST_REDIRECTS = 10;

/**
 * eM Client as its knowledge base tells (support.emclient.com, KB 258): SRV, a check for Office 365, Autodiscover at the mail
 * domain and at `autodiscover.`, then guesses. Which services, hosts and ports these are is not said: the usual ones are
 * taken; Autodiscover is read as Outlook reads it; the Office 365 check asks Microsoft, not the domain, and is left out.
 */
export const emClient: ClientModel = {
  name: "emclient",
  title: "eM Client",
  isBestEffort: true,
  discover,
};

async function discover(mailbox: Mailbox, world: World): Promise<Discovery> {
  const trace = Trace.begin(world);
  const ending =
    (await askServices(trace, mailbox)) ?? (await askPox(trace, mailbox)) ?? (await guess(trace, mailbox));
  if (ending !== undefined) assumeAbsent(trace);
  return conclude("emclient", trace, mailbox, ending ?? {});
}

async function askServices(trace: Trace, { address, domain }: Mailbox): Promise<Ending | undefined> {
  const incoming = await firstService(trace, ["_imaps", "_imap"], domain);
  const outgoing = await firstService(trace, ["_submissions", "_submission"], domain);
  if (incoming === undefined || outgoing === undefined) return undefined;
  trace.note("choice", domain, { answer: serverWords(incoming, outgoing), effect: "used" });
  return { incoming, outgoing, username: address, source: incoming.source };
}

async function firstService(
  trace: Trace,
  services: readonly MailService[],
  domain: string,
): Promise<MailServiceServer | undefined> {
  for (const service of services) {
    const [server] = await askMailService(trace, service, domain);
    if (server !== undefined) return server;
  }
  return undefined;
}

async function askPox(trace: Trace, { address, domain }: Mailbox): Promise<Ending | undefined> {
  for (const host of [domain, `autodiscover.${domain}`]) {
    const { url: source, judgement } = await askDocument<Ending>(trace, {
      what: "POX",
      request: {
        method: "POST",
        url: `https://${host}/autodiscover/autodiscover.xml`,
        headers: { "content-type": "text/xml; charset=utf-8" },
        body: renderPoxRequest(address),
        timeoutMs: TIMEOUT_MS,
      },
      redirects: { most: MOST_REDIRECTS },
      judge: (response) => {
        const servers = (response.status === 200 ? readAutodiscoverPox(response.body) : undefined) ?? [];
        const incoming = servers.find(({ protocol }) => protocol !== "submission");
        const outgoing = servers.find(({ protocol }) => protocol === "submission");
        if (incoming === undefined || outgoing === undefined)
          return { effect: "passed", answer: answerWords(response) };
        const username = incoming.username === "" ? address : incoming.username;
        const answer = serverWords(incoming, outgoing);
        return { effect: "used", answer, value: { incoming, outgoing, username } };
      },
    });
    if (judgement?.value !== undefined) return { ...judgement.value, source };
  }
  return undefined;
}

async function guess(trace: Trace, { address, domain }: Mailbox): Promise<Ending | undefined> {
  const incoming = await firstTrustedServer(trace, "guess", guesses("imap", "imap", domain), TIMEOUT_MS);
  const outgoing = await firstTrustedServer(
    trace,
    "guess",
    guesses("submission", "smtp", domain),
    TIMEOUT_MS,
  );
  if (incoming === undefined || outgoing === undefined) return undefined;
  return { incoming, outgoing, username: address, source: "guess" };
}

function guesses(protocol: "imap" | "submission", label: string, domain: string): readonly SecureServer[] {
  const [implicit, startTls] = protocol === "imap" ? [993, 143] : [465, 587];
  return [`${label}.${domain}`, `mail.${domain}`, domain].flatMap((host) => [
    { protocol, host, port: implicit, tls: "implicit" as const },
    { protocol, host, port: startTls, tls: "starttls" as const },
  ]);
}
