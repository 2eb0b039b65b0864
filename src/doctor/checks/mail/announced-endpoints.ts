import { namesHost, readSrv } from "../../../clients/ladder/service-records.ts";
import type { MailProtocol } from "../../../clients/world/world.ts";
import type { Endpoint } from "../../../spec/mail-domain.ts";
import type { CheckSubject } from "../check.ts";
import { servedDocuments } from "../web/served-documents.ts";
import { mailServices } from "../names/srv-records.ts";

/** A mail port that clients are told of. */
export interface AnnouncedEndpoint extends Endpoint {
  readonly protocol: MailProtocol | "sieve";
}

/**
 * Returns the mail ports of the spec; without one, those that the domain's documents and SRV records announce, each once.
 * Of ManageSieve both: no document has it, so that its SRV record is all that clients see.
 */
export async function announcedEndpoints(subject: CheckSubject): Promise<readonly AnnouncedEndpoint[]> {
  const [mail, filters] = await Promise.all([mailEndpoints(subject), sieveEndpoints(subject)]);
  const byKey = new Map(
    [...mail, ...filters].map((one) => [`${one.protocol} ${one.host}:${one.port} ${one.tls}`, one]),
  );
  return [...byKey.values()];
}

async function mailEndpoints(subject: CheckSubject): Promise<readonly AnnouncedEndpoint[]> {
  if (subject.spec !== undefined) {
    const { imap, pop3, submission } = subject.spec.mailServer;
    return [
      ...imap.map((endpoint) => ({ protocol: "imap" as const, ...endpoint })),
      ...pop3.map((endpoint) => ({ protocol: "pop3" as const, ...endpoint })),
      ...submission.map((endpoint) => ({ protocol: "submission" as const, ...endpoint })),
    ];
  }
  const [documents, services] = await Promise.all([
    servedDocuments(subject),
    mailServices(subject.world, subject.domain),
  ]);
  return [
    ...documents.flatMap(({ servers }) =>
      servers.map(({ protocol, host, port, tls }) => ({ protocol, host, port, tls })),
    ),
    ...services.flatMap(({ protocol, tls, targets }) =>
      targets.filter(({ host }) => host !== ".").map(({ host, port }) => ({ protocol, host, port, tls })),
    ),
  ];
}

async function sieveEndpoints({ domain, spec, world }: CheckSubject): Promise<readonly AnnouncedEndpoint[]> {
  const targets = readSrv(await world.resolve(`_sieve._tcp.${domain}`, "SRV")).filter(namesHost);
  const told = targets.map(({ host, port }) => ({ host, port, tls: "starttls" as const }));
  return [...(spec?.mailServer.sieve ?? []), ...told].map((one) => ({ protocol: "sieve", ...one }));
}
