import { MailAutodiscoverError } from "../errors.ts";

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/**
 * Returns where a connection to `host:port` goes by rules of the form `host:port:ip:port`, as curl's --connect-to;
 * undefined where none applies. An IPv6 address stands in brackets on either side.
 *
 * @throws MailAutodiscoverError `invalid-config` where the target of the rule is no address and port
 */
export function connectTarget(
  rules: readonly string[] | undefined,
  host: string,
  port: number,
): HostPort | undefined {
  const prefix = `${host.includes(":") ? `[${host}]` : host}:${port}:`;
  const rule = rules?.find((candidate) => candidate.startsWith(prefix));
  if (rule === undefined) return undefined;
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:]+)):(\d{1,5})$/i.exec(rule.slice(prefix.length));
  const to = Number(match?.[3]);
  if (match === null || to < 1 || to > 65535) {
    throw new MailAutodiscoverError("invalid-config", `The connectTo rule is not usable: ${rule}`, {
      remedy: "Write host:port:ip:port.",
    });
  }
  return { host: match[1] ?? match[2] ?? "", port: to };
}
