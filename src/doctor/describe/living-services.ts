import type { ClientServer } from "../../clients/discovery.ts";
import type { LivingDomain, PublishedSettings } from "./living-domain.ts";
import type { LookUp } from "./look-up.ts";

/** A target of an SRV record that is offered. */
interface SrvTarget {
  readonly priority: number;
  readonly port: number;
  readonly host: string;
}

const MAIL_SERVICES: readonly [string, ClientServer["protocol"], ClientServer["tls"]][] = [
  ["_imaps", "imap", "implicit"],
  ["_imap", "imap", "starttls"],
  ["_pop3s", "pop3", "implicit"],
  ["_pop3", "pop3", "starttls"],
  ["_submissions", "submission", "implicit"],
  ["_submission", "submission", "starttls"],
];

/** What SRV records say: mail servers (RFC 6186, RFC 8314), DAV (RFC 6764), JMAP (RFC 8620), ManageSieve (RFC 5804). */
export type LivingServices = Pick<LivingDomain, "sieve" | "calDav" | "cardDav" | "jmap"> & {
  readonly mail: PublishedSettings | undefined;
};

export async function readLivingServices(domain: string, lookUp: LookUp): Promise<LivingServices> {
  const targets = async (service: string): Promise<readonly SrvTarget[]> =>
    (await lookUp.data(`${service}._tcp.${domain}`, "SRV"))
      .map(readSrv)
      .filter(({ host }) => host !== ".")
      .toSorted((a, b) => a.priority - b.priority);
  const httpService = async (service: string, hasPath: boolean): Promise<string | undefined> => {
    const [target] = await targets(service);
    if (target === undefined) return undefined;
    const texts = hasPath ? await lookUp.data(`${service}._tcp.${domain}`, "TXT") : [];
    const path = texts.map((text) => /^path=(\/\S*)$/.exec(text)?.[1]).find((one) => one !== undefined);
    return `https://${target.host}${target.port === 443 ? "" : `:${target.port}`}${path ?? "/"}`;
  };
  const mail = await Promise.all(
    MAIL_SERVICES.map(async ([service, protocol, tls]) =>
      (await targets(service)).map(({ host, port }): ClientServer => ({ protocol, host, port, tls })),
    ),
  );
  const servers = mail.flat();
  const [sieve] = await targets("_sieve");
  return {
    mail:
      servers.length === 0 ? undefined : { source: `SRV below _tcp.${domain}`, servers, username: undefined },
    sieve: sieve === undefined ? undefined : { host: sieve.host, port: sieve.port },
    calDav: await httpService("_caldavs", true),
    cardDav: await httpService("_carddavs", true),
    jmap: await httpService("_jmap", false),
  };
}

function readSrv(data: string): SrvTarget {
  const [priority = "0", , port = "0", host = "."] = data.split(" ");
  return { priority: Number(priority), port: Number(port), host };
}
