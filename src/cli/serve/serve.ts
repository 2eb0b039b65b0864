import { InvalidArgumentError, type Command } from "commander";
import type { ListenAddress } from "../../adapters/serve/serve-listeners.ts";
import type { CliIo } from "../cli-io.ts";
import { readAddress } from "../arguments/read-address.ts";

export interface ServeOptions {
  readonly domains: string;
  readonly listen?: ListenAddress;
  readonly http?: ListenAddress;
  readonly certificate?: string;
  readonly metrics?: ListenAddress;
  readonly health: string;
}

const NOTES = `
Addresses are ip:port; [::]:443 is every address of the host. Without --certificate, --listen speaks plain HTTP for a
proxy that ends TLS in front of it and passes the Host header on.
The folder of --domains holds one file (YAML) for each domain, and example.com.mobileconfig where there is a signed
profile. The folder of --certificate holds fullchain.pem and privkey.pem, or a sub-folder with them for each domain; the
certificate is chosen by the names in it. Both are read again when they change: no restart, no connection lost.
SIGTERM and SIGINT end it when open requests are answered, after 10 s at most.`;

/** Adds `serve`: the responder of the Worker as a server of its own, for origins outside Cloudflare. */
export function addServeCommand(program: Command, io: CliIo): void {
  program
    .command("serve")
    .description("Serve the documents of a folder of domains, as the Worker does at Cloudflare.")
    .requiredOption("--domains <dir>", "folder of the domain files")
    .option(
      "--listen <ip:port>",
      "where the documents are served (default: [::]:443, or 127.0.0.1:8080 without a certificate)",
      readAddress,
    )
    .option("--http <ip:port>", "where plain HTTP is redirected to https, usually [::]:80", readAddress)
    .option("--certificate <dir>", "folder of the certificates")
    .option(
      "--metrics <ip:port>",
      "where /metrics is served in Prometheus' format; off by default",
      readAddress,
    )
    .option("--health <path>", "path that answers 200 while requests are taken", readPath, "/healthz")
    .addHelpText("after", NOTES)
    .action(async (options: ServeOptions) => {
      const { serveUntilSignal } = await import("./serve-until-signal.ts");
      await serveUntilSignal(options, io);
    });
}

function readPath(text: string): string {
  if (/^\/[\w./-]+$/.test(text)) return text;
  throw new InvalidArgumentError("Write a path such as /healthz.");
}
