import { MailAutodiscoverError } from "../../../src/errors.ts";
import type { StateFile } from "./state-file.ts";

/** Answers the engine's own function by which a program reads its stack's state. */
export function readOwnState(
  token: string,
  { project, stack, state }: { readonly project: string; readonly stack: string; readonly state: StateFile },
): Record<string, unknown> {
  const resources = state.all();
  switch (token) {
    case "pulumi:pulumi:readStackResourceOutputs":
      return {
        outputs: Object.fromEntries(
          resources.map(({ type, name, id, outputs }) => [
            `urn:pulumi:${stack}::${project}::${type}::${name}`,
            // Keys stay where they are.
            {
              type,
              outputs: { id, ...only(outputs, ["comment", "type", "content", "priority", "data", "value"]) },
            },
          ]),
        ),
      };
    default:
      throw new MailAutodiscoverError("internal", `The local runner has no function ${token}.`, {
        remedy: "Use a real engine (--engine pulumi).",
      });
  }
}

function only(outputs: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, outputs[name]]));
}
