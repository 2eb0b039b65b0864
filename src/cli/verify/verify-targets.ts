import { setTimeout as sleep } from "node:timers/promises";
import { CLIENTS, clientModel } from "../../clients/clients.ts";
import { isPublicAddress } from "../../adapters/public-address.ts";
import type { DomainReport } from "../../doctor/domain-report.ts";
import { exitCodeOf } from "../../doctor/finding.ts";
import { judgedOf, reportVerdict } from "../../doctor/report-verdict.ts";
import type { VerifyTarget } from "../../doctor/verify-domain.ts";
import { verifyDomains } from "../../doctor/verify-domains.ts";
import { waitUntilRight } from "../../doctor/wait-until-right.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import { boundMemory } from "./bound-memory.ts";
import type { CliIo } from "../cli-io.ts";
import { startProgressBar } from "./progress-bar.ts";
import { issuedBy } from "./issued-by.ts";
import { readKeptReport } from "./keep-report.ts";
import { readRoots } from "../network/network-world.ts";
import { readClientNames } from "../arguments/read-client-names.ts";
import { readStackExport } from "../state/read-stack-export.ts";
import { readTargets } from "../arguments/read-targets.ts";
import type { StackExport } from "../state/stack-export.ts";
import { openVerifyTools } from "./verify-tools.ts";
import type { VerifyOptions } from "./verify.ts";
import { requireOneForm, writeReport } from "./write-report.ts";

/** Domains that a line about waiting names; there may be hundreds. */
const MOST_NAMED = 5;

/** Looks at what the command line names, prints the report and sets the exit code. */
export async function verifyTargets(
  texts: readonly string[],
  options: VerifyOptions,
  io: CliIo,
): Promise<void> {
  boundMemory();
  requireOneForm(options);
  // `--client outlook example.com`: an option that takes several names takes the domain behind them, too.
  const { names = [], swallowed = [] } = Object.groupBy(options.client ?? [], (text) =>
    /[./\\]/.test(text) || text === "-" ? "swallowed" : "names",
  );
  const clients = names.length === 0 ? CLIENTS : readClientNames(names).map(clientModel);
  const ca = await readRoots(options.caFile);
  const former = await readKeptReport(options.changes);
  const issued = await readIssued(options.state, texts, io);
  const found = await readTargets([...texts, ...swallowed], options.address, io);
  const checkOptions = {
    ca,
    caIssuer: options.caIssuer,
    // Inside a closed network its own DNS may lead mail hosts elsewhere than the file says.
    isClosedAddress:
      options.allowPrivate === true ? (address: string) => !isPublicAddress(address) : undefined,
  };
  const specs = found.flatMap(({ spec }) => spec ?? []);
  const targets = found.map((target) => ({
    ...target,
    options: {
      ...checkOptions,
      ...(issued === undefined || target.spec === undefined ? {} : issuedBy(issued, target.spec, specs)),
    },
  }));

  const verify = async (open: readonly VerifyTarget[]): Promise<readonly DomainReport[]> => {
    const bar = startProgressBar(open.length, io);
    try {
      return await verifyDomains(open, openVerifyTools(options, clients, ca), {
        concurrency: options.concurrency,
        onReport: ({ domain }) => bar.step(domain),
      });
    } finally {
      bar.stop();
    }
  };
  const reports =
    options.wait === undefined
      ? await verify(targets)
      : await waitUntilRight(targets, verify, {
          waitMs: options.wait,
          failOn: options.failOn,
          now: () => performance.now(),
          sleep,
          onWait: (wrong, pauseMs, leftMs) => io.stderr.write(`${waitingWords(wrong, pauseMs, leftMs)}\n`),
        });
  await writeReport(reports, options, io, former);
  io.exitCode = exitCodeOf(reports.flatMap(judgedOf), options.failOn);
}

/** @throws MailAutodiscoverError `usage` where two inputs want the standard input, `state-unreadable` */
async function readIssued(
  file: string | undefined,
  texts: readonly string[],
  io: CliIo,
): Promise<StackExport | undefined> {
  if (file === "-" && texts.includes("-")) {
    throw new MailAutodiscoverError("usage", "A domain file and --state both want the standard input.", {
      remedy: "Write one of them to a file, and name that.",
    });
  }
  return file === undefined ? undefined : readStackExport(file, io);
}

function waitingWords(wrong: readonly DomainReport[], pauseMs: number, leftMs: number): string {
  const named = wrong.slice(0, MOST_NAMED).map((report) => {
    const { fail, unknown, warn } = reportVerdict(report).count;
    return `${report.domain} (${fail} failed, ${unknown} not known, ${warn} warnings)`;
  });
  const more = wrong.length - named.length;
  const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`;
  return `waiting ${seconds(pauseMs)} of at most ${seconds(leftMs)} for ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
