import type * as pulumi from "@pulumi/pulumi";
import type { Displacement } from "../dns/planned-record.ts";
import { DynamicResource } from "./dynamic-resource.ts";

/**
 * What the spec's `replace` puts aside at one name. Deletes the records that cannot be updated in place, before the new
 * ones are made, and keeps the content of all: when the new ones are gone, `destroy` brings them back.
 */
export class DisplacedRecord extends DynamicResource {
  constructor(displacement: Displacement, options: pulumi.CustomResourceOptions = {}) {
    const { logicalName, zone, name, deleted, overwritten } = displacement;
    super(
      "DisplacedRecord",
      logicalName,
      { zoneId: zone.id, name, deleted: [...deleted], overwritten: [...overwritten], kept: undefined },
      options,
    );
  }
}
