import { findMailAutodiscoverError, formatError } from "../../../src/errors.ts";
import { SECRET_PROPERTIES } from "../../../src/components/dynamic-resource.ts";
import type { DynamicProvider } from "../../../src/components/providers/dynamic-provider.ts";
import { openProviders, type CertificateKind } from "./open-providers.ts";
import { StateFile, type ResourceState } from "../../../infra/sandbox/runner/state-file.ts";

type Properties = Readonly<Record<string, unknown>>;

export interface CertificatePlan {
  /** The resources' names are `<key>/...`. */
  readonly key: string;
  readonly dnsNames: readonly string[];
  readonly zones: readonly { readonly id: string; readonly name: string }[];
  /** Receives the certificate; absent: it is not deployed. */
  readonly folder?: string;
  /** Further inputs of the Certificate. */
  readonly inputs?: Properties;
  readonly keyInputs?: Properties;
}

export interface CertificateDeploymentRequest {
  readonly stateFolder: string;
  readonly config: Readonly<Record<string, string>>;
  readonly directoryUrl: string;
  readonly accountInputs?: Properties;
  readonly plans: readonly CertificatePlan[];
}

/** What became of one certificate. */
export interface CertificateOutcome {
  readonly key: string;
  /** Kinds whose resource was made or changed. */
  readonly changed: readonly CertificateKind[];
  readonly error?: { readonly code: string | undefined; readonly text: string };
}

/** Told around the write of each resource into the state; the write waits for it. */
export type OnWrite = (kind: CertificateKind, moment: "before" | "after") => Promise<void>;

export function typeOf(kind: CertificateKind): string {
  return `pulumi-nodejs:dynamic/mail-autodiscover:${kind}`;
}

/**
 * Makes an account, and for each plan a key, a certificate and its copy, with the real providers and the local runner's state file: the
 * resources of a program, one after the other as their dependencies want it, the plans beside each other. No engine, no DNS records.
 */
export async function deployCertificates(
  request: CertificateDeploymentRequest,
  onWrite: OnWrite = () => Promise.resolve(),
): Promise<readonly CertificateOutcome[]> {
  const engine: Engine = {
    providers: await openProviders(request.config),
    state: await StateFile.open(request.stateFolder),
    onWrite,
  };
  const { directoryUrl, accountInputs } = request;
  const account = await ensure(engine, "AcmeAccount", "account", { directoryUrl, ...accountInputs });
  return await Promise.all(
    request.plans.map(async (plan): Promise<CertificateOutcome> => {
      const changed: CertificateKind[] = [];
      const write: OnWrite = async (kind, moment) => {
        if (moment === "after") changed.push(kind);
        await onWrite(kind, moment);
      };
      try {
        await deployOne({ ...engine, onWrite: write }, request, account, plan);
        return { key: plan.key, changed };
      } catch (error) {
        const code = findMailAutodiscoverError(error)?.code;
        return { key: plan.key, changed, error: { code, text: formatError(error) } };
      }
    }),
  );
}

interface Engine {
  readonly providers: Readonly<Record<CertificateKind, DynamicProvider>>;
  readonly state: StateFile;
  readonly onWrite: OnWrite;
}

async function deployOne(
  engine: Engine,
  { directoryUrl }: CertificateDeploymentRequest,
  account: Properties,
  plan: CertificatePlan,
): Promise<void> {
  const key = await ensure(engine, "CertificateKey", `${plan.key}/key`, {
    keyType: "P-256",
    keyVersion: 0,
    ...plan.keyInputs,
  });
  const certificate = await ensure(engine, "Certificate", `${plan.key}/certificate`, {
    directoryUrl,
    accountKeyPem: account["accountKeyPem"],
    accountUrl: account["accountUrl"],
    privateKeyPem: key["privateKeyPem"],
    dnsNames: plan.dnsNames,
    zones: plan.zones,
    ...plan.inputs,
  });
  if (plan.folder === undefined) return;
  const { fullChainPem, privateKeyPem } = certificate;
  const copy = { path: plan.folder, fullChainPem, privateKeyPem, endpoints: [] };
  await ensure(engine, "DeployedCertificate", `${plan.key}/copy`, copy);
}

/** What an engine does with one resource. */
async function ensure(
  { providers, state, onWrite }: Engine,
  kind: CertificateKind,
  name: string,
  inputs: Properties,
): Promise<Properties> {
  const provider = providers[kind];
  const type = typeOf(kind);
  const former = state.get(type, name);
  const secrets = [...SECRET_PROPERTIES[kind]];
  const store = async (resource: ResourceState): Promise<Properties> => {
    await onWrite(kind, "before");
    await state.set(resource);
    await onWrite(kind, "after");
    return resource.outputs;
  };
  const isInPlace = former === undefined ? false : await isUpdate(provider, former, inputs);
  if (isInPlace === undefined) return former?.outputs ?? {};
  try {
    if (isInPlace && former !== undefined) {
      const { outs } = await provider.update(former.id, { ...former.outputs }, { ...inputs });
      return await store({ ...former, inputs, outputs: outs, secrets });
    }
    const { id, outs } = await provider.create({ ...inputs });
    return await store({ type, name, id, inputs, outputs: outs, secrets });
  } catch (error) {
    const { id = name, properties } = error as { readonly id?: string; readonly properties?: Properties };
    // The engine stores what a partial failure brings, and fails all the same.
    if (properties !== undefined) await store({ type, name, id, inputs, outputs: properties, secrets });
    throw error;
  }
}

/** Returns whether a change can be made in place; undefined where there is none. */
async function isUpdate(
  provider: DynamicProvider,
  former: ResourceState,
  inputs: Properties,
): Promise<boolean | undefined> {
  const { changes, replaces = [] } = await provider.diff(former.id, { ...former.outputs }, { ...inputs });
  return changes ? replaces.length === 0 : undefined;
}
