import { execFile } from "node:child_process";
import { access, constants, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { MailAutodiscoverError } from "../../../src/errors.ts";
import { pulumiVersion } from "./deploy-with-pulumi.ts";

/** Imports by ids that differ from the canonical id need it; `Pulumi.yaml` asks for the same. */
const OLDEST_PULUMI = [3, 252] as const;

export type Engine =
  | { readonly kind: "pulumi"; readonly version: string }
  | { readonly kind: "local"; readonly reason: string };

/**
 * Chooses what deploys: the engine on the PATH with the real Cloudflare provider, which is installed once where it can be,
 * and otherwise the local runner, with the reason.
 *
 * @throws MailAutodiscoverError `tool-missing` where the engine was asked for by name and is not usable
 */
export async function chooseEngine(
  wanted: "auto" | "pulumi" | "local",
  log: (line: string) => void,
): Promise<Engine> {
  if (wanted === "local") return { kind: "local", reason: "as asked" };
  const version = await pulumiVersion();
  const reason = await unusable(version, log);
  if (reason === undefined && version !== undefined) return { kind: "pulumi", version };
  if (wanted === "auto") return { kind: "local", reason: reason ?? "" };
  throw new MailAutodiscoverError("tool-missing", `The real engine cannot be used: ${reason ?? ""}.`, {
    remedy: `Install Pulumi ${OLDEST_PULUMI.join(".")}.0 or newer with its Cloudflare provider, or use --engine local.`,
  });
}

async function unusable(
  version: string | undefined,
  log: (line: string) => void,
): Promise<string | undefined> {
  if (version === undefined) return "there is no pulumi on the PATH";
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const isOld = major < OLDEST_PULUMI[0] || (major === OLDEST_PULUMI[0] && minor < OLDEST_PULUMI[1]);
  if (isOld) return `pulumi ${version} is older than ${OLDEST_PULUMI.join(".")}.0`;
  return (await hasProvider(log)) ? undefined : "its Cloudflare provider is neither installed nor to be had";
}

async function hasProvider(log: (line: string) => void): Promise<boolean> {
  const wanted = await providerVersion();
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  const onPath = folders.map((folder) => access(join(folder, "pulumi-resource-cloudflare"), constants.X_OK));
  if ((await Promise.allSettled(onPath)).some((found) => found.status === "fulfilled")) return true;
  const listed = await pulumi(["plugin", "ls", "--json"]).catch(() => "[]");
  const plugins = JSON.parse(listed) as readonly { readonly name?: string; readonly version?: string }[];
  if (plugins.some(({ name, version }) => name === "cloudflare" && version === wanted)) return true;
  log(`installing Pulumi's Cloudflare provider ${wanted} (once)`);
  return pulumi(["plugin", "install", "resource", "cloudflare", wanted]).then(
    () => true,
    () => false,
  );
}

/** The provider belongs to the version of its npm package. */
async function providerVersion(): Promise<string> {
  const file = join(import.meta.dirname, "../../../node_modules/@pulumi/cloudflare/package.json");
  return (JSON.parse(await readFile(file, "utf8")) as { version: string }).version;
}

async function pulumi(args: readonly string[]): Promise<string> {
  const environment = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return (await promisify(execFile)("pulumi", [...args], { env: environment, timeout: 120_000 })).stdout;
}
