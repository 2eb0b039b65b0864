import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { access, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { MailAutodiscoverError } from "../../../src/errors.ts";
import {
  STACK,
  type ChangeSummary,
  type DeploymentOptions,
  type DeploymentResult,
  type DomainResult,
} from "./deployment.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** Returns the version of the `pulumi` on the PATH; undefined where there is none. */
export async function pulumiVersion(): Promise<string | undefined> {
  try {
    return (await run(["version"], process.env, () => undefined)).trim();
  } catch {
    return undefined;
  }
}

/** Runs one command of the engine on the sandbox's stack and returns what it printed. */
export type PulumiStack = (args: readonly string[], log?: (line: string) => void) => Promise<string>;

/** Opens the sandbox's stack, its state in a file backend and its config in the state folder. */
export async function openPulumiStack(options: DeploymentOptions): Promise<PulumiStack> {
  const backend = join(options.stateFolder, "pulumi");
  await mkdir(backend, { recursive: true, mode: 0o700 });
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    // The language host takes the first Node on the PATH; this process runs on one that strips types.
    PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: await passphraseFile(options.stateFolder),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    CLOUDFLARE_API_TOKEN: options.apiToken,
    CLOUDFLARE_BASE_URL: options.baseUrl,
  };
  const configFile = join(options.stateFolder, `Pulumi.${STACK}.yaml`);
  const pulumi: PulumiStack = (args, log = () => undefined) => {
    const config = WITH_CONFIG.has(args[0] ?? "") ? ["--config-file", configFile] : [];
    return run([...args, "--stack", STACK, ...config, "--non-interactive"], environment, log, options.signal);
  };
  await selectStack(configFile, () =>
    run(["stack", "select", "--create", STACK, "--non-interactive"], environment, () => undefined),
  );
  const pairs = Object.entries(options.config).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
  await pulumi(["config", "set-all", ...pairs]);
  for (const [key, value] of Object.entries(options.secretConfig ?? {})) {
    // Over standard input: a command line is readable by everybody on the machine.
    const args = ["config", "set", "--secret", key, "--stack", STACK, "--config-file", configFile];
    await run([...args, "--non-interactive"], environment, () => undefined, options.signal, value);
  }
  return pulumi;
}

/** Commands that read the stack's config. */
const WITH_CONFIG: ReadonlySet<string> = new Set(["config", "preview", "up", "refresh", "destroy"]);

/** Deploys with the real engine. */
export async function deployWithPulumi(options: DeploymentOptions): Promise<DeploymentResult> {
  const pulumi = await openPulumiStack(options);
  await pulumi(["up", "--yes", "--skip-preview", "--suppress-outputs"], options.log);
  const history = JSON.parse(await pulumi(["stack", "history", "--json", "--page-size", "1"])) as {
    resourceChanges?: Partial<Record<string, number>>;
  }[];
  const outputs = JSON.parse(await pulumi(["stack", "output", "--json"])) as {
    domains: Readonly<Record<string, DomainResult>>;
  };
  return {
    changes: summary(history[0]?.resourceChanges ?? {}),
    domains: outputs.domains,
    stateBytes: Buffer.byteLength(await pulumi(["stack", "export"])),
  };
}

function summary(changes: Partial<Record<string, number>>): ChangeSummary {
  const of = (key: string): number => changes[key] ?? 0;
  return {
    create: of("create"),
    import: of("import"),
    update: of("update"),
    replace: of("replace"),
    delete: of("delete"),
    same: of("same"),
  };
}

/** A new stack's settings are written beside `Pulumi.yaml`; the sandbox keeps its own in the state folder. */
async function selectStack(configFile: string, select: () => Promise<unknown>): Promise<void> {
  const written = join(ROOT, `Pulumi.${STACK}.yaml`);
  const exists = (path: string): Promise<boolean> =>
    access(path).then(
      () => true,
      () => false,
    );
  const wasThere = await exists(written);
  await select();
  if (wasThere || !(await exists(written))) return;
  if (!(await exists(configFile))) await copyFile(written, configFile);
  await rm(written);
}

async function passphraseFile(folder: string): Promise<string> {
  const path = join(folder, "passphrase");
  await access(path).catch(() => writeFile(path, randomBytes(24).toString("base64url"), { mode: 0o600 }));
  await readFile(path);
  return path;
}

function run(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  log: (line: string) => void,
  signal?: AbortSignal,
  input = "",
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn("pulumi", args, {
    cwd: ROOT,
    env: environment,
    stdio: ["pipe", "pipe", "pipe"],
    // An interrupt from the terminal reaches it once, handed on from here: a second one ends the engine at once.
    detached: true,
  });
  let output = "";
  let errors = "";
  // A command that ends before it read its input tells so by its exit code.
  child.stdin.on("error", () => undefined).end(input);
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    for (const line of text.split("\n").filter((item) => item.trim() !== "")) log(line);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const interrupt = (): void => void child.kill("SIGINT");
  signal?.addEventListener("abort", interrupt, { once: true });
  child.once("error", reject);
  child.once("close", (code) => {
    signal?.removeEventListener("abort", interrupt);
    if (code === 0) {
      resolve(output);
      return;
    }
    reject(
      new MailAutodiscoverError(
        "internal",
        `pulumi ${args[0] ?? ""} ended with ${code ?? "a signal"}:\n${errors}${output}`,
        {
          remedy: "Correct what the engine names, and run again.",
        },
      ),
    );
  });
  return promise;
}
