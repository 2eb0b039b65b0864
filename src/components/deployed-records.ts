import * as pulumi from "@pulumi/pulumi";
import type { ClientSettings } from "../documents/client-settings.ts";
import { paccTxt } from "../documents/pacc-txt.ts";
import { isDomainEntry, settingsByDomain } from "../documents/settings-by-domain.ts";
import type { DeployedRecord, DeployedRecords } from "../dns/comparison/compare-records.ts";
import { observedRdata } from "../dns/comparison/rdata.ts";
import type { ObservedRecord } from "../dns/observed-zone.ts";

const DNS_RECORD = "cloudflare:index/dnsRecord:DnsRecord";

const KV_ENTRY = "cloudflare:index/workersKv:WorkersKv";

/** What a stack's own state tells of its last run. */
export interface DeployedState {
  readonly records: DeployedRecords;
  /** What is published, by domain; undefined where the state does not tell. */
  readonly settings: ReadonlyMap<string, ClientSettings> | undefined;
}

/**
 * Returns what is in the stack's own state, read through the engine; undefined where the engine cannot tell. The plan is
 * more careful with it, and right without it.
 */
export async function readDeployedState(): Promise<DeployedState | undefined> {
  try {
    const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
    // A builtin of the engine since Pulumi 1.0 (pulumi/pulumi pkg/resource/deploy/builtins.go), without a wrapper in the
    // Node SDK. Of a new stack it tells that there is nothing.
    const found = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName })) as {
      readonly outputs?: Readonly<Record<string, unknown>>;
    };
    const resources = found.outputs ?? {};
    return { records: parseResources(resources), settings: parseSettings(resources) };
  } catch (error) {
    await pulumi.log.debug(`the stack's own state cannot be read: ${String(error)}`);
    return undefined;
  }
}

/** Reads the engine's answer: resources by URN, whose last part is the logical name, which may hold `::` itself. */
export function parseResources(resources: Readonly<Record<string, unknown>>): DeployedRecords {
  const records = Object.entries(resources).flatMap(([urn, resource]): [string, DeployedRecord][] => {
    const { type, outputs } = resource as {
      readonly type?: unknown;
      readonly outputs?: RecordOutputs;
    };
    const [, , , ...name] = urn.split("::");
    if (type !== DNS_RECORD || typeof outputs?.id !== "string") return [];
    const comment = typeof outputs.comment === "string" ? outputs.comment : undefined;
    return [[name.join("::"), { id: outputs.id, comment, rdata: rdataOf(outputs) }]];
  });
  return new Map(records);
}

interface RecordOutputs {
  readonly id?: unknown;
  readonly comment?: unknown;
  readonly type?: unknown;
  readonly content?: unknown;
  readonly priority?: unknown;
  readonly data?: unknown;
}

/** Undefined where content and data are not there, or not readable, as a secret would be. */
function rdataOf({ type, content, priority, data }: RecordOutputs): string | undefined {
  const fields = typeof data === "object" && data !== null ? (data as ObservedRecord["data"]) : undefined;
  if (typeof type !== "string" || (typeof content !== "string" && fields === undefined)) return undefined;
  return observedRdata({
    type,
    content: typeof content === "string" ? content : "",
    data: fields,
    priority: typeof priority === "number" ? priority : undefined,
  });
}

/** Reads the KV entries of domains in the engine's answer; undefined where there is one that cannot be read. */
export function parseSettings(
  resources: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, ClientSettings> | undefined {
  const entries = Object.entries(resources).flatMap(([urn, resource]) => {
    const { type, outputs } = resource as { readonly type?: unknown; readonly outputs?: { value?: unknown } };
    return type === KV_ENTRY && isDomainEntry(urn) ? [outputs?.value] : [];
  });
  return settingsByDomain(entries);
}

/** Returns the digests of the published PACC documents as their records have them, by domain; none where nothing is known. */
export function digestsOf(
  settings: ReadonlyMap<string, ClientSettings> | undefined,
): ReadonlyMap<string, string> {
  return new Map(
    [...(settings ?? [])].flatMap(([domain, { pacc }]) =>
      pacc === undefined ? [] : [[domain, paccTxt(pacc)] as const],
    ),
  );
}
