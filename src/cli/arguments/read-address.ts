import { isIP } from "node:net";
import { InvalidArgumentError } from "commander";
import type { ListenAddress } from "../../adapters/serve/serve-listeners.ts";

/** Reads `ip:port`, an IPv6 address in brackets. @throws InvalidArgumentError */
export function readAddress(text: string): ListenAddress {
  const [, six, four, port] = /^(?:\[([\da-f:.]+)\]|([\d.]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = six ?? four;
  if (host === undefined || isIP(host) === 0 || Number(port) > 65_535) {
    throw new InvalidArgumentError("Write ip:port, such as 192.0.2.1:443 or [::]:443.");
  }
  return { host, port: Number(port) };
}
