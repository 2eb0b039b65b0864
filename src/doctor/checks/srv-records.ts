import { MAIL_SERVICES as SERVICES } from "../../clients/mail-services.ts";
import type { MailProtocol, Resolution, World } from "../../clients/world.ts";
import type { TlsMode } from "../../spec/mail-domain.ts";

/** A mail service of RFC 6186 and RFC 8314 §5.1, and what its port means. */
export interface MailService {
  readonly label: string;
  readonly protocol: MailProtocol;
  readonly tls: TlsMode;
  readonly port: number;
}

/** Registered ports (RFC 8314 §3, RFC 6409 §3.1). */
const PORTS: Readonly<Record<keyof typeof SERVICES, number>> = {
  _imaps: 993,
  _imap: 143,
  _pop3s: 995,
  _pop3: 110,
  _submissions: 465,
  _submission: 587,
};

export const MAIL_SERVICES: readonly MailService[] = (Object.keys(PORTS) as (keyof typeof PORTS)[]).map(
  (service) => ({
    label: `${service}._tcp`,
    port: PORTS[service],
    ...SERVICES[service],
  }),
);

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
