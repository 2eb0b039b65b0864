import { getServers } from "node:dns";

/** Which recursive resolvers are meant. */
export interface RecursiveServers {
  /** `ip:port` of the resolver; undefined means the system's. */
  readonly resolver?: string | undefined;
  /** URLs of resolvers over HTTPS. */
  readonly doh?: readonly string[] | undefined;
}

/** Returns the resolvers over port 53: the named one; the system's, unless a resolver over HTTPS is named in their place. */
export function recursiveServers({ resolver, doh = [] }: RecursiveServers): readonly string[] {
  if (resolver !== undefined) return [resolver];
  return doh.length > 0 ? [] : getServers();
}
