import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import type { MailService } from "./mail/start-mail-server.ts";
import type { SandboxOptions } from "./options.ts";

export interface Place {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
}

/** Where each part of the world listens. */
export interface ListenPlan {
  readonly dns: Place;
  readonly http: Place;
  readonly https: Place;
  readonly mailHost: string;
  readonly mailPorts: Readonly<Record<MailService, number>>;
}

/** Loopback addresses of the sandbox's own, so that real ports disturb nobody: the last number is the main port. */
const OWN = {
  dns: "127.53.0.53",
  authoritative: "127.53.0.54",
  edge: "127.53.0.80",
  mail: "127.53.0.25",
} as const;

const REAL_MAIL_PORTS: Readonly<Record<MailService, number>> = {
  imaps: 993,
  imap: 143,
  pop3s: 995,
  pop3: 110,
  submissions: 465,
  submission: 587,
  sieve: 4190,
  smtp: 25,
};

const ANY_MAIL_PORTS: Readonly<Record<MailService, number>> = {
  imaps: 0,
  imap: 0,
  pop3s: 0,
  pop3: 0,
  submissions: 0,
  submission: 0,
  sieve: 0,
  smtp: 0,
};

/** Chooses the addresses: the given ones, else the real ports on own addresses where they may be bound, else high ports. */
export async function planListeners(options: Pick<SandboxOptions, "address" | "ports">): Promise<ListenPlan> {
  const { address, ports } = options;
  if (address !== undefined) {
    const at = (port: number | undefined): Place => ({ host: address, port: port ?? 0 });
    return {
      dns: at(ports.dns),
      http: at(ports.http),
      https: at(ports.https),
      mailHost: address,
      mailPorts: { ...ANY_MAIL_PORTS, ...ports },
    };
  }
  if (await canUseRealPorts()) {
    return {
      dns: { host: OWN.dns, port: 53 },
      http: { host: OWN.edge, port: 80 },
      https: { host: OWN.edge, port: 443 },
      mailHost: OWN.mail,
      mailPorts: REAL_MAIL_PORTS,
    };
  }
  return planListeners({ address: "127.0.0.1", ports: {} });
}

/** A second sandbox, or a user without the right to low ports, gets high ports. */
async function canUseRealPorts(): Promise<boolean> {
  const places = [
    { host: OWN.dns, port: 53 },
    { host: OWN.edge, port: 80 },
    { host: OWN.edge, port: 443 },
    ...Object.values(REAL_MAIL_PORTS).map((port) => ({ host: OWN.mail, port })),
  ];
  const free = await Promise.all([
    ...places.map(canListen),
    canBindUdp(OWN.dns),
    canBindUdp(OWN.authoritative),
  ]);
  return free.every(Boolean);
}

function canListen({ host, port }: Place): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function canBindUdp(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", () => socket.close(() => resolve(false)));
    socket.bind({ address: host, port: 53, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}
