import type { CertificateStore, StoredCertificate } from "../../infra/sandbox/mail/certificate-store.ts";
import { startLineServer } from "../../infra/sandbox/mail/line-server.ts";
import { serveImap } from "../../infra/sandbox/mail/serve-imap.ts";
import { servePop3 } from "../../infra/sandbox/mail/serve-pop3.ts";
import { serveSieve } from "../../infra/sandbox/mail/serve-sieve.ts";
import { startSubmission } from "../../infra/sandbox/mail/start-submission.ts";
import type { MemoryMailPort, MemoryServer } from "../clients/memory-world.ts";
import { LOOPBACK, startSilence, type RunningPort } from "./start-silence.ts";
import { startWeb } from "./start-web.ts";

/** What runs at one address. */
export interface RunningServer {
  /** Where each port that clients use really listens; a closed one is missing. */
  readonly ports: ReadonlyMap<number, number>;
  /** Those of them that never say a word. */
  readonly silentPorts: ReadonlySet<number>;
  close(): Promise<void>;
}

/** Ports that clients use, all of them silent at a black hole. */
export const CLIENT_PORTS: readonly number[] = [25, 80, 110, 143, 443, 465, 587, 993, 995, 4190];

/** Starts what runs at an address; every TLS port presents `certificate`. */
export async function startServer(
  server: MemoryServer,
  certificate: StoredCertificate,
): Promise<RunningServer> {
  const starting = server.blackHole === true ? blackHole() : portsOf(server, certificate);
  const started = await Promise.all(starting.map(async ([port, running]) => [port, await running] as const));
  return {
    ports: new Map(started.map(([port, running]) => [port, running.port])),
    silentPorts: new Set(started.flatMap(([port, { isSilent }]) => (isSilent === true ? [port] : []))),
    close: async () => {
      await Promise.all(started.map(([, running]) => running.close()));
    },
  };
}

type Starting = readonly [port: number, running: Promise<RunningPort>];

function portsOf(server: MemoryServer, certificate: StoredCertificate): readonly Starting[] {
  const { https, http, tls, mail = [] } = server;
  return [
    ...(https === undefined || tls === "none" ? [] : [[443, startWeb(https, certificate)] as const]),
    ...(http === undefined ? [] : [[80, startWeb(http)] as const]),
    ...mail.map((one): Starting => {
      return [one.port, one.isSilent === true ? startSilence() : startMail(one, certificate)];
    }),
  ];
}

function blackHole(): readonly Starting[] {
  const silence = startSilence();
  return CLIENT_PORTS.map((port) => [port, silence]);
}

const LINE_SERVERS = { imap: serveImap, pop3: servePop3, sieve: serveSieve } as const;

async function startMail(
  { protocol, tls }: MemoryMailPort,
  certificate: StoredCertificate,
): Promise<RunningPort> {
  if (tls === "plain") throw new RangeError("The sandbox's mail server has no port without TLS.");
  const certificates: CertificateStore = { choose: () => certificate };
  const common = { host: LOOPBACK, port: 0, implicitTls: tls === "implicit", certificates };
  const users = (): [] => [];
  const server =
    protocol === "submission" || protocol === "smtp"
      ? await startSubmission({ ...common, users, isExchanger: protocol === "smtp" })
      : await startLineServer({
          ...common,
          serve: (connection) => LINE_SERVERS[protocol](connection, users),
        });
  return { port: server.address.port, close: () => server.close() };
}
