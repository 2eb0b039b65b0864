import { Option, type Command } from "commander";
import type { CliIo } from "../cli-io.ts";
import { DOCUMENT_NAMES, type RenderedName } from "./render-names.ts";

export interface RenderOptions {
  readonly document: RenderedName;
  readonly address?: string;
  readonly language?: string;
}

const NOTES = `
Documents:
${Object.entries(DOCUMENT_NAMES)
  .map(([name, what]) => `  ${name.padEnd(16)} ${what}`)
  .join("\n")}`;

/** Adds `render FILE`: any document that the responder would serve for a domain file. It asks no network. */
export function addRenderCommand(program: Command, io: CliIo): void {
  program
    .command("render")
    .description("Print a document of a domain as it would be served.")
    .argument("<file>", "domain file (YAML); - reads the standard input")
    .addOption(
      new Option("--document <name>", "which one; the names are below")
        .choices(Object.keys(DOCUMENT_NAMES))
        .makeOptionMandatory(),
    )
    .option(
      "--address <address>",
      "mailbox, for the documents that name one: autodiscover, mobileconfig; of an alias for the alias's documents",
    )
    .option("--language <tag>", "language of settings-page; one of the domain's")
    .addHelpText("after", NOTES)
    .action(async (file: string, options: RenderOptions) => {
      const { renderNamed } = await import("./render-named.ts");
      io.stdout.write(await renderNamed(file, options, io));
    });
}
