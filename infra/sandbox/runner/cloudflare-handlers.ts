import { type Cloudflare, NotFoundError } from "cloudflare";
import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { cloudflareError } from "../../../src/adapters/cloudflare/cloudflare-errors.ts";
import { readDnsRecord } from "./read-dns-record.ts";
import type { CreatedResource, ImportedResource, Properties, ResourceHandler } from "./resource-handler.ts";

interface Operations {
  /** Inputs whose change replaces the resource, as in the provider's plan modifiers. */
  readonly replaceOn: readonly string[];
  create(inputs: Inputs): Promise<CreatedResource>;
  update?(id: string, inputs: Inputs): Promise<Properties>;
  remove(id: string, outputs: Inputs): Promise<unknown>;
  readonly read?: (importId: string) => Promise<ImportedResource>;
}

// The program's inputs were checked by the SDK's own types; here they come back as plain data.
// oxlint-disable-next-line typescript/no-explicit-any
type Inputs = Readonly<Record<string, any>>;

/** Returns handlers for the Cloudflare resources of the program, over the official SDK. */
export function cloudflareHandlers(client: Cloudflare): ReadonlyMap<string, ResourceHandler> {
  const operations: Readonly<Record<string, Operations>> = {
    "cloudflare:index/dnsRecord:DnsRecord": dnsRecord(client),
    "cloudflare:index/workersKvNamespace:WorkersKvNamespace": kvNamespace(client),
    "cloudflare:index/workersKv:WorkersKv": kvEntry(client),
    "cloudflare:index/workersScript:WorkersScript": script(client),
    "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain": scriptSubdomain(client),
    "cloudflare:index/workersRoute:WorkersRoute": route(client),
    "cloudflare:index/workersCustomDomain:WorkersCustomDomain": customDomain(client),
  };
  return new Map(Object.entries(operations).map(([type, own]) => [type, handler(type, own)]));
}

function handler(type: string, own: Operations): ResourceHandler {
  const attempt = async <T>(verb: string, name: unknown, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw cloudflareError(error, `${verb} ${type.split(":").at(-1) ?? type} ${String(name)}`);
    }
  };
  const { read } = own;
  return {
    ...(read === undefined
      ? {}
      : { read: (importId: string) => attempt("import", importId, () => read(importId)) }),
    create: (inputs) => attempt("create", subject(inputs), () => own.create(inputs)),
    update: (id, _olds, news) =>
      attempt("update", subject(news), async () => (await own.update?.(id, news)) ?? {}),
    delete: (id, outputs) =>
      attempt("delete", subject(outputs), async () => {
        await own.remove(id, outputs).catch((error: unknown) => {
          // What is gone already was asked for.
          if (!(error instanceof NotFoundError)) throw error;
        });
      }),
    diff: async (_id, olds, news) => {
      const changed = Object.keys({ ...olds, ...news }).filter(
        (key) => !isDeepStrictEqual(olds[key], news[key]),
      );
      if (changed.length === 0) return "none";
      return own.update === undefined || changed.some((key) => own.replaceOn.includes(key))
        ? "replace"
        : "update";
    },
  };
}

function subject(inputs: Properties): string {
  const { type, name, keyName, pattern, hostname, scriptName, title } = inputs;
  return [type, name ?? keyName ?? pattern ?? hostname ?? scriptName ?? title]
    .filter(Boolean)
    .map(String)
    .join(" ");
}

function dnsRecord(client: Cloudflare): Operations {
  const body = ({ zoneId, ...record }: Inputs): Cloudflare.DNS.RecordCreateParams =>
    ({ zone_id: zoneId, ...record }) as unknown as Cloudflare.DNS.RecordCreateParams;
  return {
    replaceOn: ["zoneId", "type"],
    create: async (inputs) => ({ id: (await client.dns.records.create(body(inputs))).id, outputs: {} }),
    update: async (id, inputs) => {
      await client.dns.records.update(id, body(inputs));
      return {};
    },
    remove: (id, outputs) => client.dns.records.delete(id, { zone_id: outputs["zoneId"] }),
    read: (importId) => readDnsRecord(client, importId),
  };
}

