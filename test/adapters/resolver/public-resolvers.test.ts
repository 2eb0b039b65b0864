import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { openPublicResolvers } from "../../../src/adapters/resolver/public-resolvers.ts";
import { startTinyDns } from "../../certificates/tiny-dns.ts";

/** A resolver that takes every question and answers none. */
async function startSilence(): Promise<{ readonly address: string; readonly asked: () => number }> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => void socket.close());
  let asked = 0;
  socket.on("message", () => (asked += 1));
  return { address: `127.0.0.1:${socket.address().port}`, asked: () => asked };
}

test("each resolver is asked by itself, and one that stays silent costs its time once", async () => {
  const dns = await startTinyDns(
    new Map([["example.com/MX", [{ preference: 10, exchange: "mail.example.com" }]]]),
  );
  onTestFinished(() => dns.close());
  const silence = await startSilence();
  const view = openPublicResolvers([dns.address, silence.address]);
  expect(await view.ask("example.com", "MX")).toEqual([
    {
      server: dns.address,
      resolution: expect.objectContaining({ data: ["10 mail.example.com"] }) as unknown,
    },
    { server: silence.address, resolution: { state: "unknown", reason: "no answer within 1.5 s" } },
  ]);
  const asked = silence.asked();
  expect(asked).toBeGreaterThan(0);
  const [, second] = await view.ask("example.com", "A");
  expect(second?.resolution.state).toBe("unknown");
  expect(silence.asked()).toBe(asked);
});
