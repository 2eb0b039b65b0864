import * as pulumi from "@pulumi/pulumi";
import { readDomainFiles } from "../adapters/folders/domain-files.ts";
import {
  observeWorkersSubdomain,
  observeZones,
  openCloudflare,
  RequestCount,
  requireZones,
  type Zone,
} from "../adapters/cloudflare/cloudflare-api.ts";
import { planZones } from "../adapters/cloudflare/plan-zones.ts";
import { mailHostOwner, mailHosts } from "../dns/mail-host-owner.ts";
import { renderProblems } from "../dns/plan/render-problems.ts";
import { workersDevHost } from "../dns/worker-name.ts";
import { formatError, MailAutodiscoverError } from "../errors.ts";
import type { MailDomain as MailDomainSpec } from "../spec/mail-domain.ts";
import { requireDomainFiles } from "../spec/parse-domain-files.ts";
import { MailDomain, type MailDomainArgs } from "./mail-domain.ts";
import { MailPlatform, type MailPlatformArgs } from "./mail-platform.ts";
import { presentingHosts } from "./certificate-deployment.ts";
import { digestsOf, readDeployedState } from "./deployed-records.ts";
import { explainInPreview } from "./explain-in-preview.ts";
import { findStaleChallenges } from "./stale-challenges.ts";
import {
  checkProvidedCertificates,
  readAccountSettings,
  readProvidedCertificates,
  refusePlainSecret,
} from "./secret-config.ts";
import { acmeDirectory, caaIssuer, readProviderSettings, type ConfigReader } from "./settings.ts";

/** What a program needs to know before it registers the first resource. */
export interface Inventory {
  readonly platform: MailPlatformArgs;
  /** By domain, without the platform. */
  readonly domains: readonly Omit<MailDomainArgs, "platform">[];
  /** What was read of the zones, and what it cost. */
  readonly summary: string;
}

export interface InventoryOptions {
  /** Folder of the domain files (`*.yaml`, `*.yml`) where the config's `domains` names none. */
  readonly domainsFolder: string;
}

/** Reads the stack's config as a provider would see it: plain keys, secrets decrypted. */
export const stackConfig: ConfigReader = (key) => {
  const [namespace, name] = key.split(":", 2);
  return new pulumi.Config(namespace).get(name ?? "");
};

/**
 * Reads the domain files, the stack's config, and the zones as they are: one request for 50 zones, two for each zone
 * that holds a record of the program, and two for the account. Everything that can be refused is refused here, before
 * the first change.
 *
 * @throws MailAutodiscoverError `invalid-spec`, `invalid-config`, `cloudflare-token-missing`, `cloudflare-token-refused`,
 * `zone-not-found`, `plan-refused`
 */
export async function readInventory(options: InventoryOptions): Promise<Inventory> {
  try {
    return await observeInventory(options);
  } catch (error) {
    // The engine prints a RunError without a stack trace.
    throw Object.assign(new pulumi.RunError(formatError(error)), { cause: error });
  }
}

