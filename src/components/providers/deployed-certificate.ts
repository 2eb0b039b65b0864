import { deployToFolder, removeFromFolder } from "../../adapters/folders/certificate-folder.ts";
import { spkiSha256 } from "../../certificates/certificate-key.ts";
import type { DeploymentEndpoint } from "../acme-resources.ts";
import { awaitServedCertificate } from "./await-served-certificate.ts";
import type { Properties, ResourceLogic } from "./dynamic-provider.ts";
import type { ProviderContext } from "./provider-context.ts";

interface Inputs {
  readonly path: string;
  readonly fullChainPem: string;
  readonly privateKeyPem: string;
  readonly endpoints: readonly DeploymentEndpoint[];
}

/** A copy of a certificate where servers read it; done when the ports present it. */
export const deployedCertificate: ResourceLogic = {
  async diff(olds, news) {
    const keys = ["path", "fullChainPem", "privateKeyPem", "endpoints"];
    const changed = keys.some((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]));
    return { changes: changed, replaces: olds["path"] === news["path"] ? [] : ["path"] };
  },

  async create(inputs, context) {
    return { id: String(inputs["path"]), outs: await deploy(inputs as unknown as Inputs, context) };
  },

  async update(_olds, news, context) {
    return deploy(news as unknown as Inputs, context);
  },

  async delete(props) {
    await removeFromFolder(String(props["path"]));
  },
};

async function deploy(inputs: Inputs, context: ProviderContext): Promise<Properties> {
  const { path, fullChainPem, privateKeyPem, endpoints } = inputs;
  await deployToFolder({ path, fullChainPem, privateKeyPem });
  await context.withSignal((signal) => awaitServedCertificate(endpoints, fullChainPem, context, signal));
  return { ...inputs, spkiSha256: spkiSha256(privateKeyPem) };
}
