import { portWords } from "../../clients/world/answer-words.ts";
import type { ClientServer } from "../../clients/ladder/discovery.ts";
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

/** Returns the `mailServer` block: announced endpoints, what SRV records add to them, and else the usual ones that answer. */
export function draftMailServer(
  living: LivingDomain,
  note: Note,
): { readonly mailServer: MailServerFile; readonly hasMailServer: boolean } {
  const [settings] = living.published;
  const announced = settings?.servers ?? [];
  const found = living.ports.find(
    ({ protocol, view }) => protocol !== "submission" && view.outcome === "answered",
  );
  const host = (announced.find(({ protocol }) => protocol !== "submission") ?? announced[0] ?? found)?.host;
  if (host === undefined) {
    note("mailServer.host", "NOT FOUND: no document, SRV record or port told it. Write the server's name.");
    return { mailServer: { host: `mail.${living.domain}` }, hasMailServer: false };
  }
  const guess = found === undefined ? "" : `${PROTOCOL_WORDS[found.protocol]} at port ${found.port}`;
  note(
    "mailServer.host",
    settings === undefined ? `Guessed: it answers ${guess}.` : `As ${settings.source} says.`,
  );
  for (const other of living.published.slice(1)) remarkOnDisagreement(announced, other, note);
  const addresses = living.addresses.get(host) ?? [];
  const isOurs = isWithin(host, living.domain) && addresses.length > 0;
  const services = PROTOCOLS.map((protocol) => offeredBy(protocol, host, announced, living, note));
  const isPlain = services.some((offered) => offered.some(({ tls }) => tls === "plain"));
  return {
    hasMailServer: true,
    mailServer: {
      host,
      ...(isOurs ? { addresses: [...addresses] } : {}),
      ...Object.assign(
        {},
        ...services.map((offered, index) => serviceFile(PROTOCOLS[index] ?? "imap", host, offered)),
      ),
      ...sieve(host, living),
      ...(isPlain ? { allowPlaintext: true } : {}),
    },
  };
}

const PROTOCOLS = ["imap", "pop3", "submission"] as const;
const PROTOCOL_WORDS: Readonly<Record<Protocol, string>> = {
  imap: "IMAP",
  pop3: "POP3",
  submission: "submission",
};

/** Returns the endpoints of a protocol, the preferred one first; what is noted of them stands at their key. */
function offeredBy(
  protocol: Protocol,
  mainHost: string,
  announced: readonly ClientServer[],
  { ports, srv }: LivingDomain,
  note: Note,
): readonly ClientServer[] {
  const told = announced.filter((one) => one.protocol === protocol);
  const views = ports.filter((port) => port.protocol === protocol);
  const answered = views.filter(({ view }) => view.outcome === "answered");
  const host =
    told[0]?.host ?? (answered.find((port) => port.host === mainHost) ?? answered[0])?.host ?? mainHost;
  const answering = answered.filter((port) => port.host === host);
  const offered =
    preferSrv(told, srv.get(protocol)) ??
    preferTls([...told, ...besides(protocol, announced, answering, ports)]);
  if (protocol !== "submission" && offered.length === 0 && answering.length > 0) {
    const places = answering.map(place).join(", ");
    note(
      "mailServer",
      `${PROTOCOL_WORDS[protocol]} answers at ${places} too; ${protocol}: {} would announce it.`,
    );
  }
  for (const one of offered) remark(protocol, one, views, note);
  return offered;
}

/**
 * What SRV records say is all that is offered, where they agree with what is announced; otherwise what they say of the same
 * hosts. Undefined where there are none of the protocol.
 */
function preferSrv(
  told: readonly ClientServer[],
  named: readonly ClientServer[] | undefined,
): readonly ClientServer[] | undefined {
  if (named === undefined) return undefined;
  if (told.every((one) => named.some((other) => isSame(one, other)))) return distinct(named);
  return distinct([...told, ...named.filter(({ host }) => told.some((one) => one.host === host))]);
}

function serviceFile(
  protocol: Protocol,
  mainHost: string,
  offered: readonly ClientServer[],
): Readonly<Record<string, ServiceFile>> {
  const file = offered.map((one): EndpointFile => ({
    ...(one.host === mainHost ? {} : { host: one.host }),
    port: one.port,
    tls: one.tls,
  }));
  if (JSON.stringify(file) === JSON.stringify(DEFAULTS[protocol])) return {};
  const [only] = file;
  if (only === undefined) return { [protocol]: false };
  return { [protocol]: file.length === 1 ? only : file };
}

/**
 * What answers beside the announced endpoints, where SRV records say nothing: of submission both ways, which the module
 * offers by default; of the mailbox protocols, where none is announced, one of IMAP, and of POP3 only where there is no
 * IMAP: it may be there for old accounts.
 */
function besides(
  protocol: Protocol,
  announced: readonly ClientServer[],
  answering: readonly ClientServer[],
  ports: readonly LivingPort[],
): readonly ClientServer[] {
  if (protocol === "submission") return answering;
  if (announced.some((one) => one.protocol !== "submission")) return [];
  const hasImap = ports.some((port) => port.protocol === "imap" && port.view.outcome === "answered");
  return protocol === "pop3" && hasImap ? [] : preferTls(answering).slice(0, 1);
}

/** Implicit TLS first (RFC 8314 §3); without TLS only where there is nothing else. */
function preferTls(servers: readonly ClientServer[]): readonly ClientServer[] {
  const rank = { implicit: 0, starttls: 1, plain: 2 };
  const sorted = distinct(servers).toSorted((a, b) => rank[a.tls] - rank[b.tls]);
  const secure = sorted.filter(({ tls }) => tls !== "plain");
  return secure.length > 0 ? secure : sorted;
}

function distinct(servers: readonly ClientServer[]): readonly ClientServer[] {
  return [...new Map(servers.map((one) => [`${place(one)} ${one.tls}`, one])).values()];
}

function isSame(one: ClientServer, other: ClientServer): boolean {
  return place(one) === place(other) && one.tls === other.tls;
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
