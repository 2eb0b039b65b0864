import { setFlagsFromString } from "node:v8";

/**
 * Keeps the young generation of the heap as small as it begins. What a look at many domains reads is garbage a moment later,
 * and V8 would let 100 MB of it pile up: the flag is read at each collection, so it may be set while the program runs
 * (Node 24, measured with `npm run bench:verify`).
 */
export function boundMemory(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}
