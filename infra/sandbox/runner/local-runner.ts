import * as pulumi from "@pulumi/pulumi";
import { SECRET_PROPERTIES, type DynamicKind } from "../../../src/components/dynamic-resource.ts";
import { MailAutodiscoverError } from "../../../src/errors.ts";
import { parseOwnership } from "../../../src/dns/ownership.ts";
import { importMismatch, refuseImportReplacement, withImportId } from "./import-rules.ts";
import { readOwnState } from "./read-own-state.ts";
import { PartialResource, type Properties, type ResourceHandler } from "./resource-handler.ts";
import type { ResourceState, StateFile } from "./state-file.ts";

export type Operation = "create" | "import" | "update" | "replace" | "delete" | "same";

export interface RunnerEvent {
  readonly operation: Operation;
  readonly type: string;
  readonly name: string;
  readonly state: "started" | "done";
  /** True where a deletion left the thing itself alone. */
  readonly isRetained?: boolean;
}

export interface RunnerOptions {
  readonly project: string;
  readonly stack: string;
  readonly handlers: ReadonlyMap<string, ResourceHandler>;
  readonly state: StateFile;
  readonly onEvent: (event: RunnerEvent) => void;
}

const DNS_RECORD = "cloudflare:index/dnsRecord:DnsRecord";

/**
 * Runs a Pulumi program in this process: resources are registered with the runtime's mocks, and the mocks really
 * create, update and delete. It proves the world, not the engine: it has no preview and no refresh, and imports DNS records only.
 */
