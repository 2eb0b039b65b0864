import type { ClientServer } from "../../clients/ladder/discovery.ts";
import type { MailProtocol, World } from "../../clients/world/world.ts";
import type { LivingPort } from "./living-domain.ts";

/** Where mail servers usually answer: registered ports (RFC 8314 §3, RFC 6409), the preferred one of a protocol first. */
const USUAL: readonly Omit<ClientServer, "host">[] = [
  { protocol: "imap", port: 993, tls: "implicit" },
  { protocol: "imap", port: 143, tls: "starttls" },
  { protocol: "pop3", port: 995, tls: "implicit" },
  { protocol: "pop3", port: 110, tls: "starttls" },
  { protocol: "submission", port: 465, tls: "implicit" },
  { protocol: "submission", port: 587, tls: "starttls" },
];

/** Looks at the announced ports, and at the usual ones of each host. Ports without TLS are not spoken to. */
export async function probeLivingPorts(
  announced: readonly ClientServer[],
  hosts: readonly string[],
  world: World,
): Promise<readonly LivingPort[]> {
  const all = [...announced, ...hosts.flatMap((host) => USUAL.map((one) => ({ ...one, host })))];
  const distinct = new Map(
    all.map(({ protocol, host, port, tls }) => [
      `${protocol} ${host}:${port} ${tls}`,
      { protocol, host, port, tls },
    ]),
  );
  const ports = [...distinct.values()].map(async ({ tls, ...rest }): Promise<readonly LivingPort[]> => {
    if (tls === "plain") return [];
    return [{ ...rest, tls, view: await world.probe({ ...rest, tls }) }];
  });
  return (await Promise.all(ports)).flat();
}

/**
 * Returns the first of several hosts that answers one of the protocols with a trusted certificate, else the first that answers
 * at all; the preferred port of any host goes before another port.
 */
export async function findHost(
  protocols: readonly MailProtocol[],
  hosts: readonly string[],
  world: World,
): Promise<string | undefined> {
  const usual = USUAL.filter(({ protocol }) => protocols.includes(protocol));
  const ports = usual.flatMap((one) => hosts.map((host) => ({ ...one, host })));
  const seen = await Promise.all(
    ports.map(async ({ tls, ...rest }) => {
      const view = tls === "plain" ? undefined : await world.probe({ ...rest, tls });
      return { host: rest.host, view };
    }),
  );
  const answering = seen.filter(({ view }) => view?.outcome === "answered");
  const trusted = answering.find(({ view }) => view?.outcome === "answered" && view.authorized);
  return (trusted ?? answering[0])?.host;
}
