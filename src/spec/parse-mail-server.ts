import type { EndpointFile, MailServerFile, ServiceFile } from "./domain-file.ts";
import { parseIpAddress } from "./ip-address.ts";
import type { Endpoint, MailServer, TlsMode } from "./mail-domain.ts";
import { parseHostField } from "./parse-host-field.ts";
import { specIssue, type Report } from "./spec-issue.ts";

type Protocol = "imap" | "pop3" | "submission";

/** Registered ports (RFC 8314 §3, RFC 6409, RFC 9051, RFC 1939); `plain` shares the port of STARTTLS. */
const DEFAULT_PORT: Readonly<Record<Protocol, Readonly<Record<TlsMode, number>>>> = {
  imap: { implicit: 993, starttls: 143, plain: 143 },
  pop3: { implicit: 995, starttls: 110, plain: 110 },
  submission: { implicit: 465, starttls: 587, plain: 587 },
};

/** The protocol that a port is registered for, by port. */
const PORT_OWNER: ReadonlyMap<number, Protocol> = new Map(
  (["imap", "pop3", "submission"] as const).flatMap((protocol) =>
    Object.values(DEFAULT_PORT[protocol]).map((port) => [port, protocol] as const),
  ),
);
const PROTOCOL_NAME: Readonly<Record<Protocol, string>> = {
  imap: "IMAP",
  pop3: "POP3",
  submission: "submission",
};

/** RFC 5804 §1.8. */
const SIEVE_PORT = 4190;

const DEFAULT_SERVICE: Readonly<Record<Protocol, ServiceFile>> = {
  imap: { tls: "implicit" },
  pop3: false,
  submission: [{ tls: "implicit" }, { tls: "starttls" }],
};

/**
 * Checks the names, addresses and endpoints of a mail server, and sets their defaults. A server without a mailbox protocol
 * or without submission is a problem, except where the preset's provider offers none of them (`mayOfferNothing`).
 */
export function parseMailServer(
  server: MailServerFile & { host: string },
  options: { readonly mayOfferNothing: boolean },
  report: Report,
): MailServer {
  const host = parseHostField(["mailServer", "host"], server.host, report);
  const plain = server.allowPlaintext === true;
  const endpoints = (protocol: Protocol): Endpoint[] =>
    toList(server[protocol] ?? DEFAULT_SERVICE[protocol]).map((item, index) => {
      const path = ["mailServer", protocol, ...(Array.isArray(server[protocol]) ? [index] : [])];
      return parseEndpoint(protocol, item, { host, plain, path, report });
    });
  const built = {
    host,
    addresses: [...new Set((server.addresses ?? []).map((text, index) => parseAddress(index, text, report)))],
    imap: endpoints("imap"),
    pop3: endpoints("pop3"),
    submission: endpoints("submission"),
    sieve: parseSieve(server.sieve, host, report),
    spamTraining: server.spamTraining,
  };
  if (options.mayOfferNothing) return built;
  if (built.imap.length + built.pop3.length === 0) {
    report(
      specIssue(
        "mailServer",
        undefined,
        "offers neither IMAP nor POP3",
        "Give imap or pop3 at least one endpoint.",
      ),
    );
  }
  if (built.submission.length === 0) {
    report(
      specIssue("mailServer.submission", server.submission, "is empty", "Give one submission endpoint."),
    );
  }
  return built;
}

interface EndpointContext {
  readonly host: string;
  readonly plain: boolean;
  readonly path: readonly PropertyKey[];
  readonly report: Report;
}

function parseEndpoint(protocol: Protocol, item: EndpointFile, context: EndpointContext): Endpoint {
  const { host, plain, path, report } = context;
  const tls = item.tls ?? "implicit";
  if (tls === "plain" && !plain) {
    report(
      specIssue(
        [...path, "tls"],
        tls,
        "would send passwords readable over the network",
        "Use implicit or starttls, or opt in with mailServer.allowPlaintext: true.",
      ),
    );
  }
  const port = item.port ?? DEFAULT_PORT[protocol][tls];
  reportForeignPort(protocol, port, [...path, "port"], tls, report);
  return {
    host: item.host === undefined ? host : parseHostField([...path, "host"], item.host, report),
    port,
    tls,
  };
}

/** A port of another protocol is a slip of the pen that every record and document would repeat: IMAP at 995 is a known one. */
function reportForeignPort(
  protocol: Protocol,
  port: number,
  path: readonly PropertyKey[],
  tls: TlsMode,
  report: Report,
): void {
  const owner = PORT_OWNER.get(port);
  if (owner === undefined || owner === protocol) return;
  report(
    specIssue(
      path,
      port,
      `is the registered port of ${PROTOCOL_NAME[owner]}, not of ${PROTOCOL_NAME[protocol]}`,
      `Remove the port to get the registered one, ${DEFAULT_PORT[protocol][tls]}.`,
    ),
  );
}

function parseSieve(sieve: MailServerFile["sieve"], host: string, report: Report): readonly Endpoint[] {
  if (sieve === undefined || sieve === false) return [];
  const given = sieve === true ? {} : sieve;
  return [
    {
      host:
        given.host === undefined ? host : parseHostField(["mailServer", "sieve", "host"], given.host, report),
      port: given.port ?? SIEVE_PORT,
      tls: "starttls",
    },
  ];
}

function toList(service: ServiceFile): readonly EndpointFile[] {
  if (service === false) return [];
  return Array.isArray(service) ? service : [service];
}

function parseAddress(index: number, text: string, report: Report): string {
  const parsed = parseIpAddress(text);
  if (parsed !== undefined) return parsed;
  report(
    specIssue(
      ["mailServer", "addresses", index],
      text,
      "is not an IP address",
      "Write an address such as 203.0.113.25 or 2001:db8::25.",
    ),
  );
  return text;
}
