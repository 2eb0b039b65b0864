/** What one process of the ACME bench is told. */
export interface AcmeJob {
  readonly client: AcmeContender;
  /** The folder of this package's compiled modules, as they are published. */
  readonly distDir: string;
  readonly directoryUrl: string;
  /** PEM file of the CA that signed the API's certificate. */
  readonly caFile: string;
  readonly accountKeyPem: string;
  readonly accountUrl: string;
  /** `ip:port` of the DNS that answers for every zone. */
  readonly dnsServer: string;
  /** Takes lego's `httpreq` calls: `POST /present` and `POST /cleanup` with `fqdn` and `value`. */
  readonly recordsUrl: string;
  /** The names of each certificate. */
  readonly certificates: readonly (readonly string[])[];
  readonly isAtOnce: boolean;
}

export type AcmeContender = "this package" | "acme-client auto()" | "acme-client auto(), 20 ms";

/** What the process needed, from its start to its last certificate. */
export interface AcmeUse {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakRssBytes: number;
}
