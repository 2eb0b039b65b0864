import type { ClientFamily } from "./client-family.ts";
import type { DocumentName } from "./route-of.ts";

/** What is known about a request when it has been answered. There is no address in it, neither of mail nor of the network. */
export interface CountEvent {
  /** A domain that is served here; undefined for every other one, so that nobody can invent values. */
  readonly domain: string | undefined;
  readonly document: DocumentName | "other";
  readonly family: ClientFamily;
  readonly status: number;
  /** True where the client sent credentials that nobody asked for. They are never read. */
  readonly hasAuthorization: boolean;
}
