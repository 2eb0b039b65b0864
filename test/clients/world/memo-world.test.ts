import { expect, test } from "vitest";
import { memoWorld, type WorldCount } from "../../../src/clients/world/memo-world.ts";
import type { World } from "../../../src/clients/world/world.ts";

const silent: World = {
  resolve: async () => ({ state: "absent" }),
  request: async () => ({ state: "failed", kind: "refused", reason: "", ms: 1 }),
  probe: async () => ({ outcome: "refused", detail: "" }),
};

test("a question that was asked is not asked again, also while its answer is still on the way", async () => {
  const count: WorldCount = { resolutions: 0, requests: 0, probes: 0 };
  const world = memoWorld(silent, count);
  const port = { protocol: "imap", host: "mail.example.com", port: 993, tls: "implicit" } as const;
  await Promise.all([
    world.resolve("Example.com", "A"),
    world.resolve("example.com", "A"),
    world.resolve("example.com", "MX"),
    world.request({ method: "GET", url: "https://example.com/" }),
    world.request({ method: "GET", url: "https://example.com/", timeoutMs: 9000 }),
    world.request({ method: "POST", url: "https://example.com/", body: "x" }),
    world.request({ method: "POST", url: "https://example.com/", body: "y" }),
    world.probe(port),
    world.probe({ ...port, timeoutMs: 9000 }),
    world.probe({ ...port, tls: "starttls" }),
  ]);
  expect(count).toEqual({ resolutions: 2, requests: 3, probes: 2 });
});
