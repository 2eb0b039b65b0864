import { buildWorld, type World } from "../../../infra/sandbox/dns/build-world.ts";
import { answerAuthoritatively } from "../../../infra/sandbox/dns/resolve-question.ts";
import type { StoredRecord } from "../../../infra/sandbox/cloudflare-api/stored-state.ts";
import type { ZoneRecord } from "../../../src/dns/wildcard/zone-record.ts";
import { serverAnswerText } from "./answer-text.ts";
import type { Question } from "./generated-zone.ts";

/** The address of proxied names in {@link sandboxWorld}. */
export const EDGE_ADDRESS = "198.51.100.1";

/** A world of the sandbox's name server with one zone. */
export function sandboxWorld(apex: string, records: readonly ZoneRecord[]): World {
  const stored = records.map(toStored);
  return buildWorld(
    {
      version: 1,
      zones: () => [{ id: "z", name: apex, modifiedOn: "2026-11-23T00:00:00Z" }],
      records: () => stored,
    },
    EDGE_ADDRESS,
  );
}

export function sandboxAnswerText(world: World, { name, type }: Question): string {
  return serverAnswerText(answerAuthoritatively(world, name, type));
}

function toStored({ name, type, content, proxied }: ZoneRecord, index: number): StoredRecord {
  const [weight = "", port = "", target = ""] = content.split(" ");
  return {
    id: String(index),
    name,
    type,
    content,
    proxied,
    ttl: 60,
    priority: 10,
    ...(type === "SRV" ? { data: { priority: 10, weight: Number(weight), port: Number(port), target } } : {}),
    settings: {},
    comment: null,
    createdOn: "2026-11-23T00:00:00Z",
    modifiedOn: "2026-11-23T00:00:00Z",
  };
}
