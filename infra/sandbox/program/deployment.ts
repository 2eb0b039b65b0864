/** What a run of the program did, by kind of change. */
export interface ChangeSummary {
  readonly create: number;
  /** Taken over from others; what was then changed counts as an update too. */
  readonly import: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly same: number;
}

/** What the stack exports for a domain. */
export interface DomainResult {
  readonly settingsUrl: string;
  readonly certificateNames: readonly string[];
  readonly notAfter: string;
  readonly nextRenewal: string;
  readonly renewBefore: string;
}

export interface DeploymentResult {
  readonly changes: ChangeSummary;
  readonly domains: Readonly<Record<string, DomainResult>>;
  /** Octets of the engine's state after the run. */
  readonly stateBytes: number;
}

export interface DeploymentOptions {
  /** Stack config, full keys. */
  readonly config: Readonly<Record<string, string>>;
  /** Stack config that is a secret, full keys. */
  readonly secretConfig?: Readonly<Record<string, string>> | undefined;
  readonly apiToken: string;
  readonly baseUrl: string;
  readonly stateFolder: string;
  /** A line for a person. */
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

export const PROJECT = "mail-autodiscover";
export const STACK = "sandbox";

/** Returns the line that sums a run up; imports are named only where there were any. */
export function renderChanges(changes: ChangeSummary): string {
  const { create, update, replace, delete: deleted, same } = changes;
  const imported = changes.import === 0 ? "" : `, ${changes.import} imported`;
  return `${create} created, ${update} updated, ${replace} replaced, ${deleted} deleted, ${same} unchanged${imported}`;
}