export class LocalRunner {
  readonly #options: RunnerOptions;
  readonly #seen = new Set<string>();
  readonly #underway = new Set<Promise<unknown>>();
  #failure: unknown;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** Runs the program, then deletes what it no longer registers, in the reverse order of creation. */
  async up(program: () => Promise<unknown>): Promise<unknown> {
    const { project, stack } = this.#options;
    await pulumi.runtime.setMocks(
      {
        newResource: (args) => this.#register(args),
        call: (args) => readOwnState(args.token, this.#options),
      },
      project,
      stack,
      false,
      // As the engine's own file backend calls it.
      "organization",
    );
    const outputs = await this.#settled(
      pulumi.runtime.runInPulumiStack(program).then(async (found) => {
        // The stack is done before its last resources are: a dependent registers once its inputs are known.
        await pulumi.runtime.disconnect();
        return found;
      }),
    );
    for (const resource of this.#options.state.all().toReversed()) {
      if (!this.#seen.has(keyOf(resource))) await this.#delete(resource);
    }
    return outputs;
  }

  /** Deletes everything that the state knows, in the reverse order of creation. */
  async destroy(): Promise<void> {
    for (const resource of this.#options.state.all().toReversed()) await this.#delete(resource);
  }

  /** No new work is begun; what is under way ends first, so that the state tells the truth. */
  async stop(reason: unknown): Promise<void> {
    this.#failure ??= reason;
    while (this.#underway.size > 0) await Promise.allSettled(this.#underway);
  }

  /** The runtime hangs or rejects late where a resource failed, so the first failure ends the wait. */
  async #settled<T>(program: Promise<T>): Promise<T> {
    const failed = new Promise<never>((_resolve, reject) => {
      const watch = setInterval(() => {
        if (this.#failure === undefined || this.#underway.size > 0) return;
        clearInterval(watch);
        reject(this.#failure);
      }, 20);
      program.finally(() => clearInterval(watch)).catch(() => undefined);
    });
    try {
      const outputs = await Promise.race([program, failed]);
      // The runtime ends in peace where a resource without dependents failed.
      if (this.#failure === undefined) return outputs;
      throw this.#failure;
    } catch (error) {
      await this.stop(error);
      throw this.#failure;
    }
  }

  #register(args: pulumi.runtime.MockResourceArgs): Promise<pulumi.runtime.MockResourceResult> {
    if (this.#failure !== undefined) return Promise.reject(new Error("stopped by an earlier failure"));
    const work = this.#ensure(args);
    this.#underway.add(work);
    work
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#underway.delete(work))
      .catch(() => undefined);
    return work;
  }

  async #ensure(args: pulumi.runtime.MockResourceArgs): Promise<pulumi.runtime.MockResourceResult> {
    const { type, name } = args;
    const { inputs, secrets } = unwrapSecrets(args.inputs as Properties, type);
    if (args.custom !== true) return { id: undefined, state: inputs };
    const handler = this.#handler(type);
    const resource = { type, name };
    this.#seen.add(keyOf(resource));
    const former = this.#options.state.get(type, name);
    const importId = args.id === undefined || args.id === "" ? undefined : args.id;
    if (importId !== undefined) {
      if (former === undefined) return this.#import(handler, { ...resource, inputs, secrets }, importId);
      refuseImportReplacement(former, importId);
    }
    if (former === undefined) {
      await this.#displace(type, inputs);
      return this.#create(handler, { ...resource, inputs, secrets });
    }
    const dynamic = type.startsWith("pulumi-nodejs:");
    const change = await handler.diff(former.id, dynamic ? former.outputs : former.inputs, inputs);
    if (change === "none") {
      if (former.importId !== importId) await this.#options.state.set(withImportId(former, importId));
      this.#options.onEvent({ ...resource, operation: "same", state: "done" });
      return result(former);
    }
    if (change === "replace") {
      await this.#delete(former, "replace");
      return this.#create(handler, { ...resource, inputs, secrets });
    }
    return this.#update(handler, withImportId(former, importId), { inputs, secrets });
  }

  async #update(
    handler: ResourceHandler,
    former: ResourceState,
    { inputs, secrets }: Pick<ResourceState, "inputs" | "secrets">,
  ): Promise<pulumi.runtime.MockResourceResult> {
    const { type, name } = former;
    this.#options.onEvent({ operation: "update", type, name, state: "started" });
    const outputs = {
      ...inputs,
      ...(await handler.update(former.id, former.outputs, inputs).catch(async (error: unknown) => {
        if (error instanceof PartialResource)
          await this.#options.state.set({ ...former, outputs: { ...former.outputs, ...error.outputs } });
        throw error;
      })),
    };
    const updated = { ...former, inputs, outputs, secrets };
    await this.#options.state.set(updated);
    this.#options.onEvent({ operation: "update", type, name, state: "done" });
    return result(updated);
  }

  /** Takes what exists into the state as it is, then updates it in place where the program wants it otherwise. */
  async #import(
    handler: ResourceHandler,
    resource: Pick<ResourceState, "type" | "name" | "inputs" | "secrets">,
    importId: string,
  ): Promise<pulumi.runtime.MockResourceResult> {
    const { type, name, inputs } = resource;
    if (handler.read === undefined) {
      throw new MailAutodiscoverError("internal", `The local runner cannot import ${type}.`, {
        remedy: "Use a real engine (--engine pulumi).",
      });
    }
    this.#options.onEvent({ operation: "import", type, name, state: "started" });
    const live = await handler.read(importId);
    const change = await handler.diff(live.id, live.inputs, inputs);
    if (change === "replace") throw importMismatch(resource, importId, live.inputs);
    const holder = this.#options.state.all().find((other) => other.type === type && other.id === live.id);
    if (holder !== undefined) refuseImportReplacement(holder, importId);
    const imported: ResourceState = {
      ...resource,
      id: live.id,
      importId,
      inputs: live.inputs,
      outputs: live.inputs,
    };
    await this.#options.state.set(imported);
    this.#options.onEvent({ operation: "import", type, name, state: "done" });
    return change === "none" ? result(imported) : this.#update(handler, imported, resource);
  }

  async #create(
    handler: ResourceHandler,
    resource: Pick<ResourceState, "type" | "name" | "inputs" | "secrets">,
  ): Promise<pulumi.runtime.MockResourceResult> {
    const { type, name, inputs } = resource;
    this.#options.onEvent({ operation: "create", type, name, state: "started" });
    const { id, outputs } = await handler.create(inputs).catch(async (error: unknown) => {
      if (error instanceof PartialResource)
        await this.#options.state.set({
          ...resource,
          id: error.id,
          outputs: { ...inputs, ...error.outputs },
        });
      throw error;
    });
    const created = { ...resource, id, outputs: { ...inputs, ...outputs } };
    await this.#options.state.set(created);
    this.#options.onEvent({ operation: "create", type, name, state: "done" });
    return result(created);
  }

  /**
   * A record whose type changes has another logical name. The engine follows the alias and deletes before it
   * replaces; the mocks are not told of aliases, so the same is done here by the owner name.
   */
  async #displace(type: string, inputs: Properties): Promise<void> {
    if (type !== DNS_RECORD) return;
    const isAddress = (value: unknown): boolean => value === "A" || value === "AAAA";
    for (const other of this.#options.state.all()) {
      if (other.type !== type || this.#seen.has(keyOf(other)) || other.inputs["name"] !== inputs["name"])
        continue;
      const types = [other.inputs["type"], inputs["type"]];
      if (types.includes("CNAME") && (types.some(isAddress) || types[0] === types[1])) {
        await this.#delete(other, "replace");
      }
    }
  }

  async #delete(resource: ResourceState, operation: "delete" | "replace" = "delete"): Promise<void> {
    const { type, name } = resource;
    const isRetained = isAdopted(resource);
    const event = { operation, type, name, ...(isRetained ? { isRetained } : {}) };
    this.#options.onEvent({ ...event, state: "started" });
    if (!isRetained) await this.#handler(type).delete(resource.id, resource.outputs);
    await this.#options.state.remove(resource);
    this.#options.onEvent({ ...event, state: "done" });
  }

  #handler(type: string): ResourceHandler {
    const handler = this.#options.handlers.get(type);
    if (handler !== undefined) return handler;
    throw new MailAutodiscoverError("internal", `The local runner cannot make ${type}.`, {
      remedy: "Use a real engine (--engine pulumi).",
    });
  }
}

