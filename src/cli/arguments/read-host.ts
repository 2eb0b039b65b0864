import { InvalidArgumentError } from "commander";
import { parseHostName } from "../../spec/host-name.ts";

/** Reads a host name in the one form that is used everywhere. @throws InvalidArgumentError */
export function readHost(text: string): string {
  const host = parseHostName(text);
  if (!host.ok) throw new InvalidArgumentError(`It is no host name: ${host.reason}.`);
  return host.value;
}
