import { StateFile } from "../../../infra/sandbox/runner/state-file.ts";
import { typeOf } from "./deploy-certificates.ts";

/** Lets every certificate of a state be due: its moment of renewal was an hour ago, and the CA is not to be asked again before tomorrow. */
export async function makeDue(stateFolder: string): Promise<void> {
  const hour = 60 * 60 * 1000;
  await changeCertificates(stateFolder, () => ({
    renewAt: new Date(Date.now() - hour).toISOString(),
    ariRetryAt: new Date(Date.now() + 24 * hour).toISOString(),
  }));
}

/** Lets every certificate of a state be older than it is, by its state alone; its renewal is due where its age says so. */
export async function ageCertificates(stateFolder: string, milliseconds: number): Promise<void> {
  const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString();
  await changeCertificates(stateFolder, (outputs) => {
    const earlier = (key: string): string =>
      new Date(Date.parse(String(outputs[key])) - milliseconds).toISOString();
    return {
      notBefore: earlier("notBefore"),
      notAfter: earlier("notAfter"),
      renewAt: earlier("renewAt"),
      ariRetryAt: tomorrow,
    };
  });
}

type Outputs = Readonly<Record<string, unknown>>;

async function changeCertificates(stateFolder: string, change: (outputs: Outputs) => Outputs): Promise<void> {
  const state = await StateFile.open(stateFolder);
  for (const resource of state.all()) {
    if (resource.type !== typeOf("Certificate")) continue;
    await state.set({ ...resource, outputs: { ...resource.outputs, ...change(resource.outputs) } });
  }
}
