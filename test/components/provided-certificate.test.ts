import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
  vi,
  type MockInstance,
} from "vitest";
import {
  dynamicProvider,
  type DynamicProvider,
  type Properties,
} from "../../src/components/providers/dynamic-provider.ts";
import { providedCertificate } from "../../src/components/providers/provided-certificate.ts";
import { ProviderContext } from "../../src/components/providers/provider-context.ts";
import { DAY_MS, makeAuthority, type Authority, type Making } from "../certificates/make-chain.ts";

const NOW = new Date();
const hosts = ["mail.example.com"];
const at = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);

let ca: Authority;
let folder: string;
let provider: DynamicProvider;
let print: MockInstance<typeof console.log>;

beforeAll(async () => {
  ca = await makeAuthority(NOW);
  folder = await mkdtemp(join(tmpdir(), "provided-"));
  const caFile = join(folder, "roots.pem");
  await writeFile(caFile, ca.root.pem);
  provider = dynamicProvider(providedCertificate, new ProviderContext());
  await provider.configure({
    config: { get: (key) => (key === "mail-autodiscover:network" ? JSON.stringify({ caFile }) : undefined) },
  });
});

afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  print = vi.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(() => {
  const printed = said();
  print.mockRestore();
  if (printed.includes("-----")) throw new Error("A block of PEM was printed.");
});

const said = (): string => print.mock.calls.flat().join("\n");

async function bundle(making: Partial<Making> = {}): Promise<string> {
  const leaf = await ca.issue(making);
  return [leaf.keyPem, ca.intermediate.pem, leaf.pem].join("");
}

/** As the engine does at the next run: the former outputs beside the same inputs. */
async function nextRun(outs: Properties): Promise<string> {
  expect(await provider.diff("id", outs, { pem: outs["pem"], hosts: outs["hosts"] })).toEqual({
    changes: false,
  });
  return said();
}

/** The state as it is once time has passed: nothing in it changes by itself. */
async function aged(notBefore: Date, notAfter: Date): Promise<Properties> {
  const { outs } = await provider.create({ pem: await bundle(), hosts });
  return { ...outs, notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString() };
}

describe("a provided certificate", () => {
  test("is verified when it is made, and its outputs are what a deployment takes", async () => {
    const pem = await bundle();
    const { id, outs } = await provider.create({ pem, hosts });
    expect(id).toBe(outs["spkiSha256"]);
    expect(Object.keys(outs).sort()).toEqual([
      "certificatePem",
      "fullChainPem",
      "hosts",
      "issuer",
      "names",
      "notAfter",
      "notBefore",
      "pem",
      "privateKeyPem",
      "renewBefore",
      "serial",
      "spkiSha256",
    ]);
  });

  test("changes with its text or its hosts, in place, and not with the order of the hosts", async () => {
    const both = ["mail.example.com", "example.com"];
    const { outs } = await provider.create({ pem: await bundle(), hosts: both });
    const { pem } = outs;
    expect(await provider.diff("id", outs, { pem, hosts: both.toReversed() })).toEqual({ changes: false });
    expect(await provider.diff("id", outs, { pem, hosts })).toEqual({ changes: true });
    const successor = { pem: await bundle(), hosts: both };
    expect(await provider.diff("id", outs, successor)).toEqual({ changes: true });
    const updated = await provider.update("id", outs, successor);
    expect(updated.outs["serial"]).not.toBe(outs["serial"]);
  });

  test("keeps the former one in the state where the successor is refused, which the preview says already", async () => {
    const { outs } = await provider.create({ pem: await bundle(), hosts });
    const wrong = { pem: await bundle({ dnsNames: ["example.net"] }), hosts };
    expect(await provider.diff("id", outs, wrong)).toEqual({ changes: true });
    expect(said()).toMatch(/this update will fail: [\s\S]+does not cover mail\.example\.com/u);
    const error: unknown = await provider.update("id", outs, wrong).catch((reason: unknown) => reason);
    expect((error as Error).message).toContain("does not cover mail.example.com");
    expect((error as Error).message).not.toContain("-----");
    expect((error as Error).stack).not.toMatch(/^\s+at /mu);
  });

  test("is kept by refresh and forgotten by delete", async () => {
    const { outs } = await provider.create({ pem: await bundle(), hosts });
    expect(await provider.read("id", outs)).toEqual({ id: "id", props: outs });
    await expect(provider.delete("id", outs)).resolves.toBeUndefined();
  });
});

describe("each run says how long it lasts", () => {
  test("in one line while there is time", async () => {
    const { outs } = await provider.create({ pem: await bundle({ notAfter: at(80.5) }), hosts });
    expect(await nextRun(outs)).toBe("mail.example.com: provided certificate, 80 days left");
  });

  test.each([
    [
      "below a third of a year's life",
      -250,
      100.5,
      /100 days left\nwarning: .+ Set the secret to its successor before/u,
    ],
    ["below 30 days of a life of 60", -31, 29.5, /29 days left\nwarning: .+ before/u],
    ["below a sixth", -340, 25.5, /25 days left\nwarning: .+ LESS THAN A SIXTH.+ now\.$/u],
    ["once it has expired, without failing", -90, -1, /^warning: .+ EXPIRED on .+ now\.$/u],
  ])("with a warning %s", async (_when, from, to, expected) => {
    expect(await nextRun(await aged(at(from), at(to)))).toMatch(expected);
  });

  test("also for a successor, before it is taken", async () => {
    const { outs } = await provider.create({ pem: await bundle(), hosts });
    await provider.diff("id", outs, { pem: await bundle({ notAfter: at(70.5) }), hosts });
    expect(said()).toBe("mail.example.com: provided certificate, 70 days left");
  });
});
