import { portWords } from "../../clients/answer-words.ts";
import type { ClientServer } from "../../clients/discovery.ts";
import type { EndpointFile, MailServerFile, ServiceFile } from "../../spec/domain-file.ts";
import { isWithin } from "../../spec/host-name.ts";
import type { Note } from "./draft-domain-file.ts";
import type { LivingDomain, LivingPort } from "./living-domain.ts";

type Protocol = ClientServer["protocol"];

/** What `parseMailServer` puts in where the file says nothing. */
const DEFAULTS: Readonly<Record<Protocol, readonly EndpointFile[]>> = {
  imap: [{ port: 993, tls: "implicit" }],
  pop3: [],
  submission: [
    { port: 465, tls: "implicit" },
    { port: 587, tls: "starttls" },
  ],
};

/** Returns the `mailServer` block: announced endpoints that answer, and the usual ones of the same host beside them. */
export function draftMailServer(
  living: LivingDomain,
  note: Note,
): { readonly mailServer: MailServerFile; readonly hasMailServer: boolean } {
  const [settings] = living.published;
  const announced = settings?.servers ?? [];
  const host = mainHost(announced, living);
  if (host === undefined) {
    note("mailServer.host", "NOT FOUND: no document, SRV record or port told it. Write the server's name.");
    return { mailServer: { host: `mail.${living.domain}` }, hasMailServer: false };
  }
  note(
    "mailServer.host",
    settings === undefined ? "Guessed: it answers IMAP at port 993." : `As ${settings.source} says.`,
  );
  for (const other of living.published.slice(1)) remarkOnDisagreement(announced, other, note);
  const addresses = living.addresses.get(host) ?? [];
  const isOurs = isWithin(host, living.domain) && addresses.length > 0;
  return {
    hasMailServer: true,
    mailServer: {
      host,
      ...(isOurs ? { addresses: [...addresses] } : {}),
      ...service("imap", host, announced, living, note),
      ...service("pop3", host, announced, living, note),
      ...service("submission", host, announced, living, note),
      ...sieve(host, living),
    },
  };
}

function mainHost(announced: readonly ClientServer[], { ports }: LivingDomain): string | undefined {
  const mailbox = announced.find(({ protocol }) => protocol !== "submission") ?? announced[0];
  return mailbox?.host ?? ports.find(({ view }) => view.outcome === "answered")?.host;
}

function service(
  protocol: Protocol,
  mainHost: string,
  announced: readonly ClientServer[],
  { ports }: LivingDomain,
  note: Note,
): Readonly<Record<string, ServiceFile>> {
  const told = announced.filter((one) => one.protocol === protocol);
  const host = told[0]?.host ?? mainHost;
  const views = ports.filter((port) => port.protocol === protocol);
  const answering = views.filter((port) => port.host === host && port.view.outcome === "answered");
  // POP3 that nobody announces may be there for old accounts only: it is offered where the domain offers it.
  const unsaid = protocol === "pop3" && told.length === 0;
  if (unsaid && answering.length > 0) {
    note("mailServer", `POP3 answers at ${answering.map(place).join(", ")} too; pop3: {} would announce it.`);
  }
  const offered = unsaid ? [] : preferTls([...told, ...besides(protocol, told, answering)]);
  for (const one of offered) remark(protocol, one, views, note);
  const file = offered.map((one): EndpointFile => ({
    ...(one.host === mainHost ? {} : { host: one.host }),
    port: one.port,
    tls: one.tls,
  }));
  if (JSON.stringify(file) === JSON.stringify(DEFAULTS[protocol])) return {};
  if (file.length === 0) return protocol === "pop3" ? {} : { [protocol]: false };
  const [only] = file;
  return { [protocol]: file.length === 1 && only !== undefined ? only : file };
}

/**
 * What answers beside the announced endpoints: the second way of submission, which the module offers by default; of the
 * others one, where nothing is announced.
 */
function besides(
  protocol: Protocol,
  told: readonly ClientServer[],
  answering: readonly ClientServer[],
): readonly ClientServer[] {
  if (protocol === "submission") return answering;
  return told.length > 0 ? [] : preferTls(answering).slice(0, 1);
}

/** Each endpoint once, implicit TLS first (RFC 8314 §3); without TLS only where there is nothing else. */
function preferTls(servers: readonly ClientServer[]): readonly ClientServer[] {
  const distinct = new Map(servers.map((one) => [`${place(one)} ${one.tls}`, one]));
  const rank = { implicit: 0, starttls: 1, plain: 2 };
  const sorted = [...distinct.values()].toSorted((a, b) => rank[a.tls] - rank[b.tls]);
  const secure = sorted.filter(({ tls }) => tls !== "plain");
  return secure.length > 0 ? secure : sorted;
}

function remark(protocol: Protocol, one: ClientServer, views: readonly LivingPort[], note: Note): void {
  const seen = views.find((view) => place(view) === place(one) && view.tls === one.tls)?.view;
  if (one.tls === "plain") {
    note(`mailServer.${protocol}`, `${place(one)} is announced without TLS: passwords would be readable.`);
  } else if (seen !== undefined && (seen.outcome !== "answered" || !seen.authorized)) {
    note(`mailServer.${protocol}`, `${place(one)} ${one.tls}: ${portWords(seen)}.`);
  }
}

function remarkOnDisagreement(
  announced: readonly ClientServer[],
  other: LivingDomain["published"][number],
  note: Note,
): void {
  const contradicting = other.servers.filter((server) => {
    const same = announced.filter(({ protocol }) => protocol === server.protocol);
    return same.length > 0 && !same.some((one) => one.host === server.host);
  });
  if (contradicting.length > 0) {
    note("mailServer", `${other.source} says otherwise: ${contradicting.map(show).join(", ")}.`);
  }
}

function sieve(host: string, { sieve: found }: LivingDomain): Pick<MailServerFile, "sieve"> {
  if (found === undefined) return {};
  if (found.host === host && found.port === 4190) return { sieve: true };
  return { sieve: { ...(found.host === host ? {} : { host: found.host }), port: found.port } };
}

function place({ host, port }: ClientServer): string {
  return `${host}:${port}`;
}

function show(server: ClientServer): string {
  return `${server.protocol} ${place(server)} ${server.tls}`;
}
