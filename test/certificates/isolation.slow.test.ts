import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { StateFile } from "../../infra/sandbox/runner/state-file.ts";
import { startCertificateWorld, type CertificateWorld } from "./harness/certificate-world.ts";
import {
  deployCertificates,
  typeOf,
  type CertificateDeploymentRequest,
} from "./harness/deploy-certificates.ts";
import { problemAnswer } from "./harness/acme-request.ts";
import { ageCertificates } from "./harness/make-due.ts";

const DAY_MS = 86_400_000;
const ZONES = ["one.test", "two.test", "three.test", "four.test", "blocked.test"];

let world: CertificateWorld;
let count = 0;
const said = vi.spyOn(console, "log").mockImplementation(() => undefined);

beforeAll(async () => {
  world = await startCertificateWorld({ zones: ZONES, pebble: { blockedDomains: ["blocked.test"] } });
});
afterAll(() => world?.close());
beforeEach(() => {
  world.acme.heal();
  said.mockClear();
});

function request(zones: readonly string[]): CertificateDeploymentRequest {
  count += 1;
  return {
    stateFolder: join(world.folder, `state-${count}`),
    config: world.config,
    directoryUrl: world.acme.directoryUrl,
    plans: zones.map((name) => ({
      key: name,
      dnsNames: [name, `*.${name}`],
      zones: [world.zone(name)],
    })),
  };
}

describe("domains of one run", () => {
  test("get their certificates beside one whose order always fails, which is told for itself", async () => {
    const outcomes = await deployCertificates(request(ZONES));
    const [blocked, ...others] = outcomes.toSorted((a, b) => ZONES.indexOf(b.key) - ZONES.indexOf(a.key));
    expect(blocked).toMatchObject({ key: "blocked.test", error: { code: "acme-refused" } });
    expect(blocked?.error?.text).toContain("rejectedIdentifier");
    const changed = ["CertificateKey", "Certificate"];
    expect(others).toEqual(
      ["four.test", "three.test", "two.test", "one.test"].map((key) => ({ key, changed })),
    );
    const kinds = world.acme.exchanges.map(({ request: { kind }, status }) => `${kind} ${status ?? 0}`);
    expect(kinds.filter((kind) => kind === "newAccount 201")).toHaveLength(1);
    expect(mostInFlight()).toBe(2);
  });

  test("have their keys in the state although the order failed", async () => {
    const run = request(["blocked.test"]);
    await deployCertificates(run);
    const state = await StateFile.open(run.stateFolder);
    expect(state.get(typeOf("CertificateKey"), "blocked.test/key")).toBeDefined();
    expect(state.get(typeOf("Certificate"), "blocked.test/certificate")).toBeUndefined();
    const [again] = await deployCertificates(run);
    expect(again?.changed).toEqual([]);
  });
});

describe("a renewal that the CA refuses", () => {
  const limited = problemAnswer(429, "rateLimited", "too many certificates", { "retry-after": "122400" });

  /** A certificate of 90 days, renewed at this age, with the CA's answer to every order. */
  async function renewAt(age: number): Promise<{
    readonly run: CertificateDeploymentRequest;
    readonly former: Readonly<Record<string, unknown>>;
    readonly after: Readonly<Record<string, unknown>>;
    readonly error: string | undefined;
    readonly attempts: number;
  }> {
    const run = request(["one.test"]);
    await deployCertificates(run);
    const former = await outputs(run);
    await ageCertificates(run.stateFolder, age * DAY_MS);
    const fault = world.acme.inject({
      meets: "newOrder",
      times: Infinity,
      effect: { kind: "answer", moment: "before", answer: limited },
    });
    const [outcome] = await deployCertificates(run);
    return { run, former, after: await outputs(run), error: outcome?.error?.code, attempts: fault.count };
  }

  test("is a warning with the next possible time while there is life left, and the certificate stays", async () => {
    const { run, former, after, error, attempts } = await renewAt(65);
    expect(error).toBeUndefined();
    expect(after).toMatchObject({
      serial: former["serial"],
      fullChainPem: former["fullChainPem"],
      lastError: { code: "acme-rate-limited", retryAt: expect.stringMatching(/^\d{4}-/u) as string },
    });
    expect(attempts).toBe(1);
    const warnings = said.mock.calls.flat().filter((line) => String(line).includes("warning"));
    expect(warnings.join("\n")).toContain((after["lastError"] as { retryAt: string }).retryAt);

    world.acme.heal();
    const fault = world.acme.inject({ meets: "newOrder", effect: { kind: "delay", milliseconds: 0 } });
    const [again] = await deployCertificates(run);
    expect(again?.error).toBeUndefined();
    expect(fault.count).toBe(0);
  });

  test("is an error below a sixth of the life", async () => {
    const { former, after, error, attempts } = await renewAt(80);
    expect(error).toBe("acme-rate-limited");
    expect(after["serial"]).toBe(former["serial"]);
    expect(attempts).toBe(1);
  });
});

async function outputs(run: CertificateDeploymentRequest): Promise<Readonly<Record<string, unknown>>> {
  const state = await StateFile.open(run.stateFolder);
  const key = `${run.plans[0]?.key ?? ""}/certificate`;
  return state.get(typeOf("Certificate"), key)?.outputs ?? {};
}

/** Orders that were made and whose certificate was not fetched yet, at their most. */
function mostInFlight(): number {
  let open = 0;
  let most = 0;
  for (const { request: asked, status } of world.acme.exchanges) {
    if (asked.kind === "newOrder" && status === 201) open += 1;
    if (asked.kind === "cert") open -= 1;
    most = Math.max(most, open);
  }
  return most;
}
