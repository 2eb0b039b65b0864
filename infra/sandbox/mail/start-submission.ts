/**
 * Message submission (RFC 6409, 8314) by `smtp-server`: takes a message from who has logged in, and drops it. It never relays. As an
 * exchanger it takes one from anybody, and lets nobody log in.
 */
import type { Server } from "node:net";
import { domainToASCII } from "node:url";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import type { CertificateStore } from "./certificate-store.ts";
import { listen } from "../listen.ts";
import { MAIL_LISTENING, type LineServer } from "./line-server.ts";
import { findUser, type ReadUsers } from "./mail-users.ts";

export interface SubmissionOptions {
  readonly host: string;
  readonly port: number;
  readonly implicitTls: boolean;
  readonly certificates: CertificateStore;
  readonly users: ReadUsers;
  /** Default false. */
  readonly isExchanger?: boolean;
}

const MAXIMUM_MESSAGE_BYTES = 10 * 1024 * 1024;
const IDLE_MS = 60_000;
const MAXIMUM_CLIENTS = 200;
/** RFC 4954 §6: 535 with enhanced code 5.7.8. */
const AUTHENTICATION_FAILED = 535;

/** @throws MailAutodiscoverError `port-taken` where the port cannot be bound. */
export async function startSubmission(options: SubmissionOptions): Promise<LineServer> {
  const { certificates, users } = options;
  const initial = certificates.choose(undefined);
  const handlers: SMTPServerOptions = {
    onAuth: (auth, _session, callback) => {
      const user = findUser(users(), auth.username ?? "", auth.password ?? "");
      if (user !== undefined) return callback(null, { user: user.address });
      callback(Object.assign(new Error("Invalid credentials"), { responseCode: AUTHENTICATION_FAILED }));
    },
    onData: (stream, _session, callback) => {
      stream.on("end", () =>
        callback(stream.sizeExceeded ? Object.assign(new Error("Too large"), { responseCode: 552 }) : null),
      );
      stream.resume();
    },
  };
  const smtp = new SMTPServer({
    ...handlers,
    secure: options.implicitTls,
    minVersion: "TLSv1.2",
    cert: initial.certPem,
    key: initial.keyPem,
    // smtp-server hands the name over in U-labels (3.21.6); certificates bear A-labels.
    SNICallback: (name, callback) => callback(null, certificates.choose(domainToASCII(name)).context),
    authMethods: ["PLAIN", "LOGIN"],
    ...(options.isExchanger === true ? { authOptional: true, disabledCommands: ["AUTH"] } : {}),
    // Without it every connection would ask the machine's resolver for a PTR record.
    disableReverseLookup: true,
    // The default is the machine's own name.
    name: "sandbox.invalid",
    banner: "Sandbox submission ready",
    size: MAXIMUM_MESSAGE_BYTES,
    maxClients: MAXIMUM_CLIENTS,
    socketTimeout: IDLE_MS,
    closeTimeout: 100,
    logger: false,
  });
  // Broken connections and failed handshakes are the client's business; unheard they would end the process.
  smtp.on("error", () => undefined);
  let presented = initial;
  const server: Server = smtp.server;
  server.prependListener("connection", () => {
    // Clients without SNI get the context made here, so it has to follow the files.
    const current = certificates.choose(undefined);
    if (current === presented) return;
    presented = current;
    smtp.updateSecureContext({ cert: current.certPem, key: current.keyPem });
  });
  const address = await listen(
    {
      listen: (port, host, listening) => smtp.listen(port, host, listening),
      once: (event, listener) => server.once(event, listener),
      address: () => server.address(),
    },
    options.host,
    options.port,
    MAIL_LISTENING,
  );
  return {
    address,
    close: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      smtp.close(() => resolve());
      await promise;
    },
  };
}
