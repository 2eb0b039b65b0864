import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export interface ForkedWithMessage<T> extends AsyncDisposable {
  /** The first that the process sent. */
  readonly message: T;
}

/** Starts a file of this folder as a process and waits for its first message; it is to end once it is disconnected. */
export async function forkWithMessage<T>(
  file: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<ForkedWithMessage<T>> {
  const child = fork(join(import.meta.dirname, file), args, { env: { ...process.env, ...environment } });
  const ended = once(child, "exit");
  const [message] = (await Promise.race([
    once(child, "message"),
    ended.then(([code]) => {
      throw new Error(`${file} ended with ${String(code)} before it said anything.`);
    }),
  ])) as [T];
  return {
    message,
    [Symbol.asyncDispose]: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
