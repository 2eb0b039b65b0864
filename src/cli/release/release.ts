import type { Command } from "commander";
import type { CliIo } from "../cli-io.ts";
import { parseReleaseTarget, parseStackName, type ReleaseTarget } from "./release-target.ts";

export interface ReleaseOptions {
  /** The owner as an ownership comment shows it; undefined means any, as long as there is one only. */
  readonly stack?: string;
  /** Output of `pulumi stack export`: a file, or `-`. */
  readonly state?: string;
  readonly yes?: boolean;
}

/** Adds `release NAME`: clears the ownership comment of records that no state knows, so that `adopt` takes them. */
export function addReleaseCommand(program: Command, io: CliIo): void {
  program
    .command("release")
    .description(
      "Clear the ownership comment of a record that no stack's state knows any more, so that a domain file can adopt it.",
    )
    .argument("<name>", "the record: NAME or NAME/TYPE, with the name in full", parseReleaseTarget)
    .option("--stack <project/stack>", "only records of this stack", parseStackName)
    .option(
      "--state <file>",
      "refuse records that this output of `pulumi stack export` holds; - reads the standard input",
    )
    .option("--yes", "do not ask")
    .addHelpText("after", "\nReads CLOUDFLARE_API_TOKEN, and CLOUDFLARE_BASE_URL where it is set.")
    .action(async (target: ReleaseTarget, options: ReleaseOptions) => {
      const { releaseRecords } = await import("./release-records.ts");
      await releaseRecords(target, options, io);
    });
}
