import type { MailProtocol } from "../../clients/world.ts";
import type { Endpoint } from "../../spec/mail-domain.ts";
import type { CheckSubject } from "./check.ts";
import { servedDocuments } from "./served-documents.ts";
import { mailServices } from "./srv-records.ts";

/** A mail port that clients are told of. */
export interface AnnouncedEndpoint extends Endpoint {
  readonly protocol: MailProtocol;
}

/** Returns the mail ports of the spec; without one, those that the domain's documents and SRV records announce, each once. */
export async function announcedEndpoints(subject: CheckSubject): Promise<readonly AnnouncedEndpoint[]> {
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
  const all: AnnouncedEndpoint[] = [
    ...documents.flatMap(({ servers }) =>
      servers.map(({ protocol, host, port, tls }) => ({ protocol, host, port, tls })),
    ),
    ...services.flatMap(({ protocol, tls, targets }) =>
      targets.filter(({ host }) => host !== ".").map(({ host, port }) => ({ protocol, host, port, tls })),
    ),
  ];
  const byKey = new Map(all.map((one) => [`${one.protocol} ${one.host}:${one.port} ${one.tls}`, one]));
  return [...byKey.values()];
}
