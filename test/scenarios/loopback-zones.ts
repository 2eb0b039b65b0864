import type { StoredRecord } from "../../infra/sandbox/cloudflare-api/stored-state.ts";
import { buildWorld, type RecordSource } from "../../infra/sandbox/dns/build-world.ts";
import { resolveRecursively } from "../../infra/sandbox/dns/resolve-question.ts";
import { GUESSED_LABELS } from "../../src/dns/wildcard/client-probes.ts";
import { DISCOVERY_LABELS } from "../../src/spec/discovery-labels.ts";
import type { MemoryWorldOptions, RecordLine } from "../clients/memory-world.ts";

type Zones = MemoryWorldOptions["zones"];

const EPOCH = "2026-11-23T00:00:00Z";
const NO_OTHERS = { mailHosts: new Set<string>(), mailAddress: "", extraHosts: new Map<string, string>() };

/** The zones of a scenario as the sandbox's name server reads them. */
export function recordSource(zones: Zones): RecordSource {
  const stored = new Map(Object.entries(zones).map(([apex, lines]) => [apex, lines.map(toStored)]));
  return {
    version: 1,
    zones: () => [...stored.keys()].map((name) => ({ id: name, name, modifiedOn: EPOCH })),
    records: (zone) => stored.get(zone) ?? [],
  };
}

/**
 * Moves every address of the zones to this machine, so that a host that no rule leads elsewhere is asked for on loopback
 * as well: 203.0.113.80 becomes 127.0.113.80.
 */
export function onLoopback(zones: Zones): Zones {
  const move = (line: RecordLine): RecordLine =>
    line.replace(/ A \d+\./, " A 127.").replace(/ AAAA \S+$/, " AAAA ::1");
  return Object.fromEntries(Object.entries(zones).map(([apex, lines]) => [apex, lines.map(move)]));
}

/** Returns every host that has an address and that some client may connect to, with its first address. */
export function hostAddresses(zones: Zones): ReadonlyMap<string, string> {
  const world = buildWorld(recordSource(zones), "");
  const labels = [...DISCOVERY_LABELS, ...GUESSED_LABELS, "www"];
  const hosts = Object.entries(zones).flatMap(([apex, lines]) => [
    apex,
    ...labels.map((label) => `${label}.${apex}`),
    ...lines.map((line) => line.split(" ")[0] ?? ""),
  ]);
  const addressOf = (host: string): string | undefined =>
    ["A", "AAAA"]
      .flatMap((type) =>
        resolveRecursively(world, NO_OTHERS, host, type).answers.filter((answer) => answer.type === type),
      )
      .flatMap(({ data }) => (typeof data === "string" ? [data] : []))[0];
  return new Map(
    [...new Set(hosts)].flatMap((host) => {
      const address = addressOf(host);
      return address === undefined ? [] : [[host, address] as const];
    }),
  );
}

/** Reads a line as the account of a zone keeps it. */
export function toStored(line: RecordLine, index: number): StoredRecord {
  const [, name = "", type = "", text = ""] = /^(\S+) (\S+) (.*)$/.exec(line) ?? [];
  return {
    id: String(index),
    type,
    name,
    ttl: 60,
    proxied: false,
    settings: {},
    comment: null,
    createdOn: EPOCH,
    modifiedOn: EPOCH,
    ...rdataOf(type, text),
  };
}

function rdataOf(type: string, text: string): Pick<StoredRecord, "content" | "data" | "priority"> {
  const fields = text.split(" ");
  const [first, second, third] = fields.map(Number);
  switch (type) {
    case "TXT":
      return { content: JSON.stringify(text) };
    case "MX":
      return { content: fields[1] ?? "", priority: first ?? 0 };
    case "SRV": {
      const [priority = 0, weight = 0, port = 0] = [first, second, third];
      return { content: text, data: { priority, weight, port, target: fields[3] ?? "" } };
    }
    case "CAA": {
      const [, tag = "", ...value] = fields;
      return { content: text, data: { flags: first ?? 0, tag, value: value.join(" ") } };
    }
    default:
      return { content: text };
  }
}
