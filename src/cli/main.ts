#!/usr/bin/env node
import { processIo } from "./process-io.ts";
import { runCli } from "./run-cli.ts";

// Not process.exit(): it would cut what a pipe has not taken yet.
process.exitCode = await runCli(process.argv.slice(2), processIo());
