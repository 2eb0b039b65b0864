import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { X509Certificate, createPrivateKey } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openAuthority, type IssuedCertificate } from "../../../infra/sandbox/authority/open-authority.ts";
import {
  deployToFolder,
  readFolder,
  removeFromFolder,
} from "../../../src/adapters/folders/certificate-folder.ts";

let dir: string;
let path: string;
let certificates: { fullChainPem: string; privateKeyPem: string }[];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "folder-"));
  const authority = await openAuthority(join(dir, "authority"));
  const issued = await Promise.all([1, 2, 3, 4].map(() => authority.issue(["mail.example.test"])));
  certificates = issued.map(toContent);
});
afterAll(() => rm(dir, { recursive: true }));

let count = 0;
beforeEach(() => {
  count += 1;
  path = join(dir, `run-${String(count)}`, "mail.example.test");
});

function toContent({ certPem, keyPem }: IssuedCertificate): { fullChainPem: string; privateKeyPem: string } {
  return { fullChainPem: certPem, privateKeyPem: keyPem };
}

async function deploy(index: number): Promise<boolean> {
  const content = certificates[index];
  if (content === undefined) throw new Error("no such certificate");
  return (await deployToFolder({ path, ...content })).changed;
}

async function modeOf(name: string): Promise<number> {
  return (await stat(join(path, name))).mode & 0o777;
}

test("a new folder is 0700 and its key 0600, under the usual names", async () => {
  expect(await deploy(0)).toBe(true);
  expect([await modeOf("."), await modeOf("privkey.pem"), await modeOf("fullchain.pem")]).toEqual([
    0o700, 0o600, 0o644,
  ]);
  expect(await readFolder(path)).toEqual(certificates[0]);
  expect(await readFile(join(path, "fullchain.pem"), "utf8")).toBe(certificates[0]?.fullChainPem);
});

test("an existing folder keeps its mode, and its versions can be entered by the same people", async () => {
  await mkdir(path, { recursive: true });
  await chmod(path, 0o750);
  await deploy(0);
  expect([await modeOf("."), await modeOf(".versions"), await modeOf(".versions/current")]).toEqual([
    0o750, 0o750, 0o750,
  ]);
});

test("the same content again changes nothing", async () => {
  await deploy(0);
  const before = await readlink(join(path, ".versions/current"));
  expect(await deploy(0)).toBe(false);
  expect(await readlink(join(path, ".versions/current"))).toBe(before);
});

test("one version before the present one stays, and leftovers of broken runs go", async () => {
  await deploy(0);
  await mkdir(join(path, ".versions/.new-left"));
  await deploy(1);
  expect(await readdir(join(path, ".versions"))).toHaveLength(3);
  await deploy(2);
  expect(await readdir(join(path, ".versions"))).toHaveLength(3);
  expect(await readFolder(path)).toEqual(certificates[2]);
  expect((await readdir(path)).sort()).toEqual([".versions", "fullchain.pem", "privkey.pem"]);
});

test("a reader that resolves the version once never sees a key of another chain, while versions change", async () => {
  await deploy(0);
  const progress = { rounds: 0 };
  const writer = (async () => {
    for (; progress.rounds < 40; progress.rounds += 1) await deploy(progress.rounds % 4);
  })();
  let reads = 0;
  while (progress.rounds < 40) {
    const content = await readFolder(path);
    if (content === undefined) continue;
    const leaf = new X509Certificate(content.fullChainPem);
    expect(leaf.checkPrivateKey(createPrivateKey(content.privateKeyPem))).toBe(true);
    reads += 1;
  }
  await writer;
  expect(reads).toBeGreaterThan(10);
});

test("plain files of somebody else become the former version", async () => {
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "fullchain.pem"), "old chain");
  await writeFile(join(path, "privkey.pem"), "old key");
  expect(await readFolder(path)).toEqual({ fullChainPem: "old chain", privateKeyPem: "old key" });
  await deploy(0);
  expect(await readFolder(path)).toEqual(certificates[0]);
  const adopted = (await readdir(join(path, ".versions"))).find((name) => name.startsWith("adopted-"));
  expect(await readFile(join(path, ".versions", adopted ?? "", "privkey.pem"), "utf8")).toBe("old key");
});

test("a run that broke before the names were made is finished by the next", async () => {
  await deploy(0);
  await rm(join(path, "privkey.pem"));
  expect(await readFolder(path)).toBeUndefined();
  expect(await deploy(0)).toBe(true);
  expect(await readFolder(path)).toEqual(certificates[0]);
});

test("a key of another order is refused before anything is written", async () => {
  const mixed = {
    fullChainPem: certificates[0]?.fullChainPem ?? "",
    privateKeyPem: certificates[1]?.privateKeyPem ?? "",
  };
  await expect(deployToFolder({ path, ...mixed })).rejects.toMatchObject({ code: "certificate-mismatch" });
  await expect(deployToFolder({ path, ...mixed, privateKeyPem: "?" })).rejects.toMatchObject({
    code: "certificate-mismatch",
  });
  await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
});

test("a folder that cannot be made is a failed deployment with the folder named", async () => {
  await writeFile(join(dir, "file"), "");
  path = join(dir, "file", "below");
  await expect(deploy(0)).rejects.toMatchObject({
    code: "deployment-failed",
    message: expect.stringContaining(path) as unknown,
  });
});

test("removal takes what was made and leaves the files of others", async () => {
  await deploy(0);
  await removeFromFolder(path);
  await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
  await removeFromFolder(path);
  await deploy(0);
  await writeFile(join(path, "dhparam.pem"), "x");
  await rm(join(path, "privkey.pem"));
  await symlink("/etc/hostname", join(path, "privkey.pem"));
  await removeFromFolder(path);
  expect((await readdir(path)).sort()).toEqual(["dhparam.pem", "privkey.pem"]);
});
