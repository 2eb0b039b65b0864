import type { ChallengeStore, PublishedChallenge } from "../../src/certificates/ports.ts";
import type { TinyZone } from "./tiny-dns.ts";

export interface MemoryChallenges extends ChallengeStore {
  readonly published: readonly PublishedChallenge[];
  readonly removed: readonly PublishedChallenge[];
}

/** A challenge store over a tiny DNS zone. `spoil` changes each value on its way, as a broken zone would. */
export function memoryChallenges(zone: TinyZone, spoil = (value: string): string => value): MemoryChallenges {
  const published: PublishedChallenge[] = [];
  const removed: PublishedChallenge[] = [];
  return {
    published,
    removed,
    publish: async (name, values, signal) => {
      signal.throwIfAborted();
      const records = values.map((value, index) => ({
        name,
        value,
        recordId: `${published.length + index}`,
      }));
      zone.set(`${name}/TXT`, [...(zone.get(`${name}/TXT`) ?? []), ...values.map(spoil)]);
      published.push(...records);
      return await Promise.resolve(records);
    },
    remove: async (records, signal) => {
      signal.throwIfAborted();
      for (const { name, value } of records) {
        const rest = (zone.get(`${name}/TXT`) ?? []).filter((each) => each !== spoil(value));
        if (rest.length > 0) zone.set(`${name}/TXT`, rest);
        else zone.delete(`${name}/TXT`);
      }
      removed.push(...records);
      await Promise.resolve();
    },
    sweep: async () => await Promise.resolve(0),
  };
}
