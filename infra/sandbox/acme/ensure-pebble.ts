import { execFile } from "node:child_process";
import { access, constants, mkdir, readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { MailAutodiscoverError } from "../../../src/errors.ts";

const run = promisify(execFile);

/** The version that this sandbox was written against; it has ARI, `replaces` and profiles. */
const PEBBLE_VERSION = "v2.10.1";
const PEBBLE_MODULE = "github.com/letsencrypt/pebble/v2/cmd/pebble";

/** A build from a cold module cache takes about 40 s; a slow network gets more. */
const INSTALL_TIMEOUT_MS = 300_000;

export interface EnsurePebbleOptions {
  /** Receives what is built or unpacked; made where absent. */
  readonly cacheDir: string;
  /** Told one line before each thing that takes time or fails. */
  readonly log: (line: string) => void;
  /** Default `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface PebbleProgram {
  readonly path: string;
  /** For a person; a build by `go install` calls itself "dev". */
  readonly version: string;
}

/**
 * Returns Pebble, Let's Encrypt's test CA: from the PATH, from the cache, built by Go, or out of Debian's package, in this order.
 *
 * @throws MailAutodiscoverError `tool-missing` where none of these is to be had
 */
export async function ensurePebble(options: EnsurePebbleOptions): Promise<PebbleProgram> {
  const { cacheDir, log, env = process.env } = options;
  const installed = await findOnPath("pebble", env);
  if (installed !== undefined) return { path: installed, version: await askVersion(installed) };

  const goDir = join(cacheDir, `pebble-${PEBBLE_VERSION}`);
  const debianDir = join(cacheDir, "pebble-debian");
  const built = { path: join(goDir, "pebble"), version: `${PEBBLE_VERSION} (go install)` };
  const unpacked = { path: join(debianDir, "root/usr/bin/pebble"), version: "of Debian's package" };
  if (await isExecutable(built.path)) return built;

  const failures: string[] = [];
  const ways = [
    { program: built, tool: "go", install: () => goInstall(goDir, env, log) },
    { program: unpacked, tool: "apt-get", install: () => unpackDebian(debianDir, env, log) },
  ];
  for (const { program, tool, install } of ways) {
    if (await isExecutable(program.path)) return program;
    if ((await findOnPath(tool, env)) === undefined) {
      failures.push(`${tool} is not installed`);
      continue;
    }
    try {
      await install();
      if (await isExecutable(program.path)) return program;
      failures.push(`${tool} made no ${program.path}`);
    } catch (error) {
      failures.push(`${tool}: ${lastLine(error)}`);
      log(`${tool} could not provide Pebble: ${lastLine(error)}`);
    }
  }
  throw new MailAutodiscoverError("tool-missing", `Pebble is not to be had: ${failures.join("; ")}.`, {
    remedy: `Install Go and run "go install ${PEBBLE_MODULE}@${PEBBLE_VERSION}", or put a pebble on the PATH.`,
  });
}

async function goInstall(
  directory: string,
  env: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<void> {
  log(`Building Pebble ${PEBBLE_VERSION} with go install (once, into ${directory})`);
  await mkdir(directory, { recursive: true });
  await run("go", ["install", `${PEBBLE_MODULE}@${PEBBLE_VERSION}`], {
    env: { ...env, GOBIN: directory },
    timeout: INSTALL_TIMEOUT_MS,
  });
}

/** Unpacked, not installed: that needs no root and leaves the system as it is. */
async function unpackDebian(
  directory: string,
  env: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<void> {
  log(
    `Unpacking Debian's pebble package (once, into ${directory}); it is older and may lack ARI and profiles`,
  );
  await mkdir(directory, { recursive: true });
  const options = { cwd: directory, env, timeout: INSTALL_TIMEOUT_MS };
  await run("apt-get", ["download", "pebble"], options);
  const archive = (await readdir(directory)).find((name) => name.endsWith(".deb"));
  if (archive === undefined) throw new Error("apt-get download left no package");
  await run("dpkg", ["-x", archive, "root"], options);
}

async function findOnPath(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const candidates = (env["PATH"] ?? "").split(delimiter).filter((directory) => directory !== "");
  for (const directory of candidates) {
    const path = join(directory, program);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function askVersion(path: string): Promise<string> {
  // Old releases, Debian's 2.4.0 among them, have no such flag.
  const { stdout } = await run(path, ["-version"], { timeout: 10_000 }).catch(() => ({ stdout: "unknown" }));
  return stdout.replace("Pebble version:", "").trim();
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return (stderr?.trim() || message || String(error)).split("\n").at(-1) ?? "";
}
