import { expect, test } from "vitest";
import { clientModel } from "../../../src/clients/clients.ts";
import { withoutPassword } from "../../../src/clients/world/without-password.ts";
import type { WorldRequest } from "../../../src/clients/world/world.ts";
import { memoryWorld } from "../memory-world.ts";
import { ALICE, OBSERVED_WORLDS } from "../scenarios/scenarios.ts";

test("a request that would carry the password is sent as the same request without it, and its answer says so", async () => {
  const asked: WorldRequest[] = [];
  const world = withoutPassword({
    ...memoryWorld({ zones: {} }),
    request: async (request) => {
      asked.push(request);
      return { state: "answered", status: 401, headers: {}, body: "", tlsError: undefined, ms: 1 };
    },
  });
  const request = { method: "POST", url: "https://example.com/" } as const;
  expect(await world.request({ ...request, withPassword: true })).toMatchObject({ isPasswordWithheld: true });
  expect(await world.request(request)).not.toHaveProperty("isPasswordWithheld");
  expect(asked).toEqual([request, request]);
});

test.each(["thunderbird", "outlook"] as const)(
  "what %s would find behind a password is not known where none is sent, and the person is still told",
  async (name) => {
    const world = memoryWorld(OBSERVED_WORLDS["c-pox-auth"]);
    const knowing = await clientModel(name).discover(ALICE, world);
    expect(knowing.outcome).toBe("configured");
    const result = await clientModel(name).discover(ALICE, withoutPassword(world));
    expect(result.outcome).toBe("unknown");
    expect(result.prompts).toContainEqual(expect.objectContaining({ kind: "password" }));
    expect(result.passwordSentTo).toContain("https://autodiscover.example.test");
    expect(result.assumptions.join()).not.toContain("401");
  },
);
