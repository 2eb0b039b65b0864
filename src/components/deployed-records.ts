import * as pulumi from "@pulumi/pulumi";
import type { DeployedRecord, DeployedRecords } from "../dns/comparison/compare-records.ts";

const DNS_RECORD = "cloudflare:index/dnsRecord:DnsRecord";

/**
 * Returns the DNS records in the stack's own state, read through the engine; undefined where the engine cannot tell. The
 * plan is more careful with it, and right without it.
 */
export async function readDeployedRecords(): Promise<DeployedRecords | undefined> {
  try {
    const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
    // A builtin of the engine since Pulumi 1.0 (pulumi/pulumi pkg/resource/deploy/builtins.go), without a wrapper in the
    // Node SDK. Of a new stack it tells that there is nothing.
    const found = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName })) as {
      readonly outputs?: Readonly<Record<string, unknown>>;
    };
    return parseResources(found.outputs ?? {});
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
      readonly outputs?: { id?: unknown; comment?: unknown };
    };
    const [, , , ...name] = urn.split("::");
    if (type !== DNS_RECORD || typeof outputs?.id !== "string") return [];
    const comment = typeof outputs.comment === "string" ? outputs.comment : undefined;
    return [[name.join("::"), { id: outputs.id, comment }]];
  });
  return new Map(records);
}
