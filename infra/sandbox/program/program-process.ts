import * as pulumi from "@pulumi/pulumi";
import { openCloudflare } from "../../../src/adapters/cloudflare/cloudflare-api.ts";
import { findMailAutodiscoverError, MailAutodiscoverError } from "../../../src/errors.ts";
import { cloudflareHandlers } from "../runner/cloudflare-handlers.ts";
import { dynamicHandlers } from "../runner/dynamic-handlers.ts";
import { LocalRunner } from "../runner/local-runner.ts";
import { StateFile } from "../runner/state-file.ts";
import type { DomainResult } from "./deployment.ts";
import type { ProgramMessage, ProgramRequest } from "./deploy-locally.ts";
import { refusePublicAddresses } from "./refuse-public-addresses.ts";

const say = (message: ProgramMessage): Promise<void> =>
  new Promise((resolve) => {
    process.send?.(message, () => resolve());
  });

process.once("message", (request: ProgramRequest) => {
  void run(request).finally(() => process.exit());
});

async function run(request: ProgramRequest): Promise<void> {
  try {
    refusePublicAddresses(request.config, process.env);
    const result = await up(request);
    await say({ kind: "done", ...result });
  } catch (error) {
    const known = findMailAutodiscoverError(error);
    await say({
      kind: "failed",
      code: known?.code ?? "internal",
      message: known?.message ?? (error instanceof Error ? error.message : String(error)),
      remedy: known?.remedy ?? "Run again; the state keeps what was done.",
    });
  }
}

async function up(
  request: ProgramRequest,
): Promise<{ domains: Readonly<Record<string, DomainResult>>; stateBytes: number }> {
  const { project, stack, secretConfig } = request;
  const config = { ...request.config, ...secretConfig };
  pulumi.runtime.setAllConfig({ ...config }, Object.keys(secretConfig));
  // As the engine's language host tells a program.
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(Object.keys(secretConfig));
  const state = await StateFile.open(request.stateFolder);
  const client = openCloudflare({
    apiToken: process.env["CLOUDFLARE_API_TOKEN"],
    baseUrl: process.env["CLOUDFLARE_BASE_URL"],
  });
  const { interruptProviders } = await import("pulumi-mail-autodiscover/provider");
  const runner = new LocalRunner({
    project,
    stack,
    state,
    handlers: new Map([...cloudflareHandlers(client), ...(await dynamicHandlers((key) => config[key]))]),
    onEvent: (event) => void say({ kind: "event", event }),
  });
  const interrupt = (): void => {
    const reason = new MailAutodiscoverError("interrupted", "The deployment was interrupted.", {
      remedy: "Run again; it goes on from what was done.",
      retryable: true,
    });
    interruptProviders(reason);
    void runner.stop(reason);
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  // A dependent of a failed resource rejects late and elsewhere; the runner reports the failure itself.
  process.on("unhandledRejection", () => undefined);
  const outputs = await runner.up(async () => ({ ...(await import("../../index.ts")) }));
  return { domains: await plainOutputs(outputs), stateBytes: state.size };
}

async function plainOutputs(outputs: unknown): Promise<Readonly<Record<string, DomainResult>>> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  pulumi.output(outputs as pulumi.Input<object>).apply(resolve);
  const { domains } = (await promise) as { domains: Readonly<Record<string, DomainResult>> };
  return domains;
}
