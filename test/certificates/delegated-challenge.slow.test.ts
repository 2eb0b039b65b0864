import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCertificateWorld, type CertificateWorld } from "./harness/certificate-world.ts";
import { deployCertificates } from "./harness/deploy-certificates.ts";

let world: CertificateWorld;

beforeAll(async () => {
  world = await startCertificateWorld({ zones: ["outside.test", "inside.test"] });
});
afterAll(() => world?.close());

test("a name of a zone that is not ours is proven by its CNAME into one that is; nothing is written where the name stands", async () => {
  world.addRecord("outside.test", {
    type: "CNAME",
    name: "_acme-challenge.mail.outside.test",
    content: "mail-outside.inside.test",
  });
  const before = world.api.store.records(world.zone("outside.test").id);
  const [outcome] = await deployCertificates({
    stateFolder: join(world.folder, "state"),
    config: world.config,
    directoryUrl: world.acme.directoryUrl,
    plans: [{ key: "mail", dnsNames: ["mail.outside.test"], zones: [world.zone("inside.test")] }],
  });
  expect(outcome?.error).toBeUndefined();
  const written = world.apiGate.exchanges.filter(({ request }) => request.kind === "createRecord");
  expect(written.map(({ request }) => request.payload)).toEqual(["mail-outside.inside.test"]);
  expect(world.api.store.records(world.zone("outside.test").id)).toEqual(before);
  expect(world.api.store.records(world.zone("inside.test").id)).toEqual([]);
});

test("a name of a zone that is not ours, without a CNAME, is found before any order", async () => {
  const orders = (): number =>
    world.acme.exchanges.filter(({ request }) => request.kind === "newOrder").length;
  const before = orders();
  const [outcome] = await deployCertificates({
    stateFolder: join(world.folder, "state-2"),
    config: world.config,
    directoryUrl: world.acme.directoryUrl,
    plans: [{ key: "web", dnsNames: ["web.outside.test"], zones: [world.zone("inside.test")] }],
  });
  expect(outcome?.error?.code).toMatch(/^(preflight-failed|zone-not-found)$/u);
  expect(outcome?.error?.text).toContain("_acme-challenge.web.outside.test");
  expect(orders()).toBe(before);
});
