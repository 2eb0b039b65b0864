import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as AcmeClient from "../../src/adapters/acme/acme-client.ts";
import type * as Resolver from "../../src/adapters/resolver/authoritative-resolver.ts";
import type * as Key from "../../src/certificates/certificate-key.ts";
import type * as Clock from "../../src/certificates/clock.ts";
import type * as Issue from "../../src/certificates/order/issue-certificate.ts";
import type { AcmeContender, AcmeJob } from "./acme-job.ts";
import { changeRecord } from "./acme-records.ts";

/** Obtains one certificate. */
export type Obtain = (names: readonly string[]) => Promise<void>;

/** Opens a contender for a job; it loads its library here, as a program that starts for the job does. */
export const CONTENDERS: Readonly<Record<AcmeContender, (job: AcmeJob) => Promise<Obtain>>> = {
  "this package": openThisPackage,
  "acme-client auto()": (job) => openAuto(job, {}),
  "acme-client auto(), 20 ms": (job) =>
    openAuto(job, { backoffMin: 20, backoffMax: 20, backoffAttempts: 500 }),
};

async function openThisPackage(job: AcmeJob): Promise<Obtain> {
  const load = async <T>(path: string): Promise<T> =>
    (await import(pathToFileURL(join(job.distDir, path)).href)) as T;
  const { openAcmeService } = await load<typeof AcmeClient>("adapters/acme/acme-client.js");
  const { openAuthoritativeResolver } = await load<typeof Resolver>(
    "adapters/resolver/authoritative-resolver.js",
  );
  const { issueCertificate } = await load<typeof Issue>("certificates/order/issue-certificate.js");
  const { createCertificateKey } = await load<typeof Key>("certificates/certificate-key.js");
  const { systemClock } = await load<typeof Clock>("certificates/clock.js");
  const { directoryUrl, accountKeyPem, accountUrl, recordsUrl } = job;
  const network = { ca: await readFile(job.caFile, "utf8") };
  const acme = openAcmeService({ directoryUrl, accountKeyPem, accountUrl, network });
  const propagation = openAuthoritativeResolver({ authoritative: job.dnsServer });
  const challenges = {
    publish: async (name: string, values: readonly string[]) => {
      for (const value of values) await changeRecord(recordsUrl, "present", name, value);
      return values.map((value) => ({ name, value, recordId: value }));
    },
    remove: async (records: readonly { readonly name: string; readonly value: string }[]) => {
      for (const { name, value } of records) await changeRecord(recordsUrl, "cleanup", name, value);
    },
    sweep: () => Promise.resolve(0),
  };
  return async (names) => {
    const privateKeyPem = await createCertificateKey("P-256");
    await issueCertificate({ names, privateKeyPem }, { acme, challenges, propagation, clock: systemClock });
  };
}

/** As its README shows it, with its own look at the DNS off, which asks the public one. */
async function openAuto(job: AcmeJob, backoff: object): Promise<Obtain> {
  const { Client, crypto } = await import("acme-client");
  const { directoryUrl, accountKeyPem, accountUrl, recordsUrl } = job;
  const client = new Client({ directoryUrl, accountKey: accountKeyPem, accountUrl, ...backoff });
  const recordOf = ({ identifier }: { readonly identifier: { readonly value: string } }): string =>
    `_acme-challenge.${identifier.value}`;
  return async (names) => {
    const key = await crypto.createPrivateEcdsaKey("P-256");
    const [, csr] = await crypto.createCsr({ altNames: [...names] }, key);
    await client.auto({
      csr,
      termsOfServiceAgreed: true,
      skipChallengeVerification: true,
      challengePriority: ["dns-01"],
      challengeCreateFn: (authz, _challenge, value) =>
        changeRecord(recordsUrl, "present", recordOf(authz), value),
      challengeRemoveFn: (authz, _challenge, value) =>
        changeRecord(recordsUrl, "cleanup", recordOf(authz), value),
    });
  };
}
