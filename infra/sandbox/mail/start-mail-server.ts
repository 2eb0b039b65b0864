/**
 * The sandbox's mail server: IMAP, POP3 and submission, each with implicit TLS and with STARTTLS, for accounts whose mailboxes
 * are empty; beside them ManageSieve, and SMTP as between servers. It lets real clients prove that what discovery told them is
 * true: host, port, certificate, login.
 *
 * IMAP and POP3 are narrow code of our own: WildDuck, the server on npm that is kept up, needs MongoDB.
 */
import { openCertificateStore, type CertificateStore } from "./certificate-store.ts";
import type { ListeningAddress } from "../listen.ts";
import { startLineServer, type LineServer } from "./line-server.ts";
import type { ReadUsers } from "./mail-users.ts";
import { makeSelfSigned } from "./self-signed.ts";
import { serveImap } from "./serve-imap.ts";
import { servePop3 } from "./serve-pop3.ts";
import { serveSieve } from "./serve-sieve.ts";
import { startSubmission } from "./start-submission.ts";
import { MAIL_SERVICES, type MailService } from "./mail-services.ts";

/** `...s` with implicit TLS (RFC 8314), the others with STARTTLS. */
export type { MailService } from "./mail-services.ts";

export interface MailServerOptions {
  /** The address to bind, for example `127.0.0.1`. */
  readonly host: string;
  /** 0 = any free port. */
  readonly ports: Readonly<Record<MailService, number>>;
  /** Holds `<domain>/fullchain.pem` and `<domain>/privkey.pem`, which may appear and change at any time. */
  readonly certificateRoot: string;
  /** Asked at each login. */
  readonly users: ReadUsers;
}

export interface MailServer {
  readonly endpoints: Readonly<Record<MailService, ListeningAddress>>;
  /** Ends connections; resolves when the ports are free. */
  close(): Promise<void>;
}

/**
 * Starts the listeners. Without any certificate under `certificateRoot` a self-signed one is presented.
 *
 * @throws MailAutodiscoverError `port-taken` where a port cannot be bound; none stays open then.
 */
export async function startMailServer(options: MailServerOptions): Promise<MailServer> {
  const certificates = openCertificateStore(options.certificateRoot, await makeSelfSigned());
  const started = new Map<MailService, LineServer>();
  const close = async (): Promise<void> => {
    await Promise.all([...started.values()].map((server) => server.close()));
  };
  try {
    for (const service of MAIL_SERVICES) started.set(service, await start(service, options, certificates));
  } catch (error) {
    await close();
    throw error;
  }
  const endpoints = Object.fromEntries([...started].map(([service, { address }]) => [service, address]));
  return { endpoints: endpoints as Record<MailService, ListeningAddress>, close };
}

async function start(
  service: MailService,
  options: MailServerOptions,
  certificates: CertificateStore,
): Promise<LineServer> {
  const { host, users } = options;
  const implicitTls = service.endsWith("s");
  const common = { host, port: options.ports[service], implicitTls, certificates };
  if (service === "smtp") return startSubmission({ ...common, users: () => [], isExchanger: true });
  if (service.startsWith("submission")) return startSubmission({ ...common, users });
  const serve = service === "sieve" ? serveSieve : service.startsWith("imap") ? serveImap : servePop3;
  return startLineServer({ ...common, serve: (connection) => serve(connection, users) });
}
