import type { Discovery } from "../clients/ladder/discovery.ts";
import type { Finding } from "./finding.ts";

/** Everything that was seen of one domain: what the checks found, and what each client does. */
export interface DomainReport {
  readonly domain: string;
  readonly findings: readonly Finding[];
  /** In the order of `CLIENTS`. */
  readonly clients: readonly Discovery[];
}
