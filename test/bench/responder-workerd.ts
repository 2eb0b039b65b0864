import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** workerd's own configuration: the script, and a KV namespace that is a second script with all entries. */
export async function writeWorkerdConfig(
  folder: string,
  port: number,
  script: string,
  entries: Readonly<Record<string, string>>,
): Promise<string> {
  await writeFile(join(folder, "worker.mjs"), script);
  await writeFile(join(folder, "kv.mjs"), KV);
  await writeFile(join(folder, "entries.json"), JSON.stringify(entries));
  const file = join(folder, "config.capnp");
  await writeFile(file, config(port));
  return file;
}

const KV = `import entries from "entries.json";
export default { fetch(request) {
  const value = entries[decodeURIComponent(new URL(request.url).pathname.slice(1))];
  return value === undefined ? new Response(null, { status: 404 }) : new Response(value);
} };
`;

function config(port: number): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "kv", worker = .kv)],
  sockets = [(
    name = "http", address = "127.0.0.1:${port}", service = "main",
    http = (forwardedProtoHeader = "X-Forwarded-Proto")
  )],
);
const main :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2026-04-01",
  bindings = [(name = "MAIL_DOMAINS", kvNamespace = "kv")],
);
const kv :Workerd.Worker = (
  modules = [(name = "kv.mjs", esModule = embed "kv.mjs"), (name = "entries.json", json = embed "entries.json")],
  compatibilityDate = "2026-04-01",
);
`;
}
