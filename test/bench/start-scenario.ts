import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { SCENARIOS, type Scenario } from "./scenario.ts";

export interface RunningScenario extends AsyncDisposable {
  /** Base of the emulated API. */
  readonly url: string;
}

/** Starts the emulator with the zones of a scenario in a process of its own. */
export async function startScenario(scenario: Scenario): Promise<RunningScenario> {
  const child = fork(join(import.meta.dirname, "serve-scenario.ts"), [String(SCENARIOS.indexOf(scenario))]);
  const ended = once(child, "exit");
  const [message] = (await Promise.race([
    once(child, "message"),
    ended.then(([code]) => {
      throw new Error(`The emulator ended with ${String(code)} before it listened.`);
    }),
  ])) as [{ readonly url: string }];
  return {
    url: message.url,
    [Symbol.asyncDispose]: async () => {
      child.disconnect();
      await ended;
    },
  };
}
