import { StateFile } from "../../../infra/sandbox/runner/state-file.ts";
import { typeOf } from "./deploy-certificates.ts";

/** Lets every certificate of a state be due: its moment of renewal was an hour ago, and the CA is not to be asked again before tomorrow. */
export async function makeDue(stateFolder: string): Promise<void> {
  const hour = 60 * 60 * 1000;
  await changeCertificates(stateFolder, {
    renewAt: new Date(Date.now() - hour).toISOString(),
    ariRetryAt: new Date(Date.now() + 24 * hour).toISOString(),
  });
}

/** Lets what the CA said of every certificate be old, so that the next diff asks it again. */
export async function forgetRenewalInfo(stateFolder: string): Promise<void> {
  await changeCertificates(stateFolder, { ariRetryAt: new Date(0).toISOString() });
}

async function changeCertificates(
  stateFolder: string,
  change: Readonly<Record<string, unknown>>,
): Promise<void> {
  const state = await StateFile.open(stateFolder);
  for (const resource of state.all()) {
    if (resource.type !== typeOf("Certificate")) continue;
    await state.set({ ...resource, outputs: { ...resource.outputs, ...change } });
  }
}