async function observeInventory(options: InventoryOptions): Promise<Inventory> {
  const settings = readProviderSettings(stackConfig, process.env);
  refusePlainSecret("cloudflare:apiToken");
  const specs = await readDomains(stackConfig("mail-autodiscover:domains") ?? options.domainsFolder);
  const provided = readProvidedCertificates(specs);
  const ownedMailHosts = (spec: MailDomainSpec): readonly string[] =>
    mailHosts(spec).filter((host) => mailHostOwner(host, specs) === spec);
  await checkProvidedCertificates(specs, {
    hostsOf: (spec) => presentingHosts(spec, ownedMailHosts(spec)),
    caFile: settings.network.caFile,
  });
  const count = new RequestCount();
  const client = openCloudflare({ ...settings, count });
  const zones = await observeZones(client);
  const byDomain = requireZones(
    specs.map((spec) => spec.domain),
    zones,
  );
  const identity = { project: pulumi.getProject(), stack: pulumi.getStack() };
  const accountId = chooseAccount(byDomain);
  const directoryUrl = acmeDirectory(stackConfig("mail-autodiscover:acmeDirectory"));
  const workersSubdomain = await observeWorkersSubdomain(client, accountId);
  const deployed = await readDeployedState();
  const devHost = workersDevHost(identity, workersSubdomain);
  const { plan, observed } = await planZones(client, {
    specs,
    zones,
    zoneOf: (domain) => byDomain.get(domain) as Zone,
    identity,
    workersDevHost: devHost,
    caIssuer: requireCaaIssuer(specs, directoryUrl),
    deployed: deployed?.records,
    publishedDigests: digestsOf(deployed?.settings),
    resolver: settings.network.resolver,
  });
  if (plan.problems.length > 0) {
    throw new MailAutodiscoverError(
      "plan-refused",
      `${plural(plan.problems.length, "problem")} in the plan:\n${renderProblems(plan.problems, specs)}`,
      { remedy: "Mend them and run again; nothing was changed." },
    );
  }
  const explained = await explainInPreview({
    domains: specs,
    zones: observed,
    visibleZones: zones.map(({ name }) => name),
    plan,
    identity,
    workersDevHost: devHost,
    publishedSettings: deployed?.settings,
  });
  const stale = findStaleChallenges(observed, specs, new Date());
  const records = observed.reduce((sum, zone) => sum + zone.records.length, 0);
  return {
    platform: {
      accountId,
      identity,
      directoryUrl,
      email: stackConfig("mail-autodiscover:acmeEmail"),
      ...readAccountSettings(),
      workersSubdomain,
    },
    domains: specs.map((spec) => ({
      spec,
      zone: byDomain.get(spec.domain) as Zone,
      zones: zones.map(({ id, name }) => ({ id, name })),
      certificateDirectory: stackConfig("mail-autodiscover:certificateDirectory"),
      ownedMailHosts: ownedMailHosts(spec),
      plan: plan.domains.get(spec.domain),
      staleChallenges: stale.get(spec.domain),
      providedPem: provided.get(spec.domain),
      notices: [...plan.notices, ...explained].filter(({ domain }) => domain === spec.domain),
    })),
    summary: `${plural(observed.length, "zone")} with ${plural(records, "record")} read in ${plural(count.requests, "Cloudflare request")}`,
  };
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Deploys an inventory and returns what the stack exports, by domain. */
export function deployInventory(inventory: Inventory): Readonly<Record<string, DomainOutputs>> {
  void pulumi.log.info(inventory.summary);
  const platform = new MailPlatform("mail-platform", inventory.platform);
  return Object.fromEntries(
    inventory.domains.map((args) => {
      const { settingsUrl, certificateNames, notAfter, nextRenewal, renewBefore } = new MailDomain(
        args.spec.domain,
        { ...args, platform },
      );
      return [args.spec.domain, { settingsUrl, certificateNames, notAfter, nextRenewal, renewBefore }];
    }),
  );
}

/** What the stack exports for a domain. */
export type DomainOutputs = Pick<
  MailDomain,
  "settingsUrl" | "certificateNames" | "notAfter" | "nextRenewal" | "renewBefore"
>;

async function readDomains(folder: string): Promise<readonly MailDomainSpec[]> {
  const files = await readDomainFiles(folder).catch((cause: unknown) => {
    throw new MailAutodiscoverError(
      "invalid-config",
      `The folder of domain files cannot be read: ${folder}`,
      {
        remedy: "Set mail-autodiscover:domains to the folder that holds one YAML file a domain.",
        cause,
      },
    );
  });
  return requireDomainFiles(files);
}

/** A CAA record with a wrong issuer would lock the CA out of the domain. */
function requireCaaIssuer(specs: readonly MailDomainSpec[], directoryUrl: string): string | undefined {
  const issuer = caaIssuer(directoryUrl, stackConfig("mail-autodiscover:caaIssuer"));
  const asking = specs.filter(({ delivery }) => delivery.caa !== undefined).map(({ domain }) => domain);
  if (issuer !== undefined || asking.length === 0) return issuer;
  throw new MailAutodiscoverError(
    "invalid-config",
    `${asking.join(", ")}: CAA records are asked for, and the issuer name of the CA at ${directoryUrl} is not known.`,
    { remedy: "Set mail-autodiscover:caaIssuer to the name that the CA's documentation gives." },
  );
}

/** The stack's provider and Worker belong to one account: the config's, the environment's, or that of the zones. */
function chooseAccount(zones: ReadonlyMap<string, Zone>): string {
  const named = stackConfig("mail-autodiscover:accountId") ?? process.env["CLOUDFLARE_ACCOUNT_ID"];
  const accounts = [...new Set([...zones.values()].map((zone) => zone.accountId))];
  const [only] = accounts;
  if (named !== undefined) return named;
  if (accounts.length === 1 && only !== undefined && only !== "") return only;
  throw new MailAutodiscoverError(
    "invalid-config",
    accounts.length === 0
      ? "There is no domain file, so the Cloudflare account is not known."
      : `The zones lie in ${accounts.length} Cloudflare accounts: ${accounts.join(", ")}.`,
    {
      remedy:
        "Set mail-autodiscover:accountId, and keep the domains of another account in a stack of their own.",
    },
  );
}
