import type { CertificateFile } from "./domain-file.ts";
import type { CertificateSpec } from "./mail-domain.ts";
import { parseHostField } from "./parse-host-field.ts";
import { specIssue, type Report } from "./spec-issue.ts";

/** Turns the `certificate` block into its part of the model. */
export function parseCertificate(file: CertificateFile = {}, report: Report): CertificateSpec {
  if (file.provided !== undefined && (file.layout ?? "single") !== "single") {
    report(
      specIssue(
        ["certificate", "layout"],
        file.layout,
        "cannot be had with a provided certificate, which is one",
        "Leave layout out, or let the module order the certificates.",
      ),
    );
  }
  return {
    additionalNames: names("additionalNames", file, report),
    keyType: file.keyType ?? "P-256",
    profile: file.profile,
    layout: file.layout ?? "single",
    keyVersion: file.keyVersion ?? 0,
    preferredChain: file.preferredChain,
    delegatedNames: names("delegatedNames", file, report),
    revokeOnDelete: file.revokeOnDelete ?? false,
    renewalFailure: file.renewalFailure ?? "warn",
    provided: file.provided,
    deployTo: (file.deployTo ?? []).map(({ directory, certificate }) => ({
      kind: "directory",
      path: directory,
      certificate: certificate ?? "mail",
    })),
  };
}

function names(key: "additionalNames" | "delegatedNames", file: CertificateFile, report: Report): string[] {
  return (file[key] ?? []).map((name, index) => {
    const path = ["certificate", key, index];
    return name.startsWith("*.")
      ? `*.${parseHostField(path, name.slice(2), report)}`
      : parseHostField(path, name, report);
  });
}
