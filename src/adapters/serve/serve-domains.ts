import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { deriveClientSettings, type ClientSettings } from "../../documents/client-settings.ts";
import { MailAutodiscoverError } from "../../errors.ts";
import type { TenantStore } from "../../responder/tenant.ts";
import { parseDomainFiles } from "../../spec/parse-domain-files.ts";
import { renderSpecIssues } from "../../spec/spec-issue.ts";
import { readDomainFiles } from "../folders/domain-files.ts";
import { watchFolder } from "./serve-watch.ts";

export interface DomainFolder {
  readonly tenants: TenantStore;
  /** A-labels, sorted. */
  domains(): readonly string[];
  /** Reads the folder now. Never rejects. */
  reload(): Promise<void>;
  close(): void;
}

interface KnownFile {
  readonly text: string;
  /** What the last usable text of this file says, of the domain and of its aliases; empty where there was none. */
  readonly settings: readonly ClientSettings[];
}

/**
 * Opens a folder of domain files, with a signed profile `<domain>.mobileconfig` beside where there is one, and reads it
 * again whenever a file changes. A file that is refused is reported and keeps its former content; a file that goes takes
 * its domain with it.
 *
 * @throws MailAutodiscoverError `invalid-spec` where no file is usable at the start
 */
export async function openDomainFolder(path: string, report: (line: string) => void): Promise<DomainFolder> {
  let files = new Map<string, KnownFile>();
  let settings = new Map<string, ClientSettings>();
  let profiles = new Map<string, Uint8Array>();

  async function load(): Promise<void> {
    const present = new Map<string, KnownFile>();
    for (const { file, text } of await readDomainFiles(path)) {
      const former = files.get(file);
      present.set(file, former?.text === text ? former : parse(file, text, former, report));
    }
    files = present;
    settings = indexDomains(files, report);
    profiles = await readProfiles(path, profiles);
  }

  async function reload(): Promise<void> {
    try {
      await load();
    } catch (error) {
      report(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  try {
    await load();
  } catch (cause) {
    throw new MailAutodiscoverError("usage", `Cannot read the domain files in ${path}.`, {
      remedy: "Name a folder that exists and that you may read.",
      cause,
    });
  }
  if (settings.size === 0) {
    throw new MailAutodiscoverError("invalid-spec", `There is no usable domain file in ${path}.`, {
      remedy: "Put a file such as example.com.yaml there, or correct those that are reported above.",
    });
  }
  const watcher = await watchFolder(path, reload);
  return {
    tenants: Object.assign(async (domain: string) => settings.get(domain), {
      profile: async (domain: string) => profiles.get(domain),
    }),
    domains: () => [...settings.keys()].toSorted(),
    reload,
    close: () => watcher.close(),
  };
}

function parse(
  file: string,
  text: string,
  former: KnownFile | undefined,
  report: (line: string) => void,
): KnownFile {
  const result = parseDomainFiles([{ file, text }]);
  if (result.ok) return { text, settings: result.domains.map(deriveClientSettings) };
  const settings = former?.settings ?? [];
  const kept = settings.length === 0 ? "it is left out" : "its former content stays in use";
  report(`${file} is refused, ${kept}:\n${renderSpecIssues(result.issues)}`);
  return { text, settings };
}

/** The objects stay the same where nothing changed: what was rendered of them is kept with them. */
function indexDomains(
  files: ReadonlyMap<string, KnownFile>,
  report: (line: string) => void,
): Map<string, ClientSettings> {
  const index = new Map<string, ClientSettings>();
  for (const [file, { settings }] of files) {
    for (const one of settings) {
      if (index.has(one.domain)) report(`${file}: ${one.domain} stands in another file already`);
      else index.set(one.domain, one);
    }
  }
  return index;
}

const PROFILE = /^(.+)\.mobileconfig$/;

/** Bytes that did not change stay the same object, for the same reason. */
async function readProfiles(
  path: string,
  former: ReadonlyMap<string, Uint8Array>,
): Promise<Map<string, Uint8Array>> {
  const profiles = new Map<string, Uint8Array>();
  for (const name of await readdir(path)) {
    const domain = PROFILE.exec(name)?.[1];
    if (domain === undefined) continue;
    const bytes = await readFile(join(path, name));
    const known = former.get(domain);
    profiles.set(domain, known !== undefined && bytes.equals(known) ? known : bytes);
  }
  return profiles;
}
