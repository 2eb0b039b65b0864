import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT as account_id, codesOf, runApi, TOKEN, type RunningApi } from "./run-api.ts";

const CODE = "export default { fetch: () => new Response('hello') };\n";

let run: RunningApi;
let zone_id: string;

beforeAll(async () => {
  run = await runApi();
  zone_id = run.zoneId("example.test");
});
afterAll(async () => run[Symbol.asyncDispose]());

/** The two parts that the real provider sends. */
async function upload(name: string, metadata: object): Promise<Response> {
  const form = new FormData();
  form.append("worker.mjs", new File([CODE], "worker.mjs", { type: "application/javascript+module" }));
  form.append("metadata", JSON.stringify({ main_module: "worker.mjs", ...metadata }));
  return fetch(`${run.api.url}/accounts/${account_id}/workers/scripts/${name}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${TOKEN}` },
    body: form,
  });
}

describe("scripts", () => {
  it("takes the provider's upload and gives the code and the bindings back", async () => {
    const namespace = await run.client.kv.namespaces.create({ account_id, title: "documents" });
    const bindings = [
      { name: "DOCUMENTS", type: "kv_namespace", namespace_id: namespace.id },
      { name: "SECRET", type: "secret_text", text: "hidden" },
      { name: "J", type: "json", json: { b: 1 } },
    ];
    const response = await upload("autodiscover", { bindings, compatibility_date: "2026-01-01" });
    expect(await response.json()).toMatchObject({ success: true, result: { id: "autodiscover" } });
    const script = run.api.store.scripts().get("autodiscover");
    expect(Buffer.from(script?.modules[0]?.body ?? []).toString()).toBe(CODE);
    expect(script).toMatchObject({ compatibilityDate: "2026-01-01", bindings, workersDevEnabled: false });

    const settings = await run.client.workers.scripts.scriptAndVersionSettings.get("autodiscover", {
      account_id,
    });
    expect(settings.bindings).toEqual([bindings[0], { name: "SECRET", type: "secret_text" }, bindings[2]]);
    const content = await run.client.workers.scripts.content.get("autodiscover", { account_id });
    const parts = [...(await content.formData()).entries()];
    expect(parts[0]?.[0]).toBe("worker.mjs");
    expect(parts[0]?.[1]).toMatchObject({ type: "application/javascript+module" });
    expect(await new Response(parts[0]?.[1]).text()).toBe(CODE);
    const service = await run.send("GET", `/accounts/${account_id}/workers/services/autodiscover`);
    expect(service.body.result).toMatchObject({ default_environment: { script: { id: "autodiscover" } } });
  });

  it("refuses the SDK's documented upload, as the service does (cloudflare-typescript#2799)", async () => {
    const documented = run.client.workers.scripts.update("by-sdk", {
      account_id,
      metadata: { main_module: "worker.mjs" },
      files: [new File([CODE], "worker.mjs", { type: "application/javascript+module" })],
    });
    expect(await codesOf(documented)).toEqual([10021]);
  });

  it("takes an upload through the SDK whose parts are spelt out", async () => {
    const parts = {
      "worker.mjs": new File([CODE], "worker.mjs", { type: "application/javascript+module" }),
      metadata: JSON.stringify({ main_module: "worker.mjs" }),
    };
    await run.client.workers.scripts.update("by-sdk", { account_id, ...parts } as never, {
      headers: { "Content-Type": null },
    });
    expect(run.api.store.scripts().get("by-sdk")).toMatchObject({ mainModule: "worker.mjs" });
  });

  it("changes the etag with the bindings, not with a second identical upload", async () => {
    const etag = (): string | undefined => run.api.store.scripts().get("etag")?.etag;
    await upload("etag", {});
    const first = etag();
    await upload("etag", {});
    expect(etag()).toBe(first);
    await upload("etag", { bindings: [{ name: "A", type: "plain_text", text: "b" }] });
    expect(etag()).not.toBe(first);
  });

  it("refuses a main module that is not among the parts, and a namespace that is not there", async () => {
    expect((await upload("broken", { main_module: "other.mjs" })).status).toBe(400);
    const bindings = [{ name: "KV", type: "kv_namespace", namespace_id: "0".repeat(32) }];
    expect((await upload("broken", { bindings })).status).toBe(400);
    expect(run.api.store.scripts().has("broken")).toBe(false);
  });

  it("switches workers.dev on and off, also across uploads", async () => {
    await run.client.workers.scripts.subdomain.create("autodiscover", {
      account_id,
      enabled: true,
      previews_enabled: false,
    });
    await upload("autodiscover", {});
    expect(await run.client.workers.scripts.subdomain.get("autodiscover", { account_id })).toEqual({
      enabled: true,
      previews_enabled: false,
    });
    await run.client.workers.scripts.subdomain.delete("autodiscover", { account_id });
    expect(run.api.store.scripts().get("autodiscover")?.workersDevEnabled).toBe(false);
  });

  it("answers 10007 for the subdomain of an account that has none", async () => {
    expect(await run.client.workers.subdomains.get({ account_id })).toEqual({ subdomain: "sandbox" });
    await using other = await runApi({ workersSubdomain: null });
    expect(await codesOf(other.client.workers.subdomains.get({ account_id }))).toEqual([10007]);
  });

  it("answers 10007 and 10090 for a script that is not there", async () => {
    expect(await codesOf(run.client.workers.scripts.delete("nobody", { account_id }))).toEqual([10007]);
    const service = await run.send("GET", `/accounts/${account_id}/workers/services/nobody`);
    expect(service).toMatchObject({ status: 404, body: { errors: [{ code: 10090 }] } });
  });
});

