import { randomBytes } from "node:crypto";
import { NotFoundError, type Cloudflare } from "cloudflare";
import type { ZonedChallengeStore } from "../../certificates/challenges/challenge-delegation.ts";
import type { PublishedChallenge } from "../../certificates/ports.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import { closestZone } from "../../spec/host-name.ts";
import { cloudflareCodes, cloudflareError, IDENTICAL_RECORD_CODES } from "./cloudflare-errors.ts";

/** Seconds; the shortest that plans below Enterprise allow. */
const TTL_SECONDS = 60;

/** "Record does not exist." */
const NO_SUCH_RECORD = 81044;

/** `mail-autodiscover challenge <8 hex> <ISO time>`: 61 characters of the 100 that a free zone allows a comment. */
const COMMENT = /^mail-autodiscover challenge ([0-9a-f]{8}) (\S+)$/u;
const COMMENT_PREFIX = "mail-autodiscover challenge ";

/**
 * Returns when this module published a challenge record, by its comment; undefined for any other record. One that is
 * older than an hour belongs to a run that died: no run lasts longer than its limit of 180 s.
 */
export function challengeTime(comment: string | undefined): Date | undefined {
  const written = COMMENT.exec(comment ?? "")?.[2];
  return written === undefined ? undefined : new Date(written);
}

/** Removes records by their id; one that is gone is as wished. @throws MailAutodiscoverError as `cloudflareError` */
export async function removeStaleChallenges(
  client: Cloudflare,
  stale: readonly StaleChallenge[],
): Promise<void> {
  for (const { zoneId, recordId } of stale) {
    try {
      await client.dns.records.delete(recordId, { zone_id: zoneId });
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw cloudflareError(error, "remove a challenge record");
    }
  }
}

/** A challenge record that a run left behind. */
export interface StaleChallenge {
  readonly zoneId: string;
  readonly recordId: string;
}

/** For taking back what a failed or aborted publication made. Milliseconds. */
const TAKE_BACK_LIMIT_MS = 15_000;

export interface ChallengeZone {
  readonly id: string;
  readonly name: string;
}

export interface CloudflareChallengeOptions {
  /** The SDK's client (`openCloudflare`). Its token needs Zone / DNS / Edit. */
  readonly client: Cloudflare;
  /** The zones that may be written; a name goes to the closest. */
  readonly zones: readonly ChallengeZone[];
  /** 8 hex digits that mark this run's records. Default random. */
  readonly owner?: string | undefined;
  /** Default: the machine's clock. */
  readonly now?: (() => Date) | undefined;
}

type TxtRecord = { readonly id: string; readonly content?: string; readonly comment?: string | null };

/**
 * Opens the store of challenge records in Cloudflare zones. It adds and removes records by their id alone: two values at one name, and
 * two runs at once, do not disturb each other. All methods reject with the errors of `cloudflareError`, or with the reason of an aborted signal.
 */
export function openCloudflareChallenges(options: CloudflareChallengeOptions): ZonedChallengeStore {
  return new CloudflareChallenges(options);
}

class CloudflareChallenges implements ZonedChallengeStore {
  readonly #client: Cloudflare;
  readonly #zones: readonly ChallengeZone[];
  readonly #owner: string;
  readonly #now: () => Date;

  constructor(options: CloudflareChallengeOptions) {
    this.#client = options.client;
    this.#zones = options.zones;
    this.#owner = options.owner ?? randomBytes(4).toString("hex");
    this.#now = options.now ?? ((): Date => new Date());
  }

  zoneOf(name: string): string | undefined {
    return closestZone(name, this.#zones)?.name;
  }

  async publish(
    name: string,
    values: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly PublishedChallenge[]> {
    const published: PublishedChallenge[] = [];
    try {
      for (const value of values) {
        published.push({ name, value, recordId: await this.#create(name, value, signal) });
      }
      return published;
    } catch (error) {
      await this.#takeBack(name, values);
      throw error;
    }
  }

  async remove(published: readonly PublishedChallenge[], signal: AbortSignal): Promise<void> {
    const failures: unknown[] = [];
    for (const { name, recordId } of published) {
      try {
        await this.#delete(name, recordId, signal);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  async sweep(names: readonly string[], olderThan: Date, signal: AbortSignal): Promise<number> {
    let count = 0;
    for (const name of names) {
      for (const record of await this.#list(name, signal)) {
        const written = COMMENT.exec(record.comment ?? "")?.[2];
        if (written === undefined || !(new Date(written) < olderThan)) continue;
        await this.#delete(name, record.id, signal);
        count += 1;
      }
    }
    return count;
  }

  async #create(name: string, value: string, signal: AbortSignal): Promise<string> {
    const record = {
      zone_id: this.#zoneOf(name),
      type: "TXT" as const,
      name,
      // Without quotes Cloudflare stores the value all the same, but warns in its dashboard.
      content: `"${value}"`,
      ttl: TTL_SECONDS,
      comment: `${COMMENT_PREFIX}${this.#owner} ${this.#now().toISOString()}`,
    };
    try {
      return (await this.#client.dns.records.create(record, { signal })).id;
    } catch (error) {
      signal.throwIfAborted();
      // Left by a run that died, or made by the SDK's own repetition of a request whose answer was lost.
      const isThere = cloudflareCodes(error).some((code) => IDENTICAL_RECORD_CODES.includes(code));
      const same = isThere ? await this.#find(name, value, signal) : undefined;
      if (same === undefined) throw cloudflareError(error, `create the TXT record ${name}`);
      return same;
    }
  }

  async #find(name: string, value: string, signal: AbortSignal): Promise<string | undefined> {
    const records = await this.#list(name, signal);
    return records.find((record) => record.content?.replaceAll('"', "") === value)?.id;
  }

  async #delete(name: string, recordId: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#client.dns.records.delete(recordId, { zone_id: this.#zoneOf(name) }, { signal });
    } catch (error) {
      if (cloudflareCodes(error).includes(NO_SUCH_RECORD) || error instanceof NotFoundError) return;
      signal.throwIfAborted();
      throw cloudflareError(error, `delete the TXT record ${name}`);
    }
  }

  /** By content and this run's mark, since the id of a record whose creation was interrupted never came. */
  async #takeBack(name: string, values: readonly string[]): Promise<void> {
    const signal = AbortSignal.timeout(TAKE_BACK_LIMIT_MS);
    try {
      for (const record of await this.#list(name, signal)) {
        const isOurs = COMMENT.exec(record.comment ?? "")?.[1] === this.#owner;
        const isOfThese = values.includes(record.content?.replaceAll('"', "") ?? "");
        if (isOurs && isOfThese) await this.#delete(name, record.id, signal);
      }
    } catch {
      // The failure that led here is the one to tell; the next run's sweep removes what stays.
    }
  }

  async #list(name: string, signal: AbortSignal): Promise<readonly TxtRecord[]> {
    const query = { zone_id: this.#zoneOf(name), type: "TXT" as const, name: { exact: name } };
    try {
      const records: TxtRecord[] = [];
      for await (const record of this.#client.dns.records.list(query, { signal })) records.push(record);
      return records;
    } catch (error) {
      signal.throwIfAborted();
      throw cloudflareError(error, `list the TXT records ${name}`);
    }
  }

  #zoneOf(name: string): string {
    const zone = closestZone(name, this.#zones);
    if (zone !== undefined) return zone.id;
    throw new MailAutodiscoverError("zone-not-found", `No given zone holds ${name}.`, {
      remedy: "Give the token access to the zone, or leave the name out of the certificate.",
    });
  }
}
