import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { formatError, MailAutodiscoverError } from "../errors.ts";
import type { MailDomain } from "../spec/mail-domain.ts";
import type { ExternalAccountBinding } from "./acme-resources.ts";
import type { MailPlatformArgs } from "./mail-platform.ts";
import { parseKeyVersion, parseSchedule } from "./settings.ts";

const NAMESPACE = "mail-autodiscover";

/** Reads what the stack's config says of the ACME account and the pipeline. @throws MailAutodiscoverError `invalid-config` */
export function readAccountSettings(): Pick<
  MailPlatformArgs,
  "accountKeyVersion" | "eab" | "deactivateAccount" | "scheduleHours"
> {
  const config = new pulumi.Config(NAMESPACE);
  refusePlainSecret(`${NAMESPACE}:acmeEab`);
  const eab = parseBinding(config.get("acmeEab"));
  return {
    accountKeyVersion: parseKeyVersion(config.get("acmeKeyVersion")),
    eab: eab === undefined ? undefined : pulumi.secret(eab),
    deactivateAccount: config.getBoolean("acmeDeactivateOnDelete"),
    scheduleHours: parseSchedule(config.get("schedule")),
  };
}

/**
 * Reads the provided certificates that domain files name, by domain.
 * @throws MailAutodiscoverError `invalid-config`, with every key that is missing or readable at once
 */
export function readProvidedCertificates(
  specs: readonly MailDomain[],
): ReadonlyMap<string, pulumi.Input<string>> {
  const config = new pulumi.Config(NAMESPACE);
  const named = specs.flatMap(({ domain, certificate }) =>
    certificate.provided === undefined ? [] : [{ domain, key: certificate.provided }],
  );
  const missing = named.filter(({ key }) => (config.get(key) ?? "") === "");
  if (missing.length > 0) {
    throw new MailAutodiscoverError(
      "invalid-config",
      missing
        .map(({ domain, key }) => `${domain}: there is no ${NAMESPACE}:${key} in the config.`)
        .join("\n"),
      {
        remedy: `Set each with "pulumi config set --secret ${NAMESPACE}:KEY < bundle.pem": chain and private key, PEM.`,
      },
    );
  }
  for (const { key } of named) refusePlainSecret(`${NAMESPACE}:${key}`);
  return new Map(named.map(({ domain, key }) => [domain, config.requireSecret(key)]));
}

/**
 * Checks the provided certificates before the first change: on a first `up` no preview calls the provider.
 * @throws MailAutodiscoverError `certificate-mismatch`, with all that is wrong of every bundle
 */
export async function checkProvidedCertificates(
  specs: readonly MailDomain[],
  options: { readonly hostsOf: (spec: MailDomain) => readonly string[]; readonly caFile: string | undefined },
): Promise<void> {
  const config = new pulumi.Config(NAMESPACE);
  const named = specs.filter(({ certificate }) => certificate.provided !== undefined);
  if (named.length === 0) return;
  // The parser of certificates takes a while to load, and most programs have none to check.
  const { parseProvidedCertificate } = await import("../certificates/provided/provided-certificate.ts");
  const roots = options.caFile === undefined ? undefined : [readFileSync(options.caFile, "utf8")];
  const problems = named.flatMap((spec) => {
    try {
      parseProvidedCertificate(config.require(spec.certificate.provided ?? ""), {
        hosts: options.hostsOf(spec),
        now: new Date(),
        ...(roots === undefined ? {} : { roots }),
      });
      return [];
    } catch (error) {
      return [`${spec.domain}: ${formatError(error)}`];
    }
  });
  if (problems.length === 0) return;
  throw new MailAutodiscoverError("certificate-mismatch", problems.join("\n"), {
    remedy: "Put a whole bundle into the config, chain and key; nothing was changed.",
  });
}

/**
 * Refuses a secret that is readable in the stack's file: it would reach the repository.
 * @throws MailAutodiscoverError `invalid-config`
 */
export function refusePlainSecret(key: string): void {
  const [namespace, name] = key.split(":", 2) as [string, string];
  const secretKeys: unknown = JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]");
  const isSecret = Array.isArray(secretKeys) && secretKeys.includes(key);
  if (isSecret || new pulumi.Config(namespace).get(name) === undefined) return;
  throw new MailAutodiscoverError("invalid-config", `${key} is in the config as plain text.`, {
    remedy: `Set it with "pulumi config set --secret ${key}", and replace the secret that was readable.`,
  });
}

/** The message never shows the text: half of it is a key. */
function parseBinding(text: string | undefined): ExternalAccountBinding | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    const value = JSON.parse(text) as Partial<ExternalAccountBinding> | null;
    const { kid, hmacKey } = value ?? {};
    if (typeof kid === "string" && typeof hmacKey === "string" && kid !== "" && hmacKey !== "")
      return { kid, hmacKey };
  } catch {
    // Said below.
  }
  throw new MailAutodiscoverError("invalid-config", `${NAMESPACE}:acmeEab is not usable.`, {
    remedy: `Set it with "pulumi config set --secret ${NAMESPACE}:acmeEab" to {"kid": "...", "hmacKey": "..."} as the CA gave them.`,
  });
}
