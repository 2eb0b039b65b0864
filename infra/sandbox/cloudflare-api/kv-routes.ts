import type Cloudflare from "cloudflare";
import { Hono, type Context } from "hono";
import { ApiRefusal } from "./api-refusal.ts";
import type { CloudflareStore } from "./cloudflare-store.ts";
import { paginate, success } from "./envelope.ts";
import { newId } from "./identifiers.ts";
import { findEntry, listKeys, readKvValue, withEntry, withoutEntry } from "./kv-entries.ts";
import { readJsonObject, refuseUnknownFields } from "./request-body.ts";
import type { StoredNamespace } from "./stored-state.ts";

const NAMESPACES = "/accounts/:account/storage/kv/namespaces";
const PAGE_LIMITS = { fallback: 20, maximum: 1_000 };

/** KV namespaces and their values. */
export function kvRoutes(store: CloudflareStore): Hono {
  const routes = new Hono();
  const keep = (namespace: StoredNamespace): void => {
    const kvNamespaces = store.state.kvNamespaces.map((other) =>
      other.id === namespace.id ? namespace : other,
    );
    store.commit({ ...store.state, kvNamespaces });
  };

  routes.get(NAMESPACES, (context) => {
    const page = paginate(store.state.kvNamespaces, context.req.query(), PAGE_LIMITS);
    return context.json({ ...page, result: page.result.map(renderNamespace) });
  });
  routes.post(NAMESPACES, async (context) => {
    const title = await readTitle(context, store);
    const namespace: StoredNamespace = { id: newId(), title, entries: [] };
    store.commit({ ...store.state, kvNamespaces: [...store.state.kvNamespaces, namespace] });
    return context.json(success(renderNamespace(namespace)));
  });
  routes.get(`${NAMESPACES}/:namespace`, (context) =>
    context.json(success(renderNamespace(findNamespace(store, context)))),
  );
  routes.put(`${NAMESPACES}/:namespace`, async (context) => {
    const { id } = findNamespace(store, context);
    const title = await readTitle(context, store, id);
    keep({ ...findNamespace(store, context), title });
    return context.json(success(renderNamespace(findNamespace(store, context))));
  });
  routes.delete(`${NAMESPACES}/:namespace`, (context) => {
    const { id } = findNamespace(store, context);
    const kvNamespaces = store.state.kvNamespaces.filter((namespace) => namespace.id !== id);
    store.commit({ ...store.state, kvNamespaces });
    return context.json(success({}));
  });

  routes.get(`${NAMESPACES}/:namespace/keys`, (context) =>
    context.json(listKeys(findNamespace(store, context), context.req.query())),
  );
  // `.+`, because a key may hold slashes, sent as %2F.
  routes.put(`${NAMESPACES}/:namespace/values/:key{.+}`, async (context) => {
    const entry = await readKvValue(context, context.req.param("key"));
    keep(withEntry(findNamespace(store, context), entry));
    return context.json(success({}));
  });
  routes.get(`${NAMESPACES}/:namespace/values/:key{.+}`, (context) => {
    const { value, encoding } = findEntry(findNamespace(store, context), context.req.param("key"));
    return context.body(new Uint8Array(Buffer.from(value, encoding)), 200, {
      "content-type": "application/octet-stream",
    });
  });
  routes.delete(`${NAMESPACES}/:namespace/values/:key{.+}`, (context) => {
    // Deleting what is not there is a success, as at the service.
    keep(withoutEntry(findNamespace(store, context), context.req.param("key")));
    return context.json(success({}));
  });
  routes.get(`${NAMESPACES}/:namespace/metadata/:key{.+}`, (context) => {
    const { metadata } = findEntry(findNamespace(store, context), context.req.param("key"));
    return context.json(success(metadata ?? null));
  });
  return routes;
}

function renderNamespace({ id, title }: StoredNamespace): Cloudflare.KV.Namespace {
  return { id, title, supports_url_encoding: true };
}

function findNamespace(store: CloudflareStore, context: Context): StoredNamespace {
  const namespace = store.namespace(context.req.param("namespace") ?? "");
  if (namespace === undefined) throw new ApiRefusal(404, 10013, "namespace not found");
  return namespace;
}

async function readTitle(context: Context, store: CloudflareStore, ownId?: string): Promise<string> {
  const body = await readJsonObject(context);
  refuseUnknownFields(body, ["title"]);
  const title = body["title"];
  if (typeof title !== "string" || title === "") throw new ApiRefusal(400, 10019, "missing title");
  if (store.state.kvNamespaces.some((other) => other.title === title && other.id !== ownId)) {
    throw new ApiRefusal(400, 10014, "a namespace with this account ID and title already exists");
  }
  return title;
}
