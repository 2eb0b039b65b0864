import type { ClientServer } from "./discovery.ts";
import { namesHost, readSrv, type SrvTarget } from "./service-records.ts";
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
export interface MailServiceServer extends ClientServer, SrvTarget {
  readonly service: MailService;
  /** `_imaps._tcp.example.com SRV` */
  readonly source: string;
}

/**
 * Asks for the SRV records of a service. Returns the servers in the order of {@link readSrv}; a target `.` says that the
 * service is not offered, and is left out.
 */
export async function askMailService(
  trace: Trace,
  service: MailService,
  domain: string,
): Promise<readonly MailServiceServer[]> {
  const name = `${service}._tcp.${domain}`;
  const targets = readSrv(await trace.resolve("SRV", name, "SRV"));
  return targets
    .filter(namesHost)
    .map((target) => ({ ...MAIL_SERVICES[service], ...target, service, source: `${name} SRV` }));
}
