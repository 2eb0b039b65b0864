import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { Displacement, PlannedRecord } from "../dns/planned-record.ts";
import { buildRecordArguments, type RecordArguments } from "../dns/record-arguments.ts";
import type { WantedRecord } from "../dns/wanted-record.ts";
import { DisplacedRecord } from "./displaced-record.ts";

export interface DnsRecordsArgs {
  readonly records: readonly PlannedRecord[];
  readonly displacements?: readonly Displacement[] | undefined;
  /** What CAA records bind the CA to (RFC 8657); not known before the account is made. */
  readonly accountUri: pulumi.Input<string>;
  /**
   * What publishes the MTA-STS policy: its record follows. A sender that saw the new id first would fetch the former policy
   * and keep that under the new id, for as long as `max_age` says (RFC 8461 §5.1).
   */
  readonly policy?: Promise<readonly pulumi.Resource[]> | undefined;
}

/** The records of a mail domain, one `cloudflare.DnsRecord` each. */
export class DnsRecords extends pulumi.ComponentResource {
  readonly #records: readonly { readonly record: WantedRecord; readonly resource: cloudflare.DnsRecord }[];

  constructor(name: string, args: DnsRecordsArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("mail-autodiscover:index:DnsRecords", name, {}, options);
    const displaced = new Map(
      (args.displacements ?? []).map((each) => [each.name, new DisplacedRecord(each, { parent: this })]),
    );
    this.#records = args.records.map((planned) => {
      const { record, zone, importId, retainOnDelete } = planned;
      const displacement = displaced.get(record.name);
      const before = displacement === undefined ? [] : [displacement];
      const resource = new cloudflare.DnsRecord(
        record.logicalName,
        { zoneId: zone.id, ...recordArguments(planned, args.accountUri) },
        {
          parent: this,
          // Cloudflare refuses a CNAME beside another record of its name, also for the moment of a replacement.
          deleteBeforeReplace: true,
          aliases: record.formerLogicalNames.map((former) => ({ name: former })),
          retainOnDelete,
          ...(importId === undefined ? {} : { import: importId }),
          dependsOn: record.purpose === "mta-sts" ? withPolicy(before, args.policy) : before,
        },
      );
      return { record, resource };
    });
    this.registerOutputs({});
  }

  /** Returns the records of a type, for what has to wait for them. */
  ofType(type: WantedRecord["type"]): cloudflare.DnsRecord[] {
    return this.#records.filter(({ record }) => record.type === type).map(({ resource }) => resource);
  }

  /** Returns the records of a purpose. */
  ofPurpose(purpose: WantedRecord["purpose"]): cloudflare.DnsRecord[] {
    return this.#records.filter(({ record }) => record.purpose === purpose).map(({ resource }) => resource);
  }
}

async function withPolicy(
  before: readonly pulumi.Resource[],
  policy: DnsRecordsArgs["policy"],
): Promise<pulumi.Resource[]> {
  return [...before, ...((await policy) ?? [])];
}

/** A record that needs the ACME account has unknown data until there is one; all others are plain values. */
function recordArguments(
  { record, comment, ttlSeconds, content }: PlannedRecord,
  accountUri: pulumi.Input<string>,
): Omit<cloudflare.DnsRecordArgs, "zoneId"> {
  const build = (uri?: string): RecordArguments =>
    buildRecordArguments(record, { comment, ttlSeconds, content, accountUri: uri });
  if (record.type !== "CAA" || !record.bindsAccount) return build();
  const { data: _data, ...rest } = build();
  return { ...rest, data: pulumi.output(accountUri).apply((uri) => ({ ...build(uri).data })) };
}
