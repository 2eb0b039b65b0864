import { expect, test } from "vitest";
import { conclude } from "../../../src/clients/ladder/conclude.ts";
import { mailboxOf } from "../../../src/clients/ladder/discovery.ts";
import { Trace, type Reading } from "../../../src/clients/ladder/trace.ts";
import type { World, WorldResponse } from "../../../src/clients/world/world.ts";

const passed = (answer: string): Reading => ({ answer, effect: "passed" });
const ALICE = mailboxOf("alice", "example.com");

/** A world in which a request takes as many milliseconds as its path says, and a name as many as its first label. */
const timedWorld: World = {
  resolve: async (name) => ({ state: "absent", ms: Number(name.split(".")[0]) }),
  request: async ({ url }) => answered(Number(new URL(url).pathname.slice(1))),
  probe: async ({ port }) => ({ outcome: "timeout", detail: "silence", ms: port }),
};

function answered(ms: number): WorldResponse {
  return { state: "answered", status: 404, headers: {}, body: "", tlsError: undefined, ms };
}

function failing(kind: "timeout" | "unknown" | "unresolved" | "not-allowed" | "refused", ms = 700): World {
  return { ...timedWorld, request: async () => ({ state: "failed", kind, reason: "why", ms }) };
}

const get = (path: string, timeoutMs?: number) =>
  ({
    method: "GET",
    url: `https://example.com/${path}`,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  }) as const;

test("steps of one trace follow one another, and each begins when the one before has ended", async () => {
  const trace = Trace.begin(timedWorld);
  await trace.resolve("MX", "30.example.com", "MX");
  await trace.request("autoconfig", get("200"), () => passed("HTTP 404"));
  expect(trace.steps.map(({ what, startMs, ms }) => [what, startMs, ms])).toEqual([
    ["MX", 0, 30],
    ["autoconfig", 30, 200],
  ]);
  expect(trace.elapsedMs).toBe(230);
});

test("branches run beside each other: the clock goes on to the latest that is joined", async () => {
  const trace = Trace.begin(timedWorld);
  await trace.request("first", get("100"), () => passed(""));
  const [slow, quick, ignored] = [trace.fork(), trace.fork(), trace.fork()];
  await slow.request("slow", get("500"), () => passed(""));
  await quick.request("quick", get("20"), () => passed(""));
  await ignored.request("ignored", get("9000"), () => passed(""));
  trace.join(slow, quick);
  expect(trace.elapsedMs).toBe(600);
  expect(trace.steps.map(({ what, startMs }) => `${what} ${startMs}`)).toEqual([
    "first 0",
    "slow 100",
    "quick 100",
    "ignored 100",
  ]);
});

test("a silent place costs the client all of its own time, though the world gave up earlier", async () => {
  const trace = Trace.begin(failing("timeout"));
  await trace.request("autoconfig", get("1", 5000), () => passed("silence"));
  expect(trace.steps).toMatchObject([{ ms: 5000, answer: "silence" }]);
  const { elapsedMs } = trace;
  await trace.probe(
    "guess",
    { protocol: "imap", host: "imap.example.com", port: 993, tls: "implicit", timeoutMs: 10_000 },
    () => passed("silence"),
  );
  expect(trace.elapsedMs - elapsedMs).toBe(10_000);
});

test.each(["unknown", "unresolved", "not-allowed"] as const)(
  "what is %s is said as such, whatever the client would read",
  async (kind) => {
    const trace = Trace.begin(failing(kind));
    await trace.request("ISPDB", get("1"), () => passed("nothing there"));
    expect(trace.steps).toMatchObject([{ answer: "not known: why", effect: "unknown" }]);
  },
);

test.each([
  ["refused", "manual"],
  ["timeout", "unknown"],
  ["unknown", "unknown"],
  ["unresolved", "unknown"],
  ["not-allowed", "unknown"],
] as const)("to find nothing after an answer that is %s is %s", async (kind, outcome) => {
  const trace = Trace.begin(failing(kind));
  await trace.request("autoconfig", get("1"), () => passed(""));
  expect(conclude("kmail", trace, ALICE, {}).outcome).toBe(outcome);
});

test("settings are settings, also where something else could not be looked at", async () => {
  const trace = Trace.begin(failing("unknown"));
  await trace.request("ISPDB", get("1"), () => passed(""));
  const server = { host: "mail.example.com", port: 993, tls: "implicit" } as const;
  const result = conclude("kmail", trace, ALICE, {
    incoming: { ...server, protocol: "imap" },
    outgoing: { ...server, protocol: "submission" },
    username: "%EMAILLOCALPART% of %EMAILDOMAIN%, %EMAILADDRESS%",
    source: "https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=alice%40example.com",
  });
  expect(result).toMatchObject({
    outcome: "configured",
    username: "alice of example.com, alice@example.com",
    source: "https://autoconfig.example.com/mail/config-v1.1.xml",
  });
});

test("the same prompt is shown once, and a password goes to an origin, without path or address", () => {
  const trace = Trace.begin(timedWorld);
  const prompt = { kind: "certificate", target: "example.com", text: "not trusted" } as const;
  trace.prompt(prompt);
  trace.fork().prompt(prompt);
  trace.sendPassword("https://autodiscover.example.com/autodiscover/autodiscover.xml?Email=alice");
  expect(trace.prompts).toEqual([prompt]);
  expect(trace.passwordSentTo).toEqual(["https://autodiscover.example.com"]);
});

test("what a client waits for on its own counts, and is no step", async () => {
  const trace = Trace.begin(timedWorld);
  trace.wait(2000);
  await trace.request("POX", get("30"), () => passed("404"));
  expect(trace.elapsedMs).toBe(2030);
  expect(trace.steps.map(({ startMs }) => startMs)).toEqual([2000]);
});
