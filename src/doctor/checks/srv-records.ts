import type { TlsMode } from "../../spec/mail-domain.ts";
import type { MailProtocol, Resolution, World } from "../../clients/world.ts";

/** A mail service of RFC 6186 and RFC 8314 §5.1, and what its port means. */
export interface MailService {
  readonly label: string;
  readonly protocol: MailProtocol;
  readonly tls: Exclude<TlsMode, "plain">;
  readonly port: number;
}

export const MAIL_SERVICES: readonly MailService[] = [
  { label: "_imaps._tcp", protocol: "imap", tls: "implicit", port: 993 },
  { label: "_imap._tcp", protocol: "imap", tls: "starttls", port: 143 },
  { label: "_pop3s._tcp", protocol: "pop3", tls: "implicit", port: 995 },
  { label: "_pop3._tcp", protocol: "pop3", tls: "starttls", port: 110 },
  { label: "_submissions._tcp", protocol: "submission", tls: "implicit", port: 465 },
  { label: "_submission._tcp", protocol: "submission", tls: "starttls", port: 587 },
];

export interface SrvTarget {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** `.` where the service is not offered. */
  readonly host: string;
}

/** Returns the targets of an answer in the order in which clients try them (RFC 2782); empty where there is none. */
export function readSrv(answer: Resolution): readonly SrvTarget[] {
  if (answer.state !== "found") return [];
  return answer.data
    .map((data) => {
      const [priority = "", weight = "", port = "", host = ""] = data.split(" ");
      return { priority: Number(priority), weight: Number(weight), port: Number(port), host };
    })
    .toSorted((a, b) => a.priority - b.priority || b.weight - a.weight);
}

/** A service with the answer about it. */
export interface MailServiceAnswer extends MailService {
  readonly name: string;
  readonly answer: Resolution;
  readonly targets: readonly SrvTarget[];
}

/** Asks for all mail services of a domain. */
export async function mailServices(world: World, domain: string): Promise<readonly MailServiceAnswer[]> {
  return Promise.all(
    MAIL_SERVICES.map(async (service) => {
      const name = `${service.label}.${domain}`;
      const answer = await world.resolve(name, "SRV");
      return { ...service, name, answer, targets: readSrv(answer) };
    }),
  );
}
