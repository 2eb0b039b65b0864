export type { PreloadRecord, PreloadZone } from "../../../src/dns/preload-zone.ts";
