import { readFile } from "node:fs/promises";
import type { Published } from "../../adapters/cloudflare/observe-published.ts";
import { emptyZone } from "../../dns/empty-zone.ts";
import { observePreload } from "../../dns/observe-preload.ts";
import type { ObservedZone } from "../../dns/observed-zone.ts";
import { ownerOf, parseOwnership, type StackIdentity } from "../../dns/ownership.ts";
import { parsePreload, PRELOAD_REMEDY } from "../../dns/preload-zone.ts";
import { workersDevHost } from "../../dns/worker-name.ts";
import { planAgainst, type PlanAgainst } from "../../doctor/planned/plan-against.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import { closestZone } from "../../spec/host-name.ts";
import type { MailDomain } from "../../spec/mail-domain.ts";
import type { CliIo } from "../cli-io.ts";
import type { ExplainOptions } from "./explain.ts";
import { readStackExport } from "../state/read-stack-export.ts";
import type { StackExport } from "../state/stack-export.ts";
import { warn } from "../warn.ts";

/** The zones as they are, and what else is known of their account. */
interface Observation {
  readonly zones: readonly ObservedZone[];
  /** Names of all that the token can see. */
  readonly visibleZones: readonly string[];
  readonly workersSubdomain?: string | undefined;
  /** Reads what a stack publishes; undefined where the zones are no living ones. */
  readonly readPublished?: ((identity: StackIdentity) => Promise<Published>) | undefined;
}

/**
 * Plans domain files against the zones that the command line names.
 *
 * @throws MailAutodiscoverError `usage`, `state-unreadable`, `zone-not-found`, and with `--zone live` Cloudflare's
 */
export async function readPlan(
  domains: readonly MailDomain[],
  options: ExplainOptions,
  io: CliIo,
): Promise<PlanAgainst> {
  const state = options.state === undefined ? undefined : await readStackExport(options.state, io);
  const observation = await observe(domains, options, io);
  const { zones, visibleZones, workersSubdomain } = observation;
  const identity =
    options.stack === undefined && state?.stack !== undefined
      ? state.stack
      : identityOf(zones, options.stack);
  return planAgainst({
    domains,
    zones,
    visibleZones,
    identity,
    workersDevHost: options.workersDevHost ?? workersDevHost(identity, workersSubdomain),
    publishedSettings: await readSettings(observation, identity, state, io),
  });
}

/** What is published, by the state before all: it is told what the zone alone does not tell. */
async function readSettings(
  { zones, readPublished }: Observation,
  identity: StackIdentity,
  state: StackExport | undefined,
  io: CliIo,
): Promise<PlanAgainst["publishedSettings"]> {
  if (state?.settings !== undefined) return state.settings;
  const isOurs = (comment: string | undefined): boolean =>
    parseOwnership(comment)?.owner === ownerOf(identity);
  // Where nothing is deployed, nothing is published.
  if (!zones.some(({ records }) => records.some(({ comment }) => isOurs(comment)))) return undefined;
  const published = await readPublished?.(identity);
  if (published?.state === "known") return published.settings;
  const reason = published === undefined ? "a zone does not tell" : published.reason;
  warn(
    io,
    `What documents ${ownerOf(identity)} publishes today is not known: ${reason}. --state FILE, the output of "pulumi stack export", tells it.`,
  );
  return undefined;
}

async function observe(
  domains: readonly MailDomain[],
  { zone }: ExplainOptions,
  io: CliIo,
): Promise<Observation> {
  if (zone?.toLowerCase() === "live") {
    const { observeLive } = await import("./explain-live.ts");
    return observeLive(domains, io);
  }
  const zones =
    zone === undefined ? domains.map(({ domain }) => emptyZone(domain)) : await readZones(zone, domains);
  return { zones, visibleZones: zones.map(({ name }) => name) };
}

async function readZones(file: string, domains: readonly MailDomain[]): Promise<readonly ObservedZone[]> {
  const problem = (reason: string, cause?: unknown): MailAutodiscoverError =>
    new MailAutodiscoverError("usage", `--zone ${file}: ${reason}`, { remedy: PRELOAD_REMEDY, cause });
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw problem(cause instanceof Error ? cause.message : "cannot be read", cause);
  });
  const parsed = parsePreload(text);
  if (!parsed.ok) throw problem(parsed.reason);
  // A zone of another account is none that the program could change.
  const zones = parsed.zones.filter(({ account }) => account === undefined).map(observePreload);
  const outside = domains.filter(({ domain }) => closestZone(domain, zones) === undefined);
  if (outside.length === 0) return zones;
  const listed = outside.map(({ domain }) => domain).join(", ");
  throw new MailAutodiscoverError("usage", `--zone ${file}: no zone holds ${listed}.`, {
    remedy: 'Add the zone, with "records": [] where it holds nothing.',
  });
}

/** Of ours is what bears the one stack's comment; a zone that nothing was deployed to has none. */
function identityOf(zones: readonly ObservedZone[], named: string | undefined): StackIdentity {
  if (named !== undefined) return identityNamed(named);
  const comments = zones.flatMap(({ records }) => records.map(({ comment }) => parseOwnership(comment)));
  const owners = [...new Set(comments.flatMap((ownership) => ownership?.owner ?? []))];
  if (owners.length > 1) {
    throw new MailAutodiscoverError("usage", "Records of several stacks are in the zones.", {
      remedy: `Add --stack with one of: ${owners.join(", ")}.`,
    });
  }
  return owners[0] === undefined
    ? { project: "mail-autodiscover", stack: "explain" }
    : identityNamed(owners[0]);
}

/** An owner as comments show it, shortened or not, is written the same again. */
function identityNamed(owner: string): StackIdentity {
  const slash = owner.indexOf("/");
  return { project: owner.slice(0, slash), stack: owner.slice(slash + 1) };
}
