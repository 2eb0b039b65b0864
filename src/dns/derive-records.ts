import { addressType } from "../spec/ip-address.ts";
import { isWithin } from "../spec/host-name.ts";
import type { Endpoint, MailDomain, TlsMode } from "../spec/mail-domain.ts";
import { derivePublicationHosts } from "./publication-hosts.ts";
import { logicalName, type SrvRecord, type WantedRecord } from "./wanted-record.ts";

export interface DeriveRecordsOptions {
  /** The zone that holds the domain. */
  readonly zone: string;
  /** The Worker's own host, the default target of `_autodiscover._tcp`; undefined where the account has none. */
  readonly workersDevHost?: string | undefined;
  /** False where another domain of the same program publishes the mail host's addresses. Default true. */
  readonly publishAddresses?: boolean | undefined;
}

/** Content of the record of a name that has no origin: the discard prefix (RFC 6666), as Cloudflare recommends. */
const ORIGINLESS = "100::";

/** Client sorts by priority; steps of 10 leave room for records that an operator adds by hand. */
const PRIORITY_STEP = 10;

/** `_autodiscover._tcp` is asked on 443 only: Thunderbird and Outlook ignore another port. */
const HTTPS_PORT = 443;

/** The mail services of RFC 6186 and RFC 8314 §5.1. A STARTTLS service never announces a plain endpoint. */
const MAIL_SERVICES: readonly { label: string; protocol: "imap" | "pop3" | "submission"; tls: TlsMode }[] = [
  { label: "_imaps._tcp", protocol: "imap", tls: "implicit" },
  { label: "_imap._tcp", protocol: "imap", tls: "starttls" },
  { label: "_pop3s._tcp", protocol: "pop3", tls: "implicit" },
  { label: "_pop3._tcp", protocol: "pop3", tls: "starttls" },
  { label: "_submissions._tcp", protocol: "submission", tls: "implicit" },
  { label: "_submission._tcp", protocol: "submission", tls: "starttls" },
];

/** Returns the records that a mail domain needs, in a stable order. */
export function deriveRecords(domain: MailDomain, options: DeriveRecordsOptions): readonly WantedRecord[] {
  return [
    ...discoveryRecords(domain, options.zone),
    ...autodiscoverSrv(domain, options.workersDevHost),
    ...MAIL_SERVICES.flatMap((service) => mailSrv(domain, service)),
    ...((options.publishAddresses ?? true) ? addressRecords(domain, options.zone) : []),
  ];
}

function discoveryRecords(domain: MailDomain, zone: string): WantedRecord[] {
  return derivePublicationHosts(domain, zone).flatMap(({ label, host, form }): WantedRecord[] => {
    const name = (type: WantedRecord["type"]): string => logicalName(domain.domain, type, host);
    const cname = (content: string, proxied: boolean): WantedRecord => ({
      type: "CNAME",
      name: host,
      logicalName: name("CNAME"),
      formerLogicalNames: [name("AAAA")],
      content,
      proxied,
    });
    if (form === "customDomain") return [];
    if (domain.publish.kind === "origin") return [cname(domain.publish.host, false)];
    if (label === "autodiscover") return [cname(`autoconfig.${domain.domain}`, true)];
    return [
      {
        type: "AAAA",
        name: host,
        logicalName: name("AAAA"),
        formerLogicalNames: [name("CNAME")],
        content: ORIGINLESS,
        proxied: true,
      },
    ];
  });
}

/**
 * The SRV record never points at a proxied name: Cloudflare answers such a record with a name of its own and the
 * origin's address, which for an originless name is a black hole.
 */
function autodiscoverSrv(domain: MailDomain, workersDevHost: string | undefined): SrvRecord[] {
  const { publish } = domain;
  const target = publish.kind === "origin" ? publish.host : (publish.srvTarget ?? workersDevHost);
  if (target === undefined) return [];
  return [srv(domain, "_autodiscover._tcp", { priority: 0, weight: 1, port: HTTPS_PORT, target })];
}

function mailSrv(domain: MailDomain, service: (typeof MAIL_SERVICES)[number]): SrvRecord[] {
  const offered = domain.mailServer[service.protocol]
    .map((endpoint: Endpoint, rank) => ({ endpoint, priority: rank * PRIORITY_STEP }))
    .filter(({ endpoint }) => endpoint.tls === service.tls);
  if (offered.length === 0) {
    return [srv(domain, service.label, { priority: 0, weight: 0, port: 0, target: "." })];
  }
  return offered.map(({ endpoint, priority }) =>
    srv(domain, service.label, { priority, weight: 1, port: endpoint.port, target: endpoint.host }),
  );
}

function srv(
  domain: MailDomain,
  label: string,
  data: Pick<SrvRecord, "priority" | "weight" | "port" | "target">,
): SrvRecord {
  const name = `${label}.${domain.domain}`;
  const key = data.target === "." ? "none" : `${data.target}:${data.port}`;
  return {
    type: "SRV",
    name,
    logicalName: logicalName(domain.domain, "SRV", name, key),
    formerLogicalNames: [],
    ...data,
  };
}

/**
 * A mail host outside the zone is somebody else's to publish. Its records are named after the zone, not the domain:
 * when another domain of the program becomes the one that publishes a shared host, nothing is renamed.
 */
function addressRecords(domain: MailDomain, zone: string): WantedRecord[] {
  const { host, addresses } = domain.mailServer;
  if (!isWithin(host, zone)) return [];
  return addresses.map((content) => {
    const type = addressType(content);
    return {
      type,
      name: host,
      logicalName: logicalName(zone, type, host, content),
      formerLogicalNames: [],
      content,
      proxied: false,
    };
  });
}
