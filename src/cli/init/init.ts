import { Option, type Command } from "commander";
import type { CliIo } from "../cli-io.ts";
import { addNetworkOptions, type NetworkOptions } from "../network/network-options.ts";

export interface InitOptions extends NetworkOptions {
  readonly output?: string;
  readonly force?: true;
  readonly adopt: boolean;
}

const NOTES = `
It asks the domain's DNS, the documents that it, its mail provider or Mozilla's database publish, and the usual mail
ports; nobody logs in. What equals the defaults or a provider's preset is left out; what it was not sure of stands in
comments. Nothing is changed: "mail-autodiscover explain" of the file shows what would change.

Exit codes: 0 written, 1 failed, 2 wrong usage, 3 written, but no mail server was found or nothing could be looked up.`;

/** Adds `init DOMAIN`: the domain file that describes a living domain. */
export function addInitCommand(program: Command, io: CliIo): void {
  const command = program
    .command("init")
    .description("Look at a living domain and write the domain file that describes it.")
    .argument("<domain>", "the mail domain");
  addNetworkOptions(command)
    .option("--output <file>", "write to a file that is not there yet (default: the standard output)")
    .option("--force", "overwrite the file of --output")
    .addOption(new Option("--no-adopt", "leave out the list of records that stand already"))
    .addHelpText("after", NOTES)
    .action(async (domain: string, options: InitOptions) => {
      const { initDomain } = await import("./init-domain.ts");
      await initDomain(domain, options, io);
    });
}
