import { observeZone } from "../../adapters/cloudflare/observe-zone.ts";
import {
  observeZones,
  openCloudflare,
  requireEditable,
  requireZones,
} from "../../adapters/cloudflare/cloudflare-api.ts";
import { ownerOf } from "../../dns/ownership.ts";
import { recordEntry } from "../../dns/plan/show-record.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import { clearComment } from "./clear-comment.ts";
import type { CliIo } from "../cli-io.ts";
import { confirm } from "./confirm.ts";
import { list, requireOwnedRecords, type OwnedRecord } from "./owned-records.ts";
import { readStackExport } from "../state/read-stack-export.ts";
import type { ReleaseOptions } from "./release.ts";
import type { ReleaseTarget } from "./release-target.ts";
import type { StackExport } from "../state/stack-export.ts";
import { warn } from "../warn.ts";

/**
 * Releases records. What a state still knows is never released: adopting it again would make the engine replace it by
 * itself and delete the live record.
 *
 * @throws MailAutodiscoverError `usage`, `state-unreadable`, `zone-not-found`, `record-not-found`, `record-in-state`, `interrupted`, and
 *   Cloudflare's
 */
export async function releaseRecords(
  target: ReleaseTarget,
  options: ReleaseOptions,
  io: CliIo,
): Promise<void> {
  if (options.yes !== true && !(io.isTerminal.stdin && io.isTerminal.stderr)) {
    throw new MailAutodiscoverError("usage", "There is no terminal to ask at; nothing was changed.", {
      remedy: "Make sure that no stack's state knows the record any more, then add --yes.",
    });
  }
  const state = options.state === undefined ? undefined : await readStackExport(options.state, io);
  const client = openCloudflare({
    apiToken: io.env["CLOUDFLARE_API_TOKEN"],
    baseUrl: io.env["CLOUDFLARE_BASE_URL"] || undefined,
  });
  const zone = requireZones([target.name], await observeZones(client)).get(target.name);
  if (zone === undefined) throw new RangeError("a required zone is missing");
  const owned = requireOwnedRecords(await observeZone(client, zone), target, options.stack);
  if (state !== undefined) refuseManaged(owned, state, io);
  requireEditable([zone]);
  if (options.yes !== true) {
    io.stderr.write(explanation(owned));
    if (!(await confirm("Release?", io))) {
      throw new MailAutodiscoverError("interrupted", "Nothing was released.", {
        remedy: "Run it again and answer y.",
      });
    }
  }
  for (const { record } of owned) {
    await clearComment(client, zone, record);
    io.stdout.write(`released ${recordEntry(record)} ${record.id}, was "${record.comment ?? ""}"\n`);
  }
  const entries = [...new Set(owned.map(({ record }) => recordEntry(record)))];
  io.stdout.write(`adopt: [${entries.map(flowScalar).join(", ")}]\n`);
}

function refuseManaged(owned: readonly OwnedRecord[], state: StackExport, io: CliIo): void {
  const managed = owned.flatMap(({ record }) => {
    const resource = state.records.find(({ id }) => id === record.id);
    return resource === undefined ? [] : [{ record, urn: resource.urn }];
  });
  if (managed.length > 0) {
    const lines = managed.map(({ record, urn }) => `  ${recordEntry(record)} ${record.id}: ${urn}`);
    // A URN holds `$`, which a shell would expand.
    const commands = managed.map(({ urn }) => `pulumi state delete '${urn}'`);
    throw new MailAutodiscoverError(
      "record-in-state",
      `The state still knows what you want to release; nothing was changed:\n${lines.join("\n")}`,
      { remedy: `Leave it alone, or make the stack forget it first: ${commands.join("; ")}.` },
    );
  }
  const checked = state.stack === undefined ? undefined : ownerOf(state.stack);
  const owner = owned[0]?.owner;
  if (checked !== undefined && checked !== owner) {
    warn(
      io,
      `the state is that of ${checked}; the comment names ${owner ?? ""}, whose state was not looked at.`,
    );
  }
}

function explanation(owned: readonly OwnedRecord[]): string {
  const ids = owned.map(({ record }) => record.id).join("\\|");
  const entries = owned.map(({ record }) => recordEntry(record)).join(", ");
  return [
    `The ownership comment of ${entries} is to be cleared:`,
    list(owned.map(({ record }) => record)),
    `No stack's state may know the record any more, or the adopting stack deletes it from the zone: in the stack ${owned[0]?.owner ?? ""} and every other one, "pulumi stack export | grep '${ids}'" must print nothing.`,
    "",
  ].join("\n");
}

/** A name that starts with `*` would be an alias of YAML. */
function flowScalar(text: string): string {
  return /^[a-z0-9_]/.test(text) ? text : `"${text}"`;
}
