import * as z from "zod";
import type { ClientSettings } from "../../documents/client-settings.ts";
import { isDomainEntry, settingsByDomain } from "../../documents/settings-by-domain.ts";
import { MailAutodiscoverError } from "../../errors.ts";

/** A DNS record that a stack's state knows. */
export interface ManagedRecord {
  /** Cloudflare's id of the record. */
  readonly id: string;
  readonly urn: string;
}

/** A certificate of a domain, as the stack issued it or was given it. */
export interface ManagedCertificate {
  readonly domain: string;
  /** True: of the layout `separate`, for the mail server alone. */
  readonly isForMail: boolean;
  readonly fullChainPem: string;
}

export interface StackExport {
  /** `<project>/<stack>` of its resources; undefined where there are none. */
  readonly stack: { readonly project: string; readonly stack: string } | undefined;
  readonly records: readonly ManagedRecord[];
  /** What the stack publishes, by domain; undefined where an entry cannot be read. */
  readonly settings: ReadonlyMap<string, ClientSettings> | undefined;
  readonly certificates: readonly ManagedCertificate[];
  /** URLs of the ACME accounts, each once. */
  readonly accountUrls: readonly string[];
}

const KV_ENTRY = "cloudflare:index/workersKv:WorkersKv";

/** The second is the first's name in the provider's versions before 6. */
const RECORD_TYPES: readonly string[] = [
  "cloudflare:index/dnsRecord:DnsRecord",
  "cloudflare:index/record:Record",
];

const RESOURCE = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  delete: z.boolean().optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});

/** Another version may keep its resources elsewhere: finding none there would prove nothing. */
const EXPORT = z.object({
  version: z.union([z.literal(3), z.literal(4)]),
  deployment: z.object({
    resources: z.array(RESOURCE).optional(),
  }),
});

/**
 * Reads the output of `pulumi stack export`. A resource that only waits for its deletion counts as unknown to the state.
 *
 * @throws MailAutodiscoverError `state-unreadable`
 */
export function parseStackExport(text: string, file: string): StackExport {
  const result = EXPORT.safeParse(toJson(text));
  if (!result.success) {
    throw new MailAutodiscoverError("state-unreadable", `${file} is no output of "pulumi stack export".`, {
      remedy: 'Run "pulumi stack export --file FILE" and give that file; nothing was changed.',
      cause: result.error,
    });
  }
  const resources = (result.data.deployment.resources ?? []).filter((each) => each.delete !== true);
  // urn:pulumi:<stack>::<project>::<types>::<name>
  const [, stack, project] =
    /^urn:pulumi:(.+?)::(.+?)::/.exec(result.data.deployment.resources?.[0]?.urn ?? "") ?? [];
  return {
    stack: stack === undefined || project === undefined ? undefined : { project, stack },
    records: resources.flatMap(({ urn, type, id }) =>
      RECORD_TYPES.includes(type) && id !== undefined ? [{ id, urn }] : [],
    ),
    settings: settingsByDomain(
      resources.flatMap(({ urn, type, outputs }) =>
        type === KV_ENTRY && isDomainEntry(urn) ? [outputs?.["value"]] : [],
      ),
    ),
    certificates: resources.flatMap(managedCertificate),
    accountUrls: [
      ...new Set(
        resources.flatMap(({ type, outputs }) => {
          const url = type === `${DYNAMIC}AcmeAccount` ? outputs?.["accountUrl"] : undefined;
          return typeof url === "string" ? [url] : [];
        }),
      ),
    ],
  };
}

/** Of the module's own resources; token and logical names are part of the state. */
const DYNAMIC = "pulumi-nodejs:dynamic/mail-autodiscover:";

function managedCertificate({ urn, type, outputs }: z.infer<typeof RESOURCE>): readonly ManagedCertificate[] {
  const fullChainPem = outputs?.["fullChainPem"];
  const [, domain, use] = /::([^:/]+)\/(certificate(?:\/mail)?|provided-certificate)$/.exec(urn) ?? [];
  const isCertificate = [`${DYNAMIC}Certificate`, `${DYNAMIC}ProvidedCertificate`].includes(type);
  if (!isCertificate || domain === undefined || typeof fullChainPem !== "string") return [];
  return [{ domain, isForMail: use === "certificate/mail", fullChainPem }];
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
