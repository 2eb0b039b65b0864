import type { DomainFile } from "../../../src/spec/domain-file.ts";
import type { Preset } from "../../../src/spec/preset.ts";

/** A file for `example.com` that needs nothing more: every value of the preset, and a panel's host. */
export function presetFile(preset: Preset): DomainFile {
  return {
    domain: "example.com",
    preset: {
      ...Object.fromEntries(preset.values.map(({ key, example }) => [key, example])),
      name: preset.name,
    },
    ...(preset.kind === "panel" ? { mailServer: { host: "mail.example.com" } } : {}),
  };
}
