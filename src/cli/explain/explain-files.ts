import { CLIENTS } from "../../clients/clients.ts";
import type { ClientModel } from "../../clients/ladder/discovery.ts";
import { memoWorld } from "../../clients/world/memo-world.ts";
import type { World } from "../../clients/world/world.ts";
import { deriveNotices } from "../../dns/derive-notices.ts";
import { renderProblems } from "../../dns/plan/render-problems.ts";
import {
  explainDomain,
  type DomainExplanation,
  type ExplainOptions as ClientWorlds,
} from "../../doctor/explain/explain-domain.ts";
import { renderExplanationJson } from "../../doctor/explain/render-explanation-json.ts";
import { renderExplanationMarkdown } from "../../doctor/explain/render-explanation-markdown.ts";
import { renderExplanationText } from "../../doctor/explain/render-explanation-text.ts";
import { askBeyond, askBeyondChange } from "../../doctor/planned/ask-beyond.ts";
import type { PlanAgainst } from "../../doctor/planned/plan-against.ts";
import { worldAfter, worldBefore } from "../../doctor/planned/planned-world.ts";
import { withUnreadNames } from "../../doctor/planned/unread-names.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import { namedHosts } from "../../spec/named-hosts.ts";
import { requireDomainFiles } from "../../spec/parse-domain-files.ts";
import { hasColour, type CliIo } from "../cli-io.ts";
import type { ExplainOptions } from "./explain.ts";
import { readPlan } from "./explain-plan.ts";
import { readClientNames } from "../arguments/read-client-names.ts";
import { readDomainInputs } from "../arguments/read-domain-inputs.ts";
import { warn } from "../warn.ts";

/**
 * Explains what domain files change for mail clients.
 *
 * @throws MailAutodiscoverError `usage`, `invalid-spec`, and with `--zone live` Cloudflare's
 */
export async function explainFiles(
  files: readonly string[],
  options: ExplainOptions,
  io: CliIo,
): Promise<void> {
  if (options.json === true && options.markdown === true) {
    throw new MailAutodiscoverError("usage", "--json and --markdown want the standard output.", {
      remedy: "Give one of them.",
    });
  }
  const clients = chooseClients(options.client);
  const domains = requireDomainFiles(await readDomainInputs(files, io));
  const program = await readPlan(domains, options, io);
  warnOf(program, io);
  const { before, after } = await openWorlds(program, options);
  const explanations: DomainExplanation[] = [];
  for (const domain of domains) {
    explanations.push(
      await explainDomain(domain, {
        clients,
        before,
        after,
        localPart: options.address?.split("@")[0],
        workersDevHost: program.workersDevHost,
      }),
    );
  }
  io.stdout.write(renderAs(explanations, program, options, io));
}

async function openWorlds(
  program: PlanAgainst,
  options: ExplainOptions,
): Promise<Pick<ClientWorlds, "before" | "after">> {
  const isRead = options.zone !== undefined;
  const network = options.askNetwork === true ? await openNetwork(options) : undefined;
  const isUnread = unreadNames(program, network !== undefined);
  const open = (world: World): World => (isRead ? world : withUnreadNames(world, isUnread));
  const [before, after] = [open(worldBefore(program)), open(worldAfter(program))];
  if (network === undefined) return { before: isRead ? before : undefined, after };
  return {
    // Without the zone the network alone says what is there today.
    before: isRead ? askBeyond(before, network) : network,
    after: askBeyondChange(after, before, network),
  };
}

/**
 * A zone that was not read is taken for empty, but for the hosts that a domain file names as there already. Where the network
 * can be asked, nothing is taken for granted but what the plan makes.
 */
function unreadNames(
  { domains, zones }: PlanAgainst,
  hasNetwork: boolean,
): (name: string, isNoName: boolean) => boolean {
  if (!hasNetwork) {
    const named = new Set(domains.flatMap((domain) => namedHosts(domain).map(([, host]) => host)));
    return (name) => named.has(name);
  }
  const apexes = new Set(zones.map(({ name }) => name));
  return (name, isNoName) => isNoName || apexes.has(name);
}

/** Both worlds ask the same of the network, once. */
async function openNetwork(options: ExplainOptions): Promise<World> {
  const { openNetworkWorld, readRoots } = await import("../network/network-world.ts");
  return memoWorld(openNetworkWorld(options, await readRoots(options.caFile)));
}

function chooseClients(names: readonly string[] | undefined): readonly ClientModel[] {
  if (names === undefined) return CLIENTS;
  const wanted = readClientNames(names);
  return CLIENTS.filter(({ name }) => wanted.includes(name));
}

/** What a preview would say, too, where it bears on the explanation. */
function warnOf({ plan, domains, workersDevHost }: PlanAgainst, io: CliIo): void {
  if (plan.problems.length > 0) {
    const { length } = plan.problems;
    const count = `${length} ${length === 1 ? "problem stands" : "problems stand"} against the plan`;
    warn(
      io,
      `${count}; "after" leaves these records as they are.\n${renderProblems(plan.problems, domains)}`,
    );
  }
  for (const notice of domains.flatMap((domain) => deriveNotices(domain, workersDevHost))) warn(io, notice);
}

function renderAs(
  explanations: readonly DomainExplanation[],
  { plan }: PlanAgainst,
  { json, markdown, steps }: ExplainOptions,
  io: CliIo,
): string {
  if (json === true) return renderExplanationJson(explanations, plan.problems);
  if (markdown === true) return renderExplanationMarkdown(explanations, plan.problems);
  return renderExplanationText(explanations, { colour: hasColour(io, "stdout"), steps });
}
