import type { SrvTarget } from "../../../clients/ladder/service-records.ts";
import type { Finding } from "../../finding.ts";
import type { Check, CheckSubject } from "../check.ts";
import { addressesAt } from "../web/probe-answer.ts";
import { servedDocuments } from "../web/served-documents.ts";
import { MAIL_SERVICES, mailServices, type MailServiceAnswer } from "./srv-records.ts";

/** Looks whether the SRV records of mail services lead somewhere, and to where the documents lead (RFC 6186, RFC 2782). */
export const checkSrvServices: Check = {
  name: "srv-services",
  run: async (subject) => {
    const services = await mailServices(subject.world, subject.domain);
    const single = await Promise.all(services.map((service) => checkService(subject, service)));
    return [
      ...single.flat(),
      ...checkClosed(subject, services),
      ...checkPreference(subject, services),
      ...(await compareWithDocuments(subject, services)),
    ];
  },
};

async function checkService(subject: CheckSubject, service: MailServiceAnswer): Promise<Finding[]> {
  const base = { code: "srv-record", subject: `${service.name} SRV` } as const;
  const { answer, targets } = service;
  if (answer.state === "unknown") {
    return [{ ...base, status: "unknown", observed: answer.reason, remedy: "Look again later." }];
  }
  // A wildcard's alias may answer with the services of another domain.
  if (targets.length === 0) return [{ ...base, status: "pass", observed: "none" }];
  const offered = targets.filter(({ host }) => host !== ".");
  if (offered.length === 0) return [{ ...base, status: "pass", observed: "not offered" }];
  if (offered.length < targets.length) {
    return [
      {
        ...base,
        status: "fail",
        observed: `${show(targets)}: both offered and not offered`,
        remedy: "Remove the record with the target `.` or the others.",
      },
    ];
  }
  const troubles = await Promise.all(offered.map((target) => checkTarget(subject, service, target)));
  const found = troubles.flat().map((trouble): Finding => ({ ...base, ...trouble }));
  return found.length > 0 ? found : [{ ...base, status: "pass", observed: show(offered) }];
}

type Trouble = Pick<Finding, "status" | "observed" | "remedy">;

async function checkTarget(
  { world }: CheckSubject,
  service: MailServiceAnswer,
  { host, port }: SrvTarget,
): Promise<Trouble[]> {
  const other = MAIL_SERVICES.find((one) => one.port === port && one.label !== service.label);
  const typo: Trouble[] =
    other === undefined
      ? []
      : [
          {
            status: "fail",
            observed: `port ${port}, which is that of ${other.label}`,
            remedy: `Write port ${service.port}, or move the record to ${other.label}.`,
          },
        ];
  return [...typo, ...(await targetTroubles({ world }, host))];
}

/** Returns what is wrong with a target as a name: it has to have addresses, and to be no alias (RFC 2782, "Target"). */
export async function targetTroubles(
  { world }: Pick<CheckSubject, "world">,
  host: string,
): Promise<Trouble[]> {
  if (/^[\d.]+$|:/.test(host)) {
    const observed = `the target ${host} is an address, where a name has to be (RFC 2782)`;
    return [{ status: "fail", observed, remedy: `Name the host at ${host} in place of the address.` }];
  }
  const answer = await addressesAt(world, host);
  if (answer.state === "unknown") {
    return [{ status: "unknown", observed: `${host}: ${answer.reason}`, remedy: "Look again later." }];
  }
  const alias: Trouble[] =
    answer.aliases.length === 0
      ? []
      : [
          {
            status: "warn",
            observed: `the target ${host} is a CNAME to ${answer.aliases[0] ?? ""}`,
            remedy: `Name ${answer.aliases.at(-1) ?? ""} itself: a target is no alias (RFC 2782).`,
          },
        ];
  if (answer.state === "found") return alias;
  return [
    ...alias,
    {
      status: "fail",
      observed: `the target ${host} has no address`,
      remedy: `Give ${host} an address, or remove the record.`,
    },
  ];
}

/** Who offers some of them should say that there is nothing else (RFC 6186 §3.4); a spec's records are compared one by one. */
function checkClosed({ domain, spec }: CheckSubject, services: readonly MailServiceAnswer[]): Finding[] {
  const isOffered = ({ targets }: MailServiceAnswer): boolean => targets.some(({ host }) => host !== ".");
  if (spec !== undefined || !services.some(isOffered)) return [];
  const silent = services.filter(({ answer }) => answer.state === "absent").map(({ label }) => label);
  if (silent.length === 0) return [];
  return [
    {
      code: "srv-record",
      status: "warn",
      subject: `mail services of ${domain}`,
      observed: `no record for ${silent.join(", ")}`,
      remedy: "Publish `0 0 0 .` for the services that are not offered.",
    },
  ];
}

/** Implicit TLS is to be preferred (RFC 8314 §3), and priority is how a client is told. A spec says its own order. */
function checkPreference({ spec }: CheckSubject, services: readonly MailServiceAnswer[]): Finding[] {
  if (spec !== undefined) return [];
  const best = (protocol: string, tls: string): SrvTarget | undefined =>
    services
      .find((one) => one.protocol === protocol && one.tls === tls)
      ?.targets.find(({ host }) => host !== ".");
  return services.flatMap(({ name, protocol, tls }): Finding[] => {
    const [implicit, starttls] = [best(protocol, "implicit"), best(protocol, "starttls")];
    if (tls !== "starttls" || implicit === undefined || starttls === undefined) return [];
    if (starttls.priority >= implicit.priority) return [];
    return [
      {
        code: "srv-record",
        status: "warn",
        subject: `${name} SRV`,
        observed: `priority ${starttls.priority}, before ${implicit.priority} of implicit TLS`,
        remedy: "Give the service with implicit TLS the lower number.",
      },
    ];
  });
}

/** Two ways to the same account: a client takes either. */
async function compareWithDocuments(
  subject: CheckSubject,
  services: readonly MailServiceAnswer[],
): Promise<Finding[]> {
  const documents = await servedDocuments(subject);
  const [document] = documents;
  if (document === undefined) return [];
  return (["imap", "pop3", "submission"] as const).flatMap((protocol): Finding[] => {
    const announced = document.servers.find((server) => server.protocol === protocol);
    const mine = services.filter((service) => service.protocol === protocol);
    const offered = mine.flatMap(({ tls, targets }) =>
      targets.filter(({ host }) => host !== ".").map(({ host, port }) => `${host}:${port} ${tls}`),
    );
    const isDenied = mine.some(({ targets }) => targets.length > 0);
    // SRV has no word for a port without TLS.
    if (announced === undefined || announced.tls === "plain" || !isDenied) return [];
    const wanted = `${announced.host}:${announced.port} ${announced.tls}`;
    const base = {
      code: "srv-record",
      subject: `${protocol} services of ${subject.domain}`,
      expected: wanted,
    } as const;
    const observed = offered.join(", ") || "not offered";
    return [
      offered.includes(wanted)
        ? { ...base, status: "pass", observed }
        : {
            ...base,
            status: offered.length === 0 ? "fail" : "warn",
            observed: `${observed}, but ${wanted} in ${document.subject}`,
            remedy: "Announce the same server in SRV records and documents.",
          },
    ];
  });
}

function show(targets: readonly SrvTarget[]): string {
  return targets.map(({ priority, host, port }) => `${priority} ${host}:${port}`).join(", ");
}
