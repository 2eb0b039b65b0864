import { readDomainFiles } from "../../src/adapters/folders/domain-files.ts";
import { derivePublicationHosts } from "../../src/dns/publication-hosts.ts";
import { mailHosts } from "../../src/dns/mail-host-owner.ts";
import { MailAutodiscoverError } from "../../src/errors.ts";
import { closestZone, isWithin } from "../../src/spec/host-name.ts";
import type { Endpoint, MailDomain } from "../../src/spec/mail-domain.ts";
import { requireDomainFiles } from "../../src/spec/parse-domain-files.ts";
import type { PreloadZone } from "./cloudflare-api/preload-zone.ts";
import type { MailService } from "./mail/start-mail-server.ts";
import { readPreload } from "./read-preload.ts";

/** What the sandbox has to be for the domain files: zones to hold them, hosts to answer for. */
export interface SandboxInventory {
  readonly domains: readonly MailDomain[];
  /** Of the account, sorted; those of others are in `preload` alone. */
  readonly zones: readonly string[];
  readonly preload: readonly PreloadZone[];
}

/** Reads the files. @throws MailAutodiscoverError `invalid-spec`, `usage` */
export async function readSandboxInventory(
  folder: string,
  preloadFile: string | undefined,
): Promise<SandboxInventory> {
  const files = await readDomainFiles(folder).catch((cause: unknown) => {
    throw new MailAutodiscoverError("usage", `The folder of domain files cannot be read: ${folder}`, {
      remedy: "Give --domains a folder that holds one YAML file a domain.",
      cause,
    });
  });
  const domains = requireDomainFiles(files);
  const preload = preloadFile === undefined ? [] : await readPreload(preloadFile);
  const foreign = foreignZones(preload);
  const given = preload
    .map(({ zone }) => ({ name: zone.toLowerCase() }))
    .filter(({ name }) => !foreign.includes(name));
  const wanted = domains
    .map(({ domain }) => closestZone(domain, given)?.name ?? registrableDomain(domain))
    .filter((name) => !foreign.includes(name));
  return { domains, preload, zones: [...new Set([...given.map(({ name }) => name), ...wanted])].toSorted() };
}

function foreignZones(preload: readonly PreloadZone[]): readonly string[] {
  return preload.filter(({ account }) => account === "other").map(({ zone }) => zone.toLowerCase());
}

/** The zone of a domain that no preload names: its last two labels, as in the top-level domains for tests (RFC 2606). */
function registrableDomain(domain: string): string {
  return domain.split(".").slice(-2).join(".");
}

/** Returns the listener that plays a domain's endpoint; undefined for a plain one. */
export function mailServiceOf(
  protocol: "imap" | "pop3" | "submission" | "sieve",
  endpoint: Endpoint,
): MailService | undefined {
  if (endpoint.tls === "plain") return undefined;
  if (endpoint.tls === "starttls" || protocol === "sieve") return protocol;
  return ({ imap: "imaps", pop3: "pop3s", submission: "submissions" } as const)[protocol];
}

/** Every `host:port` that a client, or a server that delivers, would connect to for mail, with the listener that plays it. */
export function mailPlaces(domains: readonly MailDomain[]): ReadonlyMap<string, MailService> {
  const places = new Map<string, MailService>();
  for (const domain of domains) {
    const { delivery, mailServer } = domain;
    const hosts = mailHosts(domain);
    for (const { host } of delivery.mx) if (hosts.includes(host)) places.set(`${host}:25`, "smtp");
    for (const protocol of ["imap", "pop3", "submission", "sieve"] as const) {
      for (const endpoint of mailServer[protocol]) {
        const service = mailServiceOf(protocol, endpoint);
        if (service !== undefined) places.set(`${endpoint.host}:${endpoint.port}`, service);
      }
    }
  }
  return places;
}

/** Every host that answers mail. */
export function allMailHosts(domains: readonly MailDomain[]): ReadonlySet<string> {
  return new Set(domains.flatMap((domain) => mailHosts(domain)));
}

/**
 * Every host that the edge serves: discovery hosts behind the Worker, proxied names of before, and discovery hosts that
 * lead to the proxied names of another account.
 */
export function edgeHosts({ domains, zones, preload }: SandboxInventory): readonly string[] {
  const known = zones.map((name) => ({ name }));
  const foreign = foreignZones(preload).map((name) => ({ name }));
  const published = domains.flatMap((domain) => {
    const { publish } = domain;
    const leavesAccount = publish.kind === "origin" && closestZone(publish.host, foreign) !== undefined;
    return derivePublicationHosts(domain, closestZone(domain.domain, known)?.name ?? domain.domain)
      .filter(({ form }) => form !== "origin" || leavesAccount)
      .map(({ host }) => host);
  });
  const proxied = preload.flatMap(({ zone, records }) =>
    records
      .filter((record) => record.proxied === true && !record.name.startsWith("*"))
      .map(({ name }) => absoluteName(name.toLowerCase(), zone.toLowerCase())),
  );
  return [...new Set([...published, ...proxied])];
}

function absoluteName(name: string, zone: string): string {
  if (name === "@") return zone;
  return isWithin(name, zone) ? name : `${name}.${zone}`;
}
