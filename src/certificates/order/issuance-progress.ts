/** What an order goes through, in its order. Data: whoever shows it chooses the words. */
export type IssuanceProgress =
  | { readonly kind: "account"; readonly accountUrl: string; readonly isNew: boolean }
  | { readonly kind: "replaces-refused"; readonly detail: string }
  | { readonly kind: "order"; readonly orderUrl: string; readonly replaces: string | undefined }
  /** A former run's order was finished already; nothing is ordered anew. */
  | { readonly kind: "resumed"; readonly orderUrl: string }
  /** A former run's order gave nothing that can be used; a new one is made. */
  | { readonly kind: "resume-refused"; readonly detail: string }
  | { readonly kind: "already-authorized"; readonly name: string }
  | { readonly kind: "published"; readonly name: string; readonly count: number }
  | { readonly kind: "propagating"; readonly waitingFor: readonly string[] }
  | { readonly kind: "propagated"; readonly afterMs: number }
  | { readonly kind: "validating"; readonly names: readonly string[] }
  | { readonly kind: "authorized"; readonly name: string }
  /** From here on the CA may issue: keep the address, `resumeOrderUrl` of the next request, until the certificate is stored. */
  | { readonly kind: "finalizing"; readonly orderUrl: string }
  | { readonly kind: "issued"; readonly serial: string; readonly notAfter: string }
  /** Milliseconds by which this machine's clock is ahead of the CA's, more than is harmless. */
  | { readonly kind: "clock-skew"; readonly skewMs: number }
  | { readonly kind: "swept"; readonly count: number }
  /** Something beside the order failed; the order goes on. */
  | { readonly kind: "warning"; readonly message: string };

export type ReportProgress = (progress: IssuanceProgress) => void;
