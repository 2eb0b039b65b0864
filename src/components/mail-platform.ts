import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { StackIdentity } from "../dns/ownership.ts";
import { workerName, workersDevHost } from "../dns/worker-name.ts";
import { AcmeAccount, type ExternalAccountBinding } from "./acme-resources.ts";

export interface MailPlatformArgs {
  readonly accountId: string;
  readonly identity: StackIdentity;
  /** Directory URL of the CA. */
  readonly directoryUrl: string;
  readonly email?: string | undefined;
  /** Another number rolls the ACME account over to a new key. Default 0. */
  readonly accountKeyVersion?: number | undefined;
  /** External account binding for CAs that want one, secret; used when the account is made. */
  readonly eab?: pulumi.Input<ExternalAccountBinding> | undefined;
  /** True: the ACME account is deactivated with the stack, for ever. Default false. */
  readonly deactivateAccount?: boolean | undefined;
  /** Hours between two runs of the pipeline, for the warning that renewals would be missed. */
  readonly scheduleHours?: number | undefined;
  /** The account's workers.dev subdomain; undefined where it has none. */
  readonly workersSubdomain?: string | undefined;
}

const MAIN_MODULE = "worker.mjs";

/** The runtime's behaviour is fixed to this day (developers.cloudflare.com/workers/configuration/compatibility-dates). */
const COMPATIBILITY_DATE = "2026-04-01";

/** What all domains of a program share: the Worker, its KV namespace, and the ACME account. */
export class MailPlatform extends pulumi.ComponentResource {
  readonly accountId: string;
  readonly identity: StackIdentity;
  readonly account: AcmeAccount;
  readonly scheduleHours: number | undefined;
  readonly namespace: cloudflare.WorkersKvNamespace;
  readonly script: cloudflare.WorkersScript;
  /** The Worker's own host; undefined where the account has no workers.dev subdomain. */
  readonly workersDevHost: string | undefined;

  constructor(name: string, args: MailPlatformArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("mail-autodiscover:index:MailPlatform", name, {}, options);
    const { accountId, identity } = args;
    const scriptName = workerName(identity);
    const parent = { parent: this };
    this.accountId = accountId;
    this.identity = identity;
    this.scheduleHours = args.scheduleHours;
    this.account = new AcmeAccount(
      `${name}/account`,
      {
        directoryUrl: args.directoryUrl,
        email: args.email,
        keyVersion: args.accountKeyVersion,
        eab: args.eab,
        deactivateOnDelete: args.deactivateAccount,
      },
      parent,
    );
    this.namespace = new cloudflare.WorkersKvNamespace(
      `${name}/kv`,
      { accountId, title: scriptName },
      parent,
    );
    const bundle = workerBundle();
    this.script = new cloudflare.WorkersScript(
      `${name}/script`,
      {
        accountId,
        scriptName,
        mainModule: MAIN_MODULE,
        // A file, not text: the script stays out of the state.
        contentFile: bundle.path,
        contentSha256: bundle.sha256,
        compatibilityDate: COMPATIBILITY_DATE,
        bindings: [{ name: "MAIL_DOMAINS", type: "kv_namespace", namespaceId: this.namespace.id }],
      },
      parent,
    );
    const { workersSubdomain } = args;
    this.workersDevHost = workersDevHost(identity, workersSubdomain);
    void new cloudflare.WorkersScriptSubdomain(
      `${name}/workers-dev`,
      {
        accountId,
        scriptName: this.script.scriptName,
        enabled: workersSubdomain !== undefined,
        previewsEnabled: false,
      },
      parent,
    );
    this.registerOutputs({});
  }
}

/** The path is relative to the program's folder, so that the state is the same on every machine. */
function workerBundle(): { readonly path: string; readonly sha256: string } {
  const file = fileURLToPath(import.meta.resolve("pulumi-mail-autodiscover/worker"));
  const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
  return { path: relative(process.cwd(), file), sha256 };
}
