import type { World } from "./world.ts";

/**
 * Returns a world that never gets the password: a request that a client would send it with is sent without, as the same
 * request, and the answer says so. What it would have been with the password is not known then.
 */
export function withoutPassword(world: World): World {
  return {
    ...world,
    request: async (request) => {
      const { withPassword, ...sent } = request;
      const response = await world.request(sent);
      if (withPassword !== true || response.state === "failed") return response;
      return { ...response, isPasswordWithheld: true };
    },
  };
}
