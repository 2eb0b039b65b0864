import { writeFile } from "node:fs/promises";
import { mailboxOf } from "../../clients/ladder/discovery.ts";
import { memoWorld } from "../../clients/world/memo-world.ts";
import { adoptExisting } from "../../doctor/describe/adopt-existing.ts";
import { draftDomainFile } from "../../doctor/describe/draft-domain-file.ts";
import { observeLivingDomain } from "../../doctor/describe/observe-living-domain.ts";
import { renderDraft } from "../../doctor/describe/render-draft.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import { parseHostName } from "../../spec/host-name.ts";
import type { CliIo } from "../cli-io.ts";
import type { InitOptions } from "./init.ts";
import { openNetworkWorld, readRoots } from "../network/network-world.ts";
import { startProgressBar } from "../verify/progress-bar.ts";
import { warn } from "../warn.ts";

/** Any local part gets the same documents; this one exists at every domain (RFC 5321 §4.5.1). */
const LOCAL_PART = "postmaster";

/**
 * Writes the domain file of a living domain.
 *
 * @throws MailAutodiscoverError `usage` for what is no domain or a file that is there already
 */
export async function initDomain(text: string, options: InitOptions, io: CliIo): Promise<void> {
  const name = parseHostName(text);
  if (!name.ok) {
    throw new MailAutodiscoverError("usage", `${text} is no domain: ${name.reason}.`, {
      remedy: "Write a domain such as example.com.",
    });
  }
  const world = memoWorld(openNetworkWorld(options, await readRoots(options.caFile)));
  const bar = startProgressBar(3, io);
  const living = await observeLivingDomain(mailboxOf(LOCAL_PART, name.value), world, bar.step);
  const described = draftDomainFile(living);
  const draft = options.adopt ? await adoptExisting(described, living, world) : described;
  bar.step("records");
  bar.stop();
  const head = `# ${name.value} as it was found. Read it, then see what would change: mail-autodiscover explain FILE\n`;
  await write(`${head}${renderDraft(draft)}`, options, io);
  if (!living.exists) warn(io, `The name ${name.value} does not exist in DNS.`);
  if (!draft.hasMailServer)
    warn(io, `No mail server of ${name.value} was found; mailServer.host is a guess.`);
  for (const line of living.unknown) warn(io, `Could not be looked up: ${line}`);
  if (!draft.hasMailServer) io.exitCode = 3;
}

async function write(text: string, { output, force }: InitOptions, io: CliIo): Promise<void> {
  if (output === undefined) {
    io.stdout.write(text);
    return;
  }
  try {
    await writeFile(output, text, { flag: force === true ? "w" : "wx" });
    io.stderr.write(`written: ${output}\n`);
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === "EEXIST";
    throw new MailAutodiscoverError(
      "usage",
      isThere
        ? `${output} is there already.`
        : `${output} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      { remedy: isThere ? "Name another file, or add --force." : "Name a file that you may write.", cause },
    );
  }
}
