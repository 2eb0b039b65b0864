import { styleText } from "node:util";
import type { DomainReport } from "../../src/doctor/domain-report.ts";
import { exitCodeOf } from "../../src/doctor/finding.ts";
import { renderReportText } from "../../src/doctor/render-report-text.ts";
import { judgedOf } from "../../src/doctor/report-verdict.ts";
import { formatError, MailAutodiscoverError } from "../../src/errors.ts";
import { readSandboxInventory } from "./inventory.ts";
import { parseOptions, USAGE, type SandboxOptions } from "./options.ts";
import { renderChanges, type DeploymentResult } from "./program/deployment.ts";
import { deployLocally } from "./program/deploy-locally.ts";
import { chooseEngine } from "./program/choose-engine.ts";
import { deployWithPulumi } from "./program/deploy-with-pulumi.ts";
import { sandboxConfig, startSandbox, writeEndpoints, type Sandbox } from "./sandbox.ts";
import { verifySandbox } from "./verify.ts";

const started = performance.now();
const isTerminal = process.stdout.isTTY;

/** What lasts is told as it happens, with the seconds since the command. */
function log(line: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  console.log(`${isTerminal ? styleText("dim", `${seconds}s`) : `${seconds}s`}  ${line}`);
}

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interruption.abort(
      new MailAutodiscoverError("interrupted", "The sandbox was interrupted.", {
        remedy: "Run it again; it goes on from what was done.",
      }),
    );
  });
}

process.exitCode = await main(process.argv.slice(2));
// Whatever a runtime left open must not keep the process.
process.exit();

async function main(argv: readonly string[]): Promise<number> {
  let sandbox: Sandbox | undefined;
  try {
    const options = parseOptions(argv);
    if (options === undefined) {
      process.stdout.write(USAGE);
      return 0;
    }
    const inventory = await readSandboxInventory(options.domains, options.preload);
    log(
      `${inventory.domains.length} domain(s) in ${inventory.zones.length} zone(s), state in ${options.state}`,
    );
    sandbox = await startSandbox(options, inventory, log);
    const result = await deploy(options, sandbox);
    const endpoints = await writeEndpoints(sandbox, options.state);
    const verified = await verifySandbox(sandbox, inventory);
    report(result, verified, sandbox);
    const code = exitCodeOf(verified.flatMap(judgedOf));
    if (options.once) return code;
    log(`ready; endpoints in ${endpoints}; Ctrl-C ends it`);
    await aborted(interruption.signal);
    return code;
  } catch (error) {
    process.stderr.write(
      `\n${formatError(interruption.signal.aborted ? interruption.signal.reason : error)}\n`,
    );
    if (interruption.signal.aborted) return 130;
    return error instanceof MailAutodiscoverError && error.code === "usage" ? 2 : 1;
  } finally {
    await sandbox?.close();
  }
}

async function deploy(options: SandboxOptions, sandbox: Sandbox): Promise<DeploymentResult> {
  const engine = await chooseEngine(options.engine, log);
  log(
    engine.kind === "local"
      ? `deploying with the local runner: ${engine.reason}`
      : `deploying with pulumi ${engine.version}`,
  );
  const deployer = engine.kind === "local" ? deployLocally : deployWithPulumi;
  return deployer({
    config: sandboxConfig(sandbox, options.domains),
    apiToken: sandbox.apiToken,
    baseUrl: sandbox.api.url,
    stateFolder: options.state,
    log,
    signal: interruption.signal,
  });
}

function report(result: DeploymentResult, verified: readonly DomainReport[], sandbox: Sandbox): void {
  log(renderChanges(result.changes));
  const acme = sandbox.pebble.requests();
  log(
    `${sandbox.api.requests.total} API requests, ${acme.orders} ACME orders, ${acme.total} ACME requests, ${result.stateBytes} bytes of state`,
  );
  for (const { domain } of verified) {
    const outputs = result.domains[domain];
    process.stdout.write(`\n${isTerminal ? styleText("bold", domain) : domain}\n`);
    if (outputs !== undefined) {
      process.stdout.write(`settings      ${outputs.settingsUrl}\n`);
      process.stdout.write(`certificate   ${outputs.certificateNames.join(", ")}\n`);
      process.stdout.write(`valid until   ${outputs.notAfter}, renewed from ${outputs.nextRenewal}\n`);
    }
    const user = sandbox.users.find((item) => item.address.endsWith(`@${domain}`));
    if (user !== undefined)
      process.stdout.write(`try           ${user.address} (password in endpoints.json)\n`);
  }
  process.stdout.write(`\n${renderReportText(verified, { colour: isTerminal })}\n`);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const keepAlive = setInterval(() => undefined, 60_000);
    const end = (): void => {
      clearInterval(keepAlive);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}
