import type { World } from "../../clients/world/world.ts";
import { PlannedMail } from "./planned-mail.ts";
import { PlannedNames } from "./planned-names.ts";
import type { PlannedProgram } from "./planned-program.ts";
import { PlannedWeb } from "./planned-web.ts";
import { stateAfter, stateBefore, type WorldState } from "./world-state.ts";

export interface PlannedWorldOptions {
  /** What the responder's documents take for the time; no client reads it. Default: the epoch. */
  readonly now?: Date | undefined;
  /**
   * Whether configuration profiles look signed, as the deployment makes them. What stands for the signature is good for client
   * models; who verifies it must not be given one. Default true.
   */
  readonly signsProfiles?: boolean | undefined;
}

/**
 * Returns the world as it will be once the plan is carried out: names as Cloudflare answers for the zones (RFC 4592
 * wildcards, proxied names, SRV to them), documents as the responder gives them, mail ports as the domain files announce
 * them. It asks no network and takes no time: only what a client itself waits has a length. Whatever belongs to somebody
 * else is `unknown`, never invented.
 */
export function worldAfter(program: PlannedProgram, options: PlannedWorldOptions = {}): World {
  return openWorld(stateAfter(program), options);
}

/**
 * Returns the world before the change, as far as the zones tell. Of ours is what bears this stack's comment: there the
 * responder answers; before the first deployment there is none.
 */
export function worldBefore(program: PlannedProgram, options: PlannedWorldOptions = {}): World {
  return openWorld(stateBefore(program), options);
}

function openWorld(
  state: WorldState,
  { now = new Date(0), signsProfiles = true }: PlannedWorldOptions,
): World {
  const names = new PlannedNames(state);
  const web = new PlannedWeb(state, names, { now, signsProfiles });
  const mail = new PlannedMail(state, names);
  return {
    resolve: async (name, type) => names.resolve(name, type),
    request: (request) => web.request(request),
    probe: async (question) => mail.probe(question),
  };
}
