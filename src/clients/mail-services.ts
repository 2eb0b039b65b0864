import type { ClientServer } from "./discovery.ts";
import type { Trace } from "./trace.ts";

export type MailService = "_imaps" | "_imap" | "_pop3s" | "_pop3" | "_submissions" | "_submission";

/** The SRV labels of mail: RFC 6186 §3, and `_submissions` of RFC 8314 §5.1. A final `s` means TLS from the first byte. */
export const MAIL_SERVICES: Readonly<Record<MailService, Pick<ClientServer, "protocol" | "tls">>> = {
  _imaps: { protocol: "imap", tls: "implicit" },
  _imap: { protocol: "imap", tls: "starttls" },
  _pop3s: { protocol: "pop3", tls: "implicit" },
  _pop3: { protocol: "pop3", tls: "starttls" },
  _submissions: { protocol: "submission", tls: "implicit" },
  _submission: { protocol: "submission", tls: "starttls" },
};

/** A server that an SRV record names. */
export interface MailServiceServer extends ClientServer {
  readonly service: MailService;
  readonly priority: number;
  readonly weight: number;
  /** `_imaps._tcp.example.com SRV` */
  readonly source: string;
}

/**
 * Asks for the SRV records of a service. Returns the servers in the order in which they are most likely tried: lowest
 * priority, then highest weight (RFC 2782; the draw by weight is left to its likeliest outcome). A target `.` says that the
 * service is not offered, and is left out.
 */
export async function askMailService(
  trace: Trace,
  service: MailService,
  domain: string,
): Promise<readonly MailServiceServer[]> {
  const name = `${service}._tcp.${domain}`;
  const answer = await trace.resolve("SRV", name, "SRV");
  const servers = (answer.state === "found" ? answer.data : []).flatMap((line): MailServiceServer[] => {
    const [priority = "", weight = "", port = "", host = "."] = line.split(" ");
    return host === "." || host === ""
      ? []
      : [
          {
            ...MAIL_SERVICES[service],
            host,
            port: Number(port),
            service,
            priority: Number(priority),
            weight: Number(weight),
            source: `${name} SRV`,
          },
        ];
  });
  return servers.toSorted(byPriority);
}

/** Compares by priority, lowest first, then by weight, highest first (RFC 2782). */
export function byPriority(a: MailServiceServer, b: MailServiceServer): number {
  return a.priority - b.priority || b.weight - a.weight;
}
