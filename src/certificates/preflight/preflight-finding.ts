/** What a look before an order found. Data: whoever shows it chooses the form. */
export interface PreflightFinding {
  readonly code: PreflightCode;
  /** `fail`: the order would be refused or would fail. `warn`: it may, or it could not be looked. */
  readonly severity: "fail" | "warn";
  /** The name on the certificate, or the first of several. */
  readonly name: string;
  readonly message: string;
  /** One imperative sentence. */
  readonly remedy: string;
}

export type PreflightCode =
  | "caa-forbids"
  | "delegated-elsewhere"
  | "delegation-broken"
  | "no-editable-zone"
  | "dnssec-bogus"
  | "too-many-names"
  | "quota-used"
  | "quota-low"
  /** A look failed; nothing is known, so nothing is held up. */
  | "could-not-look";
