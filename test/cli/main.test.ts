import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const MAIN = new URL("../../src/cli/main.ts", import.meta.url);
const DOMAIN = "domain: example.com\nmailServer: { host: mail.example.com }\n";

test("the package's command is what the build makes of main.ts, and its first line names node", () => {
  const { bin } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    readonly bin: Readonly<Record<string, string>>;
  };
  expect(bin).toEqual({ "mail-autodiscover": "./dist/cli/main.js" });
  expect(readFileSync(MAIN, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test.each([
  { argv: ["zone", "-"], input: DOMAIN, status: 0 },
  { argv: ["zone", "-"], input: "domain: 1\n", status: 1 },
  { argv: ["zone"], input: "", status: 2 },
])("the process ends with the command's code: $status", ({ argv, input, status }) => {
  const ended = spawnSync(process.execPath, [fileURLToPath(MAIN), ...argv], { input, encoding: "utf8" });
  expect(ended.status).toBe(status);
  expect(ended.stdout === "").toBe(status !== 0);
});

test.each([
  ["20.20.2", 2],
  ["22.17.9", 2],
  ["22.18.0", 0],
  ["26.0.0", 0],
])(
  "an older Node than the package's engines is told before anything of it is missed: %s",
  (version, status) => {
    const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      readonly engines: { readonly node: string };
    };
    const versions = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
    const argv = ["--import", `data:text/javascript,${encodeURIComponent(versions)}`, fileURLToPath(MAIN)];
    const ended = spawnSync(process.execPath, [...argv, "zone", "-"], { input: DOMAIN, encoding: "utf8" });
    expect(ended.status).toBe(status);
    if (status === 0) return;
    const oldest = engines.node.replace(">=", "");
    expect(ended.stderr).toContain(`Node ${oldest} or newer is needed; this is ${version}.`);
    expect(ended.stdout).toBe("");
  },
);

test("a reader that has seen enough ends the command quietly", async () => {
  const child = spawn(process.execPath, [fileURLToPath(MAIN), "zone", "-", "--json"]);
  child.stdout.destroy();
  child.stdin.end(`${DOMAIN}publish: { origin: www.example.net }\n`);
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
});

test.skipIf(!existsSync("/dev/full"))("a full disk is said in one line, and fails", () => {
  const full = openSync("/dev/full", "w");
  try {
    const argv = [fileURLToPath(MAIN), "zone", "-", "--json"];
    const stdio = ["pipe", full, "pipe"] as const;
    const input = `${DOMAIN}publish: { origin: www.example.net }\n`;
    const { status, stderr } = spawnSync(process.execPath, argv, {
      input,
      encoding: "utf8",
      stdio: [...stdio],
    });
    expect(stderr).toMatch(/^error: cannot write: ENOSPC.*\n$/);
    expect(status).toBe(1);
  } finally {
    closeSync(full);
  }
});

test("help needs no package but commander: it must not wait for what the commands work with", () => {
  const script = `
    import { registerHooks } from "node:module";
    registerHooks({ load(url, context, next) { console.error(url); return next(url, context); } });
    process.argv = [process.argv[0], "main.ts", "--help"];
    await import(${JSON.stringify(MAIN.href)});
  `;
  const { stderr, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  const packages = [...stderr.matchAll(/\/node_modules\/((?:@[^/]+\/)?[^/]+)\//g)].map(([, name]) => name);
  expect(stdout).toContain("Usage: mail-autodiscover");
  expect([...new Set(packages)]).toEqual(["commander"]);
});
