import { MAIL_SERVICES as SERVICES } from "../../../clients/ladder/mail-services.ts";
import { readSrv, type SrvTarget } from "../../../clients/ladder/service-records.ts";
import type { MailProtocol, Resolution, World } from "../../../clients/world/world.ts";
import type { TlsMode } from "../../../spec/mail-domain.ts";

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
