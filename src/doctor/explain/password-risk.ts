import type { ClientModel, Discovery, Mailbox } from "../../clients/ladder/discovery.ts";
import type { World, WorldResponse } from "../../clients/world/world.ts";
import { isWithin } from "../../spec/host-name.ts";

/** A server of somebody else that a client would give the mailbox password to, if only it asked. */
export interface PasswordRisk {
  /** `https://host`. */
  readonly origin: string;
  /** The last name or the addresses that the host leads to. */
  readonly leadsTo: string;
}

/** What a server says that wants a password: nobody can tell from a plan whether it does. */
const UNAUTHORIZED: WorldResponse = {
  state: "answered",
  status: 401,
  headers: { "content-type": "text/html", "www-authenticate": 'Basic realm=""' },
  body: "",
  tlsError: undefined,
  ms: 0,
};

/**
 * Replays a client in the same world, but for the servers of somebody else that names of the domain lead to, a wildcard's
 * web host or a former provider: there each answers 401 with a good certificate. Whom the client sends the password then
 * could have it, whatever the server does today.
 */
export async function findPasswordRisks(
  model: ClientModel,
  mailbox: Mailbox,
  world: World,
  known: Discovery,
): Promise<readonly PasswordRisk[]> {
  // Most clients never come to such a place.
  if (!known.steps.some(({ effect }) => effect === "unknown")) return [];
  const asked = await model.discover(mailbox, worldThatAsks(world, mailbox.domain));
  const origins = asked.passwordSentTo.filter((origin) => !known.passwordSentTo.includes(origin));
  return Promise.all(
    origins.map(async (origin) => ({ origin, leadsTo: await leadOf(world, new URL(origin).hostname) })),
  );
}

function worldThatAsks(world: World, domain: string): World {
  return {
    ...world,
    request: async (asked) => {
      const response = await world.request(asked);
      if (response.state !== "failed" || response.kind !== "unknown") return response;
      if (response.asksNoPassword === true) return response;
      const url = URL.parse(asked.url);
      return url?.protocol === "https:" && isWithin(url.hostname, domain) ? UNAUTHORIZED : response;
    },
  };
}

async function leadOf(world: World, host: string): Promise<string> {
  for (const type of ["A", "AAAA", "CNAME"] as const) {
    const found = await world.resolve(host, type);
    const alias = found.state === "unknown" ? undefined : found.aliases?.at(-1);
    if (alias !== undefined) return alias;
    if (found.state === "found") return found.data.join(", ");
  }
  return host;
}
