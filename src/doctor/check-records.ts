import type { QueryType, World } from "../clients/world/world.ts";
import { mergeSpf } from "../dns/comparison/merge-spf.ts";
import { observedRdata, wantedRdata } from "../dns/comparison/rdata.ts";
import { deriveRecords, type DeriveRecordsOptions } from "../dns/derive-records.ts";
import { derivePublicationHosts } from "../dns/publication-hosts.ts";
import type { WantedRecord } from "../dns/wanted-record.ts";
import type { MailDomain } from "../spec/mail-domain.ts";
import type { Finding } from "./finding.ts";
import { isSpf } from "../spec/parse-spf.ts";

export interface CheckRecordsOptions extends DeriveRecordsOptions {
  /** Where a closed network leads its mail hosts, in place of the addresses of the spec. */
  readonly mailHostAddress?: string | undefined;
  /**
   * True for an address of a closed network. A mail host that leads to such ones alone is led there by that network's own
   * DNS; the spec's addresses are those that everybody else sees. Default: no network is closed.
   */
  readonly isClosedAddress?: ((address: string) => boolean) | undefined;
}

/** Asks for every wanted record as a client would. A proxied name shows the edge's address, so any address is right. */
export async function checkRecords(
  domain: MailDomain,
  options: CheckRecordsOptions,
  world: World,
): Promise<readonly Finding[]> {
  const records = deriveRecords(domain, options);
  const hosts = derivePublicationHosts(domain, options.zone).map(({ host }) => host);
  const { mailHostAddress } = options;
  const ownHosts = records.filter(({ name, type }) => isAddressType(type) && !hosts.includes(name));
  const ledHosts = await findLedHosts(new Set(ownHosts.map(({ name }) => name)), options, world);
  const rest = records.filter(
    ({ name, type }) => !hosts.includes(name) && !(isAddressType(type) && ledHosts.includes(name)),
  );
  const sets = Map.groupBy(rest, (record) => `${record.name} ${record.type}`);
  return Promise.all([
    ...hosts.map((host) => checkAddress(host, world)),
    ...ledHosts.map((host) => checkAddress(host, world, mailHostAddress)),
    ...[...sets.values()].map((set) => checkSet(set, world)),
  ]);
}

/** The hosts whose addresses the network itself gives, in place of those of the spec. */
async function findLedHosts(
  hosts: ReadonlySet<string>,
  { mailHostAddress, isClosedAddress }: CheckRecordsOptions,
  world: World,
): Promise<readonly string[]> {
  if (mailHostAddress !== undefined) return [...hosts];
  if (isClosedAddress === undefined) return [];
  const led = await Promise.all(
    [...hosts].map(async (host) => {
      const answers = await Promise.all([world.resolve(host, "A"), world.resolve(host, "AAAA")]);
      const data = answers.flatMap((answer) => (answer.state === "found" ? answer.data : []));
      return data.length > 0 && data.every(isClosedAddress) ? [host] : [];
    }),
  );
  return led.flat();
}

function isAddressType(type: WantedRecord["type"]): boolean {
  return type === "A" || type === "AAAA";
}

async function checkAddress(host: string, world: World, wanted?: string): Promise<Finding> {
  const base = { code: "dns-record", subject: `${host} A/AAAA`, expected: wanted ?? "an address" } as const;
  const answers = await Promise.all([world.resolve(host, "A"), world.resolve(host, "AAAA")]);
  const data = answers.flatMap((answer) => (answer.state === "found" ? answer.data : []));
  if (wanted === undefined ? data.length > 0 : data.includes(wanted))
    return { ...base, status: "pass", observed: data.join(", ") };
  const unknown = answers.find((answer) => answer.state === "unknown");
  return unknown === undefined
    ? {
        ...base,
        status: "fail",
        observed: data.join(", ") || "none",
        remedy: "Run the deployment again, and look for a removed record.",
      }
    : { ...base, status: "unknown", observed: unknown.reason };
}

async function checkSet(set: readonly WantedRecord[], world: World): Promise<Finding> {
  const [first] = set as readonly [WantedRecord];
  const base = {
    code: "dns-record",
    subject: `${first.name} ${first.type}`,
    expected: set.map(showRdata).toSorted().join(" | "),
  } as const;
  const answer = await world.resolve(first.name, first.type satisfies QueryType);
  if (answer.state === "unknown") return { ...base, status: "unknown", observed: answer.reason };
  const observed = answer.state === "found" ? answer.data.toSorted() : [];
  const shown = { observed: observed.join(" | ") || "none" };
  if (isAnswered(set, observed)) return { ...base, status: "pass", ...shown };
  if (set.every(({ isOptional }) => isOptional === true)) {
    const remedy = "Run the deployment again, or leave the name out of guessNames.";
    return { ...base, status: "warn", ...shown, remedy };
  }
  return {
    ...base,
    status: "fail",
    ...shown,
    remedy: "Run the deployment again, and look for a record of somebody else.",
  };
}

/** TXT and CAA sets are shared with others; of every other set each member is a choice that clients make. */
function isAnswered(set: readonly WantedRecord[], observed: readonly string[]): boolean {
  const isShared = set.every(({ type }) => type === "TXT" || type === "CAA");
  const isThere = (record: WantedRecord): boolean => observed.some((data) => says(data, record));
  return set.every(isThere) && (isShared || observed.length === set.length);
}

function says(data: string, record: WantedRecord): boolean {
  if (record.type === "TXT") {
    // A record that others keep says more than ours; it says the same where ours adds nothing.
    if (record.purpose === "spf") return isSpf(data) && mergeSpf(data, record.text) === data;
    return data === record.text;
  }
  const answered = observedRdata({ type: record.type, content: data });
  const wanted = wantedRdata(record);
  if (wanted !== undefined) return answered === wanted;
  return (
    record.type === "CAA" &&
    answered.startsWith(`${record.flags} ${record.tag} `) &&
    answered.includes("accounturi=")
  );
}

function showRdata(record: WantedRecord): string {
  const rdata = wantedRdata(record);
  if (rdata !== undefined || record.type !== "CAA") return rdata ?? "";
  return `${record.flags} ${record.tag} ${record.value}; accounturi=...`;
}
