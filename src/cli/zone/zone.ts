import { Option, type Command } from "commander";
import type { CliIo } from "../cli-io.ts";
import { readHost } from "../arguments/read-host.ts";

export interface ZoneOptions {
  /** Zones that hold the domains; a domain outside all of them is an error. Empty: each domain is a zone. */
  readonly zone: readonly string[];
  readonly workersDevHost?: string;
  readonly json?: boolean;
}

const JSON_SHAPE = `
With --json:
  { "version": 1, "domains": [ { "domain", "zone", "records": [
    { "name", "type", "ttl", "proxied", "content"?, "priority"?, "data"?, "purpose", "logicalName" } ] } ] }
The list has one entry for each domain, sorted by name, also where there is only one. A ttl of 1 is Cloudflare's "automatic".`;

/** Adds `zone FILE...`: the records that domain files ask for, as BIND zones or as JSON. It asks no network. */
export function addZoneCommand(program: Command, io: CliIo): void {
  program
    .command("zone")
    .description("Print the records that domain files ask for, as a BIND zone.")
    .argument("<file...>", "domain files (YAML) and folders of them; - reads the standard input")
    .addOption(
      new Option("--zone <name>", "zone that holds the domain; repeatable")
        .default([], "the domain itself")
        .argParser(addHost),
    )
    .option(
      "--workers-dev-host <host>",
      "the Worker's workers.dev host, target of _autodiscover._tcp",
      readHost,
    )
    .option("--json", "print the records' values as JSON")
    .addHelpText("after", JSON_SHAPE)
    .action(async (files: readonly string[], options: ZoneOptions) => {
      const { printZones } = await import("./print-zones.ts");
      await printZones(files, options, io);
    });
}

function addHost(text: string, former: readonly string[]): readonly string[] {
  return [...former, readHost(text)];
}