function kvNamespace(client: Cloudflare): Operations {
  return {
    replaceOn: ["accountId"],
    create: async ({ accountId, title }) => ({
      id: (await client.kv.namespaces.create({ account_id: accountId, title })).id,
      outputs: {},
    }),
    update: async (id, { accountId, title }) => {
      await client.kv.namespaces.update(id, { account_id: accountId, title });
      return {};
    },
    remove: (id, { accountId }) => client.kv.namespaces.delete(id, { account_id: accountId }),
  };
}

function kvEntry(client: Cloudflare): Operations {
  const put = ({ accountId, namespaceId, keyName, value }: Inputs): Promise<unknown> =>
    client.kv.namespaces.values.update(keyName, { account_id: accountId, namespace_id: namespaceId, value });
  return {
    replaceOn: ["accountId", "namespaceId", "keyName"],
    create: async (inputs) => {
      await put(inputs);
      return { id: `${inputs["namespaceId"]}/${inputs["keyName"]}`, outputs: {} };
    },
    update: async (_id, inputs) => {
      await put(inputs);
      return {};
    },
    remove: (_id, { accountId, namespaceId, keyName }) =>
      client.kv.namespaces.values.delete(keyName, { account_id: accountId, namespace_id: namespaceId }),
  };
}

function script(client: Cloudflare): Operations {
  // `workers.scripts.update` sends the parts under the content type of plain JavaScript, which the API refuses
  // (cloudflare 7.3.0); to be called again when the SDK leaves that header to the form.
  const upload = async (inputs: Inputs): Promise<void> => {
    const { accountId, scriptName, mainModule, contentFile, compatibilityDate, bindings } = inputs;
    const metadata = {
      main_module: mainModule,
      compatibility_date: compatibilityDate,
      bindings: (bindings as Inputs[]).map(({ namespaceId, ...binding }) => ({
        ...binding,
        namespace_id: namespaceId,
      })),
    };
    const form = new FormData();
    const module = await readFile(contentFile);
    form.append(mainModule, new Blob([module], { type: "application/javascript+module" }), mainModule);
    form.append("metadata", JSON.stringify(metadata));
    await client.put(`/accounts/${accountId}/workers/scripts/${scriptName}`, { body: form });
  };
  return {
    replaceOn: ["accountId", "scriptName"],
    create: async (inputs) => {
      await upload(inputs);
      return { id: inputs["scriptName"], outputs: {} };
    },
    update: async (_id, inputs) => {
      await upload(inputs);
      return {};
    },
    remove: (id, { accountId }) => client.workers.scripts.delete(id, { account_id: accountId }),
  };
}

function scriptSubdomain(client: Cloudflare): Operations {
  const set = ({ accountId, scriptName, enabled, previewsEnabled }: Inputs): Promise<unknown> =>
    client.workers.scripts.subdomain.create(scriptName, {
      account_id: accountId,
      enabled,
      previews_enabled: previewsEnabled,
    });
  return {
    replaceOn: ["accountId", "scriptName"],
    create: async (inputs) => {
      await set(inputs);
      return { id: inputs["scriptName"], outputs: {} };
    },
    update: async (_id, inputs) => {
      await set(inputs);
      return {};
    },
    remove: (id, { accountId }) => client.workers.scripts.subdomain.delete(id, { account_id: accountId }),
  };
}

function route(client: Cloudflare): Operations {
  return {
    replaceOn: ["zoneId"],
    create: async ({ zoneId, pattern, script: name }) => ({
      id: (await client.workers.routes.create({ zone_id: zoneId, pattern, script: name })).id,
      outputs: {},
    }),
    update: async (id, { zoneId, pattern, script: name }) => {
      await client.workers.routes.update(id, { zone_id: zoneId, pattern, script: name });
      return {};
    },
    remove: (id, { zoneId }) => client.workers.routes.delete(id, { zone_id: zoneId }),
  };
}

function customDomain(client: Cloudflare): Operations {
  return {
    replaceOn: [],
    create: async ({ accountId, zoneId, hostname, service }) => {
      const domain = await client.workers.domains.update({
        account_id: accountId,
        zone_id: zoneId,
        hostname,
        service,
      });
      return { id: domain.id ?? hostname, outputs: {} };
    },
    remove: (id, { accountId }) => client.workers.domains.delete(id, { account_id: accountId }),
  };
}
