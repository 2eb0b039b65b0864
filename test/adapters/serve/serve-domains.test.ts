import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDomainFolder, type DomainFolder } from "../../../src/adapters/serve/serve-domains.ts";

async function open(files: Readonly<Record<string, string>>, lines: string[] = []): Promise<DomainFolder> {
  const path = await mkdtemp(join(tmpdir(), "domains-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  const folder = await openDomainFolder(path, (line) => lines.push(line));
  onTestFinished(async () => {
    folder.close();
    await rm(path, { recursive: true });
  });
  return folder;
}

const fileOf = (domain: string, aliases: string): string =>
  `domain: ${domain}\nmailServer: { host: mail.example.com }\naliases: [${aliases}]\n`;

test("a file's aliases are served beside its own domain, whatever their order", async () => {
  const folder = await open({ "example.yaml": fileOf("example.com", "another.example, zone.example") });
  expect(folder.domains()).toEqual(["another.example", "example.com", "zone.example"]);
  for (const domain of folder.domains()) {
    expect(await folder.tenants(domain)).toMatchObject({ domain, imap: { host: "mail.example.com" } });
  }
});

test("a domain that stands in two files is served as the first of them says, and reported", async () => {
  const lines: string[] = [];
  const folder = await open(
    { "a.yaml": fileOf("example.com", "example.net"), "b.yaml": fileOf("example.net", "") },
    lines,
  );
  expect(folder.domains()).toEqual(["example.com", "example.net"]);
  expect(lines).toEqual(["b.yaml: example.net stands in another file already"]);
});
