import { parseClientSettings, type ClientSettings } from "./client-settings.ts";

/** Returns what KV entries publish, by domain; undefined where there is one that cannot be read: then nothing is sure. */
export function settingsByDomain(
  entries: readonly unknown[],
): ReadonlyMap<string, ClientSettings> | undefined {
  const settings = entries.flatMap(
    (entry) => (typeof entry === "string" ? parseClientSettings(entry) : undefined) ?? [],
  );
  return settings.length === entries.length
    ? new Map(settings.map((each) => [each.domain, each]))
    : undefined;
}

/** True for the URN of a domain's entry: a program of the operator's own may have others (`<domain>/kv`, see `Publication`). */
export function isDomainEntry(urn: string): boolean {
  return urn.endsWith("/kv");
}