describe("routes", () => {
  it("creates, changes, lists and deletes", async () => {
    await upload("routed", {});
    const route = await run.client.workers.routes.create({
      zone_id,
      pattern: "autoconfig.example.test/*",
      script: "routed",
    });
    const changed = { zone_id, pattern: "*.example.test/x*", script: "routed" };
    expect(await run.client.workers.routes.update(route.id, changed)).toMatchObject({
      pattern: changed.pattern,
    });
    expect((await run.client.workers.routes.list({ zone_id })).result).toHaveLength(1);
    await run.client.workers.routes.delete(route.id, { zone_id });
    expect(run.api.store.routes(zone_id)).toEqual([]);
  });

  it("refuses the same pattern twice with 409, an unknown script, and patterns that cannot match", async () => {
    const create = (pattern: string, script?: string): Promise<unknown> =>
      run.client.workers.routes.create({ zone_id, pattern, ...(script === undefined ? {} : { script }) });
    await create("example.test/autodiscover/*");
    expect(await codesOf(create("example.test/autodiscover/*"))).toEqual([10020]);
    expect(await codesOf(create("example.test/other/*", "nobody"))).toEqual([10019]);
    for (const pattern of ["example.net/*", "a.*.example.test/", "example.test/*/x", "example.test/?a=*"]) {
      expect(await codesOf(create(pattern))).toEqual([10022]);
    }
  });
});

describe("custom domains", () => {
  const hostname = "autoconfig.dept.example.test";

  it("makes a read-only proxied record, and takes it away again", async () => {
    await upload("domains", {});
    const domain = await run.client.workers.domains.update({
      account_id,
      hostname,
      service: "domains",
      zone_id,
    });
    const again = await run.client.workers.domains.update({
      account_id,
      hostname,
      service: "domains",
      zone_id,
    });
    expect(again.id).toBe(domain.id);
    const record = run.api.store.records(zone_id).find(({ name }) => name === hostname);
    expect(record).toMatchObject({ type: "AAAA", content: "100::", proxied: true });
    expect(await codesOf(run.client.dns.records.delete(record?.id ?? "", { zone_id }))).toEqual([1043]);
    await run.client.workers.domains.delete(domain.id, { account_id });
    expect(run.api.store.records(zone_id).some(({ name }) => name === hostname)).toBe(false);
  });

  it("refuses a host of another script and a host with records of its own", async () => {
    await upload("rival", {});
    const attach = (service: string, host: string): PromiseLike<unknown> =>
      run.client.workers.domains.update({ account_id, hostname: host, service, zone_id });
    await attach("domains", hostname);
    expect(await codesOf(attach("rival", hostname))).toEqual([100116]);
    await run.client.dns.records.create({
      zone_id,
      type: "A",
      name: "taken",
      content: "192.0.2.1",
      ttl: 300,
    });
    expect(await codesOf(attach("rival", "taken.example.test"))).toEqual([100117]);
    const answer = await run.send("PUT", `/accounts/${account_id}/workers/domains`, {
      hostname,
      service: "rival",
      zone_id,
    });
    expect(answer.status).toBe(409);
  });
});

describe("KV", () => {
  it("keeps values, metadata and keys with slashes", async () => {
    const { id } = await run.client.kv.namespaces.create({ account_id, title: "values" });
    const key = "domain/example.test";
    const values = run.client.kv.namespaces.values;
    await values.update(key, { account_id, namespace_id: id, value: '{"a":1}' });
    expect(await (await values.get(key, { account_id, namespace_id: id })).text()).toBe('{"a":1}');
    expect(run.api.store.kv(id)).toEqual(new Map([[key, '{"a":1}']]));
    expect((await run.client.kv.namespaces.keys.list(id, { account_id })).result).toEqual([{ name: key }]);
    const metadata = await run.client.kv.namespaces.metadata.get(key, { account_id, namespace_id: id });
    expect(metadata).toBeNull();
    await values.delete(key, { account_id, namespace_id: id });
    expect(await codesOf(values.get(key, { account_id, namespace_id: id }))).toEqual([10009]);
  });

  it("refuses a title twice and namespaces that are not there", async () => {
    await run.client.kv.namespaces.create({ account_id, title: "once" });
    expect(await codesOf(run.client.kv.namespaces.create({ account_id, title: "once" }))).toEqual([10014]);
    expect(await codesOf(run.client.kv.namespaces.get("0".repeat(32), { account_id }))).toEqual([10013]);
  });
});
