import type { CliIo } from "../cli-io.ts";
import { serveDomains } from "./serve-domains.ts";
import type { ServeOptions } from "./serve.ts";

/** Serves until the process is asked to end; a second signal ends it at once, as the default handlers are back then. */
export async function serveUntilSignal(options: ServeOptions, io: CliIo): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => {
    process.off("SIGTERM", onSignal).off("SIGINT", onSignal);
    stop.abort();
  };
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
  try {
    const running = await serveDomains(options, (line) => io.stderr.write(`${line}\n`));
    const { length } = running.domains;
    const domains = length === 1 ? "1 domain" : `${length} domains`;
    io.stderr.write(`serving ${domains} at ${running.urls.join(" ")}\n`);
    if (!stop.signal.aborted) {
      // A promise alone keeps no process alive; the listeners do.
      await new Promise<void>((resolve) => {
        stop.signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    io.stderr.write("stopping\n");
    await running.stop();
  } finally {
    process.off("SIGTERM", onSignal).off("SIGINT", onSignal);
  }
}
