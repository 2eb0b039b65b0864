import { InvalidArgumentError, type Command } from "commander";
import { CLIENT_NAMES } from "../../clients/ladder/discovery.ts";
import type { CliIo } from "../cli-io.ts";
import { addNetworkOptions, type NetworkOptions } from "../network/network-options.ts";
import { parseStackName } from "../release/release-target.ts";
import { readHost } from "../arguments/read-host.ts";

export interface ExplainOptions extends NetworkOptions {
  /** `live`, or a file; undefined: nothing is known of the time before. */
  readonly zone?: string;
  readonly stack?: string;
  /** Output of `pulumi stack export`: a file, or `-`. */
  readonly state?: string;
  readonly workersDevHost?: string;
  /** Whose mailbox is set up: only its local part counts. */
  readonly address?: string;
  readonly client?: readonly string[];
  /** True: what the plan does not know is asked of the network. */
  readonly askNetwork?: true;
  readonly steps?: true;
  readonly json?: true;
  readonly markdown?: true;
}

const NOTES = `
Replays each mail client twice without touching anything: in the zone as it is, and as the domain files will make it. No
mail server, web site or name server is asked. What belongs to somebody else is not invented: it is said to be not known,
and who of them would be given the mailbox password if he asked for it. With --ask-network they are asked, without a
password: a wildcard's web host, the mail server as it is today, Thunderbird's database. The options below it are verify's.

--zone live reads CLOUDFLARE_API_TOKEN, and CLOUDFLARE_BASE_URL where it is set; a token that can only read is enough.
--zone FILE.json describes zones as the sandbox's --preload does:
  [{ "zone": "example.com", "records": [{ "type", "name", "content", "ttl"?, "proxied"?, "priority"?, "data"?, "comment"? }],
     "routes"?: [{ "pattern", "script"? }], "customDomains"?: [{ "hostname", "service" }] }]
Without --zone the domains' zones are taken for empty, but for the hosts that a file names as there already, and only the
time after the change is told. With --ask-network the network shows today, and what the plan leaves as it is; no token is
needed.
Where records of this program are in the zone already, what its documents say today is read from Workers KV with --zone
live (Account / Workers KV Storage / Read), or from --state FILE; otherwise it is not known.

Clients: ${CLIENT_NAMES.slice(0, 8).join(", ")},
  ${CLIENT_NAMES.slice(8).join(", ")}.

--json:
  { "version": 1, "domains": [{ "domain", "address",
    "problems": [{ "code", "subject", "message", "remedy" }],
    "clients": [{ "client", "verdict": "better|worse|changed|same|unknown",
      "worsenings": [{ "code": "outcome|password|risk|prompt|plain|pop3|other-servers", "message" }],
      "passwordRisks": { "before": [{ "origin", "leadsTo" }], "after": [the same] },
      "before": { "client", "outcome": "configured|manual|failed|unknown",
        "incoming": { "protocol": "imap|pop3|submission", "host", "port", "tls": "implicit|starttls|plain" } | null,
        "outgoing": the same, "username": text | null, "source": text | null,
        "steps": [{ "what", "target", "answer", "ms" }], "prompts": [{ "kind", "target", "text" }],
        "passwordSentTo": [origin], "assumptions": [text], "ms" } | null,
      "after": the same, never null }] }] }
  New fields, codes and clients come without a new version.

Exit codes: 0 explained, also where something gets worse; 1 failed; 2 wrong usage.`;

/** Adds `explain FILE...`: what mail clients find before and after a change, from the plan alone. */
export function addExplainCommand(program: Command, io: CliIo): void {
  const command = program
    .command("explain")
    .description("Say what each mail client will find after a change, and what it finds today.")
    .argument("<file...>", "domain files (YAML) and folders of them; - reads the standard input")
    .option("--zone <live|file>", "the zones as they are: live from Cloudflare, or a JSON file")
    .option(
      "--stack <project/stack>",
      "whose records are the program's own (default: as the state or the comments tell)",
      parseStackName,
    )
    .option(
      "--state <file>",
      "what is published today, from this output of `pulumi stack export`; - reads the standard input",
    )
    .option(
      "--workers-dev-host <host>",
      "the Worker's workers.dev host (default with live: the account's)",
      readHost,
    )
    .option("--address <address>", "whose mailbox is set up (default: alice)", readMailbox)
    .option("--client <name...>", "only these clients")
    .option("--steps", "list every step of each client")
    .option("--json", "print JSON, described below")
    .option("--markdown", "print Markdown for a comment of a pull request")
    .option("--ask-network", "ask the network where the plan does not know");
  addNetworkOptions(command)
    .addHelpText("after", NOTES)
    .action(async (files: readonly string[], options: ExplainOptions) => {
      const { explainFiles } = await import("./explain-files.ts");
      await explainFiles(files, options, io);
    });
}

function readMailbox(text: string): string {
  if (/^[^\s@<>]+(@[^\s@<>]+)?$/.test(text)) return text;
  throw new InvalidArgumentError("Write an address such as alice@example.com, or what stands before its @.");
}
