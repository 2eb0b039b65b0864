import type { AddressInfo } from "node:net";
import { MailAutodiscoverError } from "../../src/errors.ts";

export interface ListeningAddress {
  readonly host: string;
  readonly port: number;
}

/** What is common to the servers that are bound here; `smtp-server` brings a `listen` of its own. */
export interface Listener {
  listen(port: number, host: string, listening: () => void): unknown;
  once(event: "error", listener: (error: Error) => void): unknown;
  address(): AddressInfo | string | null;
}

/** What a message says of the server that could not be bound. */
export interface Listening {
  /** For example `edge`. */
  readonly what: string;
  /** The option that chooses another port. */
  readonly option?: string | undefined;
}

/** Binds a server; port 0 = any free one. @throws MailAutodiscoverError `port-taken` */
export async function listen(
  server: Listener,
  host: string,
  port: number,
  { what, option }: Listening,
): Promise<ListeningAddress> {
  const { promise, resolve, reject } = Promise.withResolvers<ListeningAddress>();
  server.once("error", (cause) => reject(portTaken(host, port, { what, option }, cause)));
  server.listen(port, host, () => {
    const bound = server.address() as AddressInfo;
    resolve({ host: bound.address, port: bound.port });
  });
  return promise;
}

export function portTaken(
  host: string,
  port: number,
  { what, option }: Listening,
  cause: unknown,
): MailAutodiscoverError {
  return new MailAutodiscoverError("port-taken", `The ${what} cannot listen on ${host}:${port}.`, {
    remedy: `Stop what uses the port, or choose another${option === undefined ? "" : ` with ${option}`}.`,
    cause,
  });
}
