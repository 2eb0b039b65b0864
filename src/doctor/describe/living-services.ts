import type { ClientServer } from "../../clients/discovery.ts";
import { MAIL_SERVICES } from "../../clients/mail-services.ts";
import { namesHost, readSrv, type SrvTarget } from "../../clients/service-records.ts";
import type { LivingDomain, PublishedSettings } from "./living-domain.ts";
import type { LookUp } from "./look-up.ts";

/** What SRV records say: mail servers (RFC 6186, RFC 8314), DAV (RFC 6764), JMAP (RFC 8620), ManageSieve (RFC 5804). */
export type LivingServices = Pick<LivingDomain, "sieve" | "calDav" | "cardDav" | "jmap"> & {
  readonly mail: PublishedSettings | undefined;
};

export async function readLivingServices(domain: string, lookUp: LookUp): Promise<LivingServices> {
  const targets = async (service: string): Promise<readonly SrvTarget[]> =>
    readSrv(await lookUp.resolve(`${service}._tcp.${domain}`, "SRV")).filter(namesHost);
  const httpService = async (service: string, hasPath: boolean): Promise<string | undefined> => {
    const [target] = await targets(service);
    if (target === undefined) return undefined;
    const texts = hasPath ? await lookUp.data(`${service}._tcp.${domain}`, "TXT") : [];
    const path = texts.map((text) => /^path=(\/\S*)$/.exec(text)?.[1]).find((one) => one !== undefined);
    return `https://${target.host}${target.port === 443 ? "" : `:${target.port}`}${path ?? "/"}`;
  };
  const mail = await Promise.all(
    Object.entries(MAIL_SERVICES).map(async ([service, { protocol, tls }]) =>
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
