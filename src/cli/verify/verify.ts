import { InvalidArgumentError, Option, type Command } from "commander";
import { CLIENT_NAMES } from "../../clients/ladder/discovery.ts";
import type { CliIo } from "../cli-io.ts";
import { addNetworkOptions, readServer, type NetworkOptions } from "../network/network-options.ts";
import { readDuration } from "../arguments/read-duration.ts";

export interface VerifyOptions extends NetworkOptions {
  readonly authoritative?: string;
  /** Resolvers, `ip` or `ip:port`; false: none. */
  readonly publicResolver?: readonly string[] | false;
  readonly caIssuer?: string;
  readonly address?: string;
  /** A file, or `-`. */
  readonly state?: string;
  readonly client?: readonly string[];
  readonly json?: true;
  /** True: to the standard output. */
  readonly junit?: string | true;
  readonly markdown?: string | true;
  readonly verbose?: true;
  /** A file that keeps the report of the former look. */
  readonly changes?: string;
  readonly failOn: "warn" | "fail";
  /** Milliseconds. */
  readonly wait?: number;
  readonly concurrency: number;
}

const NOTES = `
A target is a domain of the Internet, a domain file (ends in .yaml or .yml, or holds a slash; - is the standard input), or
a folder of them. A domain with a file is held to the file; one without is held to what it publishes itself.
Nobody logs in, and no password is sent: --address only names the mailbox that clients would ask for.

The standard output has the report and nothing else: text, or one of --json, --junit and --markdown. These two take a
FILE, too (--junit=report.xml), and then the standard output has the text, or --json, beside it.
--changes prints a text without what is as before, so nothing at all where nothing changed: cron sends no mail. The exit
code is that of the whole.

Clients: ${CLIENT_NAMES.slice(0, 8).join(", ")},
  ${CLIENT_NAMES.slice(8).join(", ")}.

--json:
  { "version": 1, "domains": [{ "domain",
    "findings": [{ "code", "status": "pass|warn|fail|unknown", "subject", "expected"?, "observed"?, "remedy"?,
      "isAside"?: true }],
    "clients": [{ "client", "outcome": "configured|manual|failed|unknown",
      "incoming": { "protocol": "imap|pop3|submission", "host", "port", "tls": "implicit|starttls|plain" } | null,
      "outgoing": the same, "username": text | null, "source": text | null,
      "steps": [{ "what", "target", "answer", "ms" }],
      "prompts": [{ "kind": "certificate|password|redirect|foreign-host|untrusted-source|document", "target", "text" }],
      "passwordSentTo": [origin], "assumptions": [text], "ms" }] }] }
  New fields, codes and clients come without a new version.

A client that sets itself up passes; one whose person types the servers in or waves a warning away, or that gives the
password to somebody during discovery, is a warning; one that takes wrong servers fails. What could not be looked at is
unknown, never missing. What no client needs and only this network hides, such as port 25, is told aside ("isAside"): it
changes neither the verdict nor the exit code.
--wait looks again after 5 s to 30 s at the domains where something fails or is unknown (with --fail-on warn: or warns).
Exit codes: 0 passed or warned, 1 failed, 2 wrong usage, 3 nothing failed, but nothing could be looked at.`;

/** Adds `verify`: what mail clients find of domains, and whether everything is as it should be. */
export function addVerifyCommand(program: Command, io: CliIo): void {
  const command = program
    .command("verify")
    .description("Look at domains as mail clients do, and check everything they need.")
    .argument("[target...]", "domains, domain files (YAML) and folders of them");
  addNetworkOptions(command)
    .option("--authoritative <ip:port>", "answers for every zone in place of its own servers", readServer)
    .option(
      "--public-resolver <ip:port>",
      "also asked what they still remember (repeatable; default: 1.1.1.1 and 8.8.8.8, none where another option says where names are asked for)",
      (text: string, former: readonly string[] | undefined): readonly string[] => [
        ...(former ?? []),
        readServer(text),
      ],
    )
    .option("--no-public-resolver", "no such question")
    .option("--ca-issuer <name>", "the CA's name in CAA records (default: letsencrypt.org)")
    .option(
      "--state <file>",
      'output of "pulumi stack export", - for the standard input: the keys that mail hosts have to present, the account of CAA records',
    )
    .option("--address <address>", "mailbox to set up in its domain (default: postmaster of each domain)")
    .option("--client <name...>", "only these clients")
    .option("--json", "print JSON, described below")
    .option("--junit [file]", "print JUnit XML, or write it to a file")
    .option("--markdown [file]", "print Markdown for a pull request, or write it to a file")
    .option(
      "--changes <file>",
      "print only what changed since the report in the file, and keep the new one there",
    )
    .option("--verbose", "list what passed, and every step of each client")
    .addOption(
      new Option("--fail-on <status>", "what makes the exit code 1")
        .choices(["warn", "fail"])
        .default("fail"),
    )
    .option(
      "--wait <time>",
      "repeat until nothing fails or is unknown, at most so long, such as 10m",
      readDuration,
    )
    .option("--concurrency <n>", "domains at once", readCount, 16)
    .addHelpText("after", NOTES)
    .action(async (targets: readonly string[], options: VerifyOptions) => {
      const { verifyTargets } = await import("./verify-targets.ts");
      await verifyTargets(targets, options, io);
    });
}

function readCount(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new InvalidArgumentError("Write a number from 1 to 999.");
  return count;
}
