#!/usr/bin/env node
import { oldNodeMessage } from "./node-version.ts";

const complaint = oldNodeMessage(process.versions.node);
if (complaint === undefined) {
  // Only now: what these import would fail in an old Node by a name that tells nobody why.
  const [{ processIo }, { runCli }] = await Promise.all([import("./process-io.ts"), import("./run-cli.ts")]);
  // Not process.exit(): it would cut what a pipe has not taken yet.
  process.exitCode = await runCli(process.argv.slice(2), processIo());
} else {
  process.stderr.write(complaint);
  process.exitCode = 2;
}
