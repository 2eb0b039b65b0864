import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { ownershipComment, type StackIdentity } from "../dns/ownership.ts";
import { buildRecordArguments } from "../dns/record-arguments.ts";
import type { WantedRecord } from "../dns/wanted-record.ts";

export interface DnsRecordsArgs {
  readonly zoneId: string;
  readonly records: readonly WantedRecord[];
  /** What the ownership comment names. */
  readonly identity: StackIdentity;
}

/** The records of a mail domain, one `cloudflare.DnsRecord` each. */
export class DnsRecords extends pulumi.ComponentResource {
  readonly records: readonly cloudflare.DnsRecord[];

  constructor(name: string, args: DnsRecordsArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("mail-autodiscover:index:DnsRecords", name, {}, options);
    this.records = args.records.map((record) => {
      const comment = ownershipComment(args.identity, record.logicalName);
      return new cloudflare.DnsRecord(
        record.logicalName,
        { zoneId: args.zoneId, ...buildRecordArguments(record, comment) },
        {
          parent: this,
          // Cloudflare refuses a CNAME beside another record of its name, also for the moment of a replacement.
          deleteBeforeReplace: true,
          aliases: record.formerLogicalNames.map((former) => ({ name: former })),
        },
      );
    });
    this.registerOutputs({});
  }
}
