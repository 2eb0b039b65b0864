import { isDeepStrictEqual } from "node:util";
import { MailAutodiscoverError } from "../../../src/errors.ts";
import type { Properties } from "./resource-handler.ts";
import type { ResourceState } from "./state-file.ts";

/**
 * Refuses an `import` of what the state holds without it. The engine compares the given id with the state's import id and
 * its own id, as text; where neither is equal it imports, and then deletes what the state held: for one and the same record
 * that is the live one, and the run ends in success (pulumi/pulumi, pkg/resource/deploy/step_generator.go).
 *
 * @throws MailAutodiscoverError `record-exists`
 */
export function refuseImportReplacement(former: ResourceState, importId: string): void {
  if (importId === former.importId || importId === former.id) return;
  throw new MailAutodiscoverError(
    "record-exists",
    `The state holds ${former.name} as ${former.id}, and the program imports ${importId}: the engine would replace it and then delete the live record ${former.id}.`,
    { remedy: "Give no import to a record of the stack's own." },
  );
}

/** What the engine says where the thing to import would have to be replaced. */
export function importMismatch(
  resource: Pick<ResourceState, "name" | "inputs">,
  importId: string,
  live: Properties,
): MailAutodiscoverError {
  const different = Object.keys({ ...live, ...resource.inputs })
    .filter((key) => !isDeepStrictEqual(live[key], resource.inputs[key]))
    .map((key) => `${key}: ${JSON.stringify(live[key])}, not ${JSON.stringify(resource.inputs[key])}`);
  return new MailAutodiscoverError(
    "record-exists",
    `inputs to import do not match the existing resource: ${importId} cannot become ${resource.name} (${different.join("; ")}).`,
    { remedy: "Import a record of the same type and zone, or remove that one first." },
  );
}

/** Returns the resource with the import id of this run: as in the engine, it lasts for as long as the program gives it. */
export function withImportId(resource: ResourceState, importId: string | undefined): ResourceState {
  const { importId: _, ...rest } = resource;
  return importId === undefined ? rest : { ...rest, importId };
}
