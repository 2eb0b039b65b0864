import { readFile } from "node:fs/promises";
import { readDomainFiles } from "../../src/adapters/domain-files.ts";
import { derivePublicationHosts } from "../../src/dns/publication-hosts.ts";
import { mailHosts } from "../../src/dns/mail-host-owner.ts";
import { MailAutodiscoverError } from "../../src/errors.ts";
import { closestZone } from "../../src/spec/host-name.ts";
import type { Endpoint, MailDomain } from "../../src/spec/mail-domain.ts";
import { requireDomainFiles } from "../../src/spec/parse-domain-files.ts";
import type { PreloadZone } from "./cloudflare-api/create-zones.ts";
import type { MailService } from "./mail/start-mail-server.ts";

/** What the sandbox has to be for the domain files: zones to hold them, hosts to answer for. */
export interface SandboxInventory {
  readonly domains: readonly MailDomain[];
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
  const given = preload.map(({ zone }) => ({ name: zone.toLowerCase() }));
  const zones = domains.map(({ domain }) => closestZone(domain, given)?.name ?? registrableDomain(domain));
  return { domains, preload, zones: [...new Set([...given.map(({ name }) => name), ...zones])].toSorted() };
}

/** The zone of a domain that no preload names: its last two labels, as in the top-level domains for tests (RFC 2606). */
function registrableDomain(domain: string): string {
  return domain.split(".").slice(-2).join(".");
}

async function readPreload(file: string): Promise<readonly PreloadZone[]> {
  const problem = (message: string, cause?: unknown): MailAutodiscoverError =>
    new MailAutodiscoverError("usage", `--preload ${file}: ${message}`, {
      remedy:
        'Write [{ "zone": "example.test", "records": [{ "type", "name", "content", "ttl", "proxied" }] }].',
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw problem(cause instanceof Error ? cause.message : "cannot be read", cause);
  }
  if (!Array.isArray(value)) throw problem("is not a list of zones");
  for (const item of value as Partial<PreloadZone>[]) {
    if (typeof item.zone !== "string" || !Array.isArray(item.records))
      throw problem("has an item without zone and records");
  }
  return value as PreloadZone[];
}

/** Returns the listener that plays a domain's endpoint; undefined for a plain one. */
export function mailServiceOf(
  protocol: "imap" | "pop3" | "submission",
  endpoint: Endpoint,
): MailService | undefined {
  if (endpoint.tls === "plain") return undefined;
  if (endpoint.tls === "starttls") return protocol;
  return ({ imap: "imaps", pop3: "pop3s", submission: "submissions" } as const)[protocol];
}

/** Every `host:port` that a client would connect to for mail, with the listener that plays it. */
export function mailPlaces(domains: readonly MailDomain[]): ReadonlyMap<string, MailService> {
  const places = new Map<string, MailService>();
  for (const { mailServer } of domains) {
    for (const protocol of ["imap", "pop3", "submission"] as const) {
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

/** Every discovery host that the edge serves. */
export function edgeHosts(domains: readonly MailDomain[], zones: readonly string[]): readonly string[] {
  const known = zones.map((name) => ({ name }));
  return domains.flatMap((domain) =>
    derivePublicationHosts(domain, closestZone(domain.domain, known)?.name ?? domain.domain)
      .filter(({ form }) => form !== "origin")
      .map(({ host }) => host),
  );
}