function keyOf(resource: Pick<ResourceState, "type" | "name">): string {
  return `${resource.type}::${resource.name}`;
}

/** The mocks are not told of `retainOnDelete`; a record that others made says so in its comment. */
function isAdopted({ type, inputs }: ResourceState): boolean {
  const comment = inputs["comment"];
  return type === DNS_RECORD && typeof comment === "string" && parseOwnership(comment)?.isAdopted === true;
}

function result(resource: ResourceState): pulumi.runtime.MockResourceResult {
  const state = Object.fromEntries(
    Object.entries(resource.outputs).map(([key, value]) => [
      key,
      resource.secrets.includes(key) ? pulumi.secret(value) : value,
    ]),
  );
  return { id: resource.id, state };
}

function unwrapSecrets(
  inputs: Properties,
  type: string,
): { readonly inputs: Properties; readonly secrets: readonly string[] } {
  const kind = type.split(":").at(-1) as DynamicKind;
  const always: readonly string[] = type.startsWith("pulumi-nodejs:") ? SECRET_PROPERTIES[kind] : [];
  const entries = Object.entries(inputs).map(([key, value]) => ({
    key,
    isSecret: always.includes(key) || pulumi.runtime.isRpcSecret(value),
    value: pulumi.runtime.unwrapRpcSecret(value) as unknown,
  }));
  return {
    inputs: Object.fromEntries(entries.map(({ key, value }) => [key, value])),
    secrets: [
      ...new Set([...always, ...entries.filter((entry) => entry.isSecret).map((entry) => entry.key)]),
    ],
  };
}
