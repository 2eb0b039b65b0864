import { deriveNotices } from "../../dns/derive-notices.ts";
import { deriveRecords } from "../../dns/derive-records.ts";
import { mailHostOwner } from "../../dns/mail-host-owner.ts";
import { buildRecordArguments, type RecordArguments } from "../../dns/record-arguments.ts";
import { renderZone } from "../../dns/render-zone.ts";
import type { WantedRecord } from "../../dns/wanted-record.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import { closestZone } from "../../spec/host-name.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import { requireDomainFiles } from "../../spec/parse-domain-files.ts";
import type { CliIo } from "../cli-io.ts";
import { readDomainInputs } from "../arguments/read-domain-inputs.ts";
import { warn } from "../warn.ts";
import type { ZoneOptions } from "./zone.ts";

interface DomainRecords {
  readonly domain: MailDomain;
  readonly zone: string;
  readonly records: readonly WantedRecord[];
}

type RecordValues = Omit<RecordArguments, "comment"> & Pick<WantedRecord, "purpose" | "logicalName">;

/**
 * Prints what `zone` is asked for. Domains of one zone stand in one text; several zones follow each other, and a checker
 * takes one at a time.
 *
 * @throws MailAutodiscoverError `usage`, `invalid-spec`
 */
export async function printZones(files: readonly string[], options: ZoneOptions, io: CliIo): Promise<void> {
  const domains = requireDomainFiles(await readDomainInputs(files, io));
  const zones = requireZoneNames(domains, options.zone);
  const { workersDevHost } = options;
  const all = domains.map((domain): DomainRecords => {
    const zone = zones.get(domain) ?? domain.domain;
    const publishAddresses = mailHostOwner(domain.mailServer.host, domains) === domain;
    return { domain, zone, records: deriveRecords(domain, { zone, workersDevHost, publishAddresses }) };
  });
  for (const notice of domains.flatMap((domain) => deriveNotices(domain, workersDevHost))) warn(io, notice);
  io.stdout.write(options.json === true ? renderJson(all) : renderText(all));
}

function requireZoneNames(
  domains: readonly MailDomain[],
  names: readonly string[],
): ReadonlyMap<MailDomain, string> {
  if (names.length === 0) return new Map();
  const candidates = names.map((name) => ({ name }));
  const outside = domains.filter(({ domain }) => closestZone(domain, candidates) === undefined);
  if (outside.length > 0) {
    const listed = outside.map(({ domain }) => domain).join(", ");
    throw new MailAutodiscoverError("usage", `${listed}: not in the zone ${names.join(" or ")}.`, {
      remedy: "Give --zone the zone that holds the domain; it may be given several times.",
    });
  }
  return new Map(
    domains.map((domain) => [domain, closestZone(domain.domain, candidates)?.name ?? domain.domain]),
  );
}

function renderText(all: readonly DomainRecords[]): string {
  const byZone = Map.groupBy(all, ({ zone }) => zone);
  return [...byZone]
    .map(([zone, domains]) =>
      renderZone(
        zone,
        domains.flatMap(({ records }) => records),
      ),
    )
    .join("\n");
}

function renderJson(all: readonly DomainRecords[]): string {
  const domains = all.map(({ domain, zone, records }) => ({
    domain: domain.domain,
    zone,
    records: records.map(recordValues),
  }));
  return `${JSON.stringify({ version: 1, domains }, undefined, 2)}\n`;
}

/** The comment is left out: it names a stack, which the command does not know. */
function recordValues(record: WantedRecord): RecordValues {
  const { comment: _, ...values } = buildRecordArguments(record, { comment: "" });
  const { purpose, logicalName } = record;
  return { ...values, purpose, logicalName };
}
