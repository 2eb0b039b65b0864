import type { Endpoint, HttpService, MailDomain, TlsMode } from "../spec/mail-domain.ts";
import { logicalName, type SrvRecord, type TxtRecord } from "./wanted-record.ts";

/** Client sorts by priority; steps of 10 leave room for records that an operator adds by hand. */
const PRIORITY_STEP = 10;

/** `_autodiscover._tcp` is asked on 443 only: Thunderbird and Outlook ignore another port. */
const HTTPS_PORT = 443;

type SrvData = Pick<SrvRecord, "priority" | "weight" | "port" | "target" | "purpose">;

/** What says that a service is not offered (RFC 2782, RFC 6186 §3.4). */
const NOT_OFFERED = { priority: 0, weight: 0, port: 0, target: "." } as const;

/** The mail services of RFC 6186 and RFC 8314 §5.1. A STARTTLS service never announces a plain endpoint. */
const MAIL_SERVICES: readonly { label: string; protocol: "imap" | "pop3" | "submission"; tls: TlsMode }[] = [
  { label: "_imaps._tcp", protocol: "imap", tls: "implicit" },
  { label: "_imap._tcp", protocol: "imap", tls: "starttls" },
  { label: "_pop3s._tcp", protocol: "pop3", tls: "implicit" },
  { label: "_pop3._tcp", protocol: "pop3", tls: "starttls" },
  { label: "_submissions._tcp", protocol: "submission", tls: "implicit" },
  { label: "_submission._tcp", protocol: "submission", tls: "starttls" },
];

/** Returns the SRV records of a domain's services, and the TXT records that belong to them. */
export function deriveServices(
  domain: MailDomain,
  workersDevHost: string | undefined,
): readonly (SrvRecord | TxtRecord)[] {
  const { calDav, cardDav, jmap, mailServer } = domain;
  return [
    ...autodiscover(domain, workersDevHost),
    ...MAIL_SERVICES.flatMap((service) => mail(domain, service)),
    // Absent where it is not offered: no client takes ManageSieve for granted.
    ...mailServer.sieve.map((endpoint, rank) => endpointSrv(domain, "_sieve._tcp", endpoint, rank)),
    ...dav(domain, "caldav", calDav),
    ...dav(domain, "carddav", cardDav),
    ...(jmap === undefined ? [] : [httpSrv(domain, "_jmap._tcp", jmap)]),
  ];
}

/**
 * The SRV record never points at a proxied name: Cloudflare answers such a record with a name of its own and the
 * origin's address, which for an originless name is a black hole.
 */
function autodiscover(domain: MailDomain, workersDevHost: string | undefined): SrvRecord[] {
  const { mailServer, preset, publish } = domain;
  const own = publish.kind === "origin" ? publish.host : (publish.srvTarget ?? workersDevHost);
  const target = preset.autodiscoverSrv ?? (mailServer.submission.length > 0 ? own : undefined);
  if (target === undefined) return [];
  const data = { priority: 0, weight: 1, port: HTTPS_PORT, target, purpose: "autodiscover-srv" } as const;
  return [srv(domain, "_autodiscover._tcp", data)];
}

function mail(domain: MailDomain, service: (typeof MAIL_SERVICES)[number]): SrvRecord[] {
  const offered = domain.mailServer[service.protocol]
    .map((endpoint, rank) => ({ endpoint, rank }))
    .filter(({ endpoint }) => endpoint.tls === service.tls);
  if (offered.length === 0) return [srv(domain, service.label, { ...NOT_OFFERED, purpose: "mail-srv" })];
  return offered.map(({ endpoint, rank }) => endpointSrv(domain, service.label, endpoint, rank));
}

function endpointSrv(domain: MailDomain, label: string, { host, port }: Endpoint, rank: number): SrvRecord {
  const data = {
    priority: rank * PRIORITY_STEP,
    weight: 1,
    port,
    target: host,
    purpose: "mail-srv",
  } as const;
  return srv(domain, label, data);
}

/** CalDAV and CardDAV (RFC 6764): over TLS, with the context path; without TLS never. */
function dav(
  domain: MailDomain,
  service: "caldav" | "carddav",
  place: HttpService | undefined,
): (SrvRecord | TxtRecord)[] {
  if (place === undefined) return [];
  const label = `_${service}s._tcp`;
  const name = `${label}.${domain.domain}`;
  const path: TxtRecord = {
    type: "TXT",
    name,
    logicalName: logicalName(domain.domain, "TXT", name, "path"),
    formerLogicalNames: [],
    purpose: "dav-path",
    text: `path=${place.path}`,
  };
  return [
    httpSrv(domain, label, place),
    path,
    srv(domain, `_${service}._tcp`, { ...NOT_OFFERED, purpose: "http-srv" }),
  ];
}

function httpSrv(domain: MailDomain, label: string, { host, port }: HttpService): SrvRecord {
  return srv(domain, label, { priority: 0, weight: 1, port, target: host, purpose: "http-srv" });
}

function srv(domain: MailDomain, label: string, data: SrvData): SrvRecord {
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
