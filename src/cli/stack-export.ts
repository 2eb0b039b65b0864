import * as z from "zod";
import type { ClientSettings } from "../documents/client-settings.ts";
import { isDomainEntry, settingsByDomain } from "../documents/settings-by-domain.ts";
import { MailAutodiscoverError } from "../errors.ts";
import type { CliIo } from "./cli-io.ts";
import { readInputs } from "./read-inputs.ts";

/** A DNS record that a stack's state knows. */
export interface ManagedRecord {
  /** Cloudflare's id of the record. */
  readonly id: string;
  readonly urn: string;
}

export interface StackExport {
  /** `<project>/<stack>` of its resources; undefined where there are none. */
  readonly stack: { readonly project: string; readonly stack: string } | undefined;
  readonly records: readonly ManagedRecord[];
  /** What the stack publishes, by domain; undefined where an entry cannot be read. */
  readonly settings: ReadonlyMap<string, ClientSettings> | undefined;
}

const KV_ENTRY = "cloudflare:index/workersKv:WorkersKv";

/** The second is the first's name in the provider's versions before 6. */
const RECORD_TYPES: readonly string[] = [
  "cloudflare:index/dnsRecord:DnsRecord",
  "cloudflare:index/record:Record",
];

/** Another version may keep its resources elsewhere: finding none there would prove nothing. */
const EXPORT = z.object({
  version: z.union([z.literal(3), z.literal(4)]),
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          id: z.string().optional(),
          delete: z.boolean().optional(),
          outputs: z.record(z.string(), z.unknown()).optional(),
        }),
      )
      .optional(),
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
  const resources = result.data.deployment.resources ?? [];
  // urn:pulumi:<stack>::<project>::<types>::<name>
  const [, stack, project] = /^urn:pulumi:(.+?)::(.+?)::/.exec(resources[0]?.urn ?? "") ?? [];
  return {
    stack: stack === undefined || project === undefined ? undefined : { project, stack },
    records: resources.flatMap(({ urn, type, id, delete: isLeaving }) =>
      RECORD_TYPES.includes(type) && id !== undefined && isLeaving !== true ? [{ id, urn }] : [],
    ),
    settings: settingsByDomain(
      resources.flatMap(({ urn, type, outputs, delete: isLeaving }) =>
        type === KV_ENTRY && isDomainEntry(urn) && isLeaving !== true ? [outputs?.["value"]] : [],
      ),
    ),
  };
}

/** Reads the file of `--state`, `-` being the standard input. @throws MailAutodiscoverError `usage`, `state-unreadable` */
export async function readStackExport(file: string, io: CliIo): Promise<StackExport> {
  const [input] = await readInputs([file], io);
  return parseStackExport(input?.text ?? "", input?.file ?? file);
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
