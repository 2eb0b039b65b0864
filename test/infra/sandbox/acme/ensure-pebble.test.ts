import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensurePebble, type PebbleProgram } from "../../../../infra/sandbox/acme/ensure-pebble.ts";

let directory: string;
let log: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ensure-pebble-"));
  await mkdir(join(directory, "bin"));
  log = [];
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** Puts a shell script on the PATH that the test gives. */
async function tool(name: string, script: string): Promise<void> {
  const path = join(directory, "bin", name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

async function ensure(): Promise<PebbleProgram> {
  return await ensurePebble({
    cacheDir: join(directory, "cache"),
    log: (line) => log.push(line),
    env: { PATH: join(directory, "bin") },
  });
}

const makePebble = (path: string): string =>
  `/bin/mkdir -p "$(/usr/bin/dirname ${path})" && printf '#!/bin/sh\\n' > ${path} && /bin/chmod 755 ${path}`;

test("a pebble on the PATH is taken as it is", async () => {
  await tool("pebble", "echo Pebble version: v9.9.9");
  expect(await ensure()).toEqual({ path: join(directory, "bin/pebble"), version: "v9.9.9" });
  expect(log).toEqual([]);
});

test("one that cannot tell its version is taken too", async () => {
  await tool("pebble", "exit 2");
  expect((await ensure()).version).toBe("unknown");
});

test("go builds it once, into the cache, and that is said", async () => {
  await tool("go", `echo "$@" >> ${directory}/asked; ${makePebble('"$GOBIN/pebble"')}`);
  const first = await ensure();
  expect(first).toEqual({
    path: join(directory, "cache/pebble-v2.10.1/pebble"),
    version: "v2.10.1 (go install)",
  });
  expect(await ensure()).toEqual(first);
  expect(log).toEqual([
    `Building Pebble v2.10.1 with go install (once, into ${join(directory, "cache/pebble-v2.10.1")})`,
  ]);
});

test("where go fails, Debian's package is unpacked", async () => {
  await tool("go", "echo no network >&2; exit 1");
  await tool("apt-get", "echo > pebble_2.4.0_amd64.deb");
  await tool("dpkg", makePebble('"$3/usr/bin/pebble"'));
  const { path } = await ensure();
  expect(path).toBe(join(directory, "cache/pebble-debian/root/usr/bin/pebble"));
  expect(log[1]).toBe("go could not provide Pebble: no network");
});

test("where nothing is to be had, one error names every way and what to do", async () => {
  await tool("go", "echo no network >&2; exit 1");
  await expect(ensure()).rejects.toMatchObject({
    code: "tool-missing",
    message: "Pebble is not to be had: go: no network; apt-get is not installed.",
    remedy: expect.stringContaining(
      "go install github.com/letsencrypt/pebble/v2/cmd/pebble@v2.10.1",
    ) as string,
  });
});
