import type { ClientServer } from "../../clients/ladder/discovery.ts";
import { MAIL_SERVICES } from "../../clients/ladder/mail-services.ts";
import { byPriority, namesHost, readSrv, type SrvTarget } from "../../clients/ladder/service-records.ts";
import type { LivingDomain, PublishedSettings } from "./living-domain.ts";
import type { LookUp } from "./look-up.ts";

/** What SRV records say: mail servers (RFC 6186, RFC 8314), DAV (RFC 6764), JMAP (RFC 8620), ManageSieve (RFC 5804). */
export type LivingServices = Pick<
  LivingDomain,
  "srv" | "autodiscoverTarget" | "sieve" | "calDav" | "cardDav" | "jmap"
> & {
  readonly mail: PublishedSettings | undefined;
};

export async function readLivingServices(domain: string, lookUp: LookUp): Promise<LivingServices> {
  const records = async (service: string): Promise<readonly SrvTarget[]> =>
    readSrv(await lookUp.resolve(`${service}._tcp.${domain}`, "SRV"));
  const targets = async (service: string): Promise<readonly SrvTarget[]> =>
    (await records(service)).filter(namesHost);
  const httpService = async (service: string, hasPath: boolean): Promise<string | undefined> => {
    const [target] = await targets(service);
    if (target === undefined) return undefined;
    const texts = hasPath ? await lookUp.data(`${service}._tcp.${domain}`, "TXT") : [];
    const path = texts.map((text) => /^path=(\/\S*)$/.exec(text)?.[1]).find((one) => one !== undefined);
    return `https://${target.host}${target.port === 443 ? "" : `:${target.port}`}${path ?? "/"}`;
  };
  const mail = await Promise.all(
    Object.entries(MAIL_SERVICES).map(async ([service, { protocol, tls }]) =>
      (await records(service)).map((target) => ({ ...target, protocol, tls })),
    ),
  );
  const srv = new Map(
    [...Map.groupBy(mail.flat(), ({ protocol }) => protocol)].map(([protocol, group]) => [
      protocol,
      group
        .filter(namesHost)
        .toSorted(byPriority)
        .map(({ host, port, tls }): ClientServer => ({ protocol, host, port, tls })),
    ]),
  );
  const servers = [...srv.values()].flat();
  const [sieve] = await targets("_sieve");
  const [autodiscover] = await targets("_autodiscover");
  return {
    mail:
      servers.length === 0 ? undefined : { source: `SRV below _tcp.${domain}`, servers, username: undefined },
    srv,
    autodiscoverTarget: autodiscover?.host,
    sieve: sieve === undefined ? undefined : { host: sieve.host, port: sieve.port },
    calDav: await httpService("_caldavs", true),
    cardDav: await httpService("_carddavs", true),
    jmap: await httpService("_jmap", false),
  };
}
