import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { runCommand } from "./run-command.ts";

test.each(["--help", "help"])("%s goes to stdout and is no failure", async (argument) => {
  const { exitCode, stdout, stderr } = await runCommand([argument]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("Usage: mail-autodiscover");
  expect(stdout).toMatch(/^ {2}zone .*\n(?:.*\n)*? {2}release /m);
  expect(stderr).toBe("");
});

test("the version is the package's", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    readonly version: string;
  };
  expect(await runCommand(["--version"])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
});

test.each([
  { what: "no command", argv: [] },
  { what: "an unknown command", argv: ["zones"] },
  { what: "an unknown option", argv: ["zone", "--yaml", "a.yaml"] },
  { what: "a missing argument", argv: ["zone"] },
  { what: "a host that is none", argv: ["zone", "a.yaml", "--workers-dev-host", "https://example.com/"] },
  { what: "a name that is not written in full", argv: ["release", "autoconfig", "--yes"] },
  { what: "a stack without its project", argv: ["release", "a.example.com", "--stack", "prod", "--yes"] },
])("$what is wrong usage: exit 2, on stderr only", async ({ argv }) => {
  const { exitCode, stdout, stderr } = await runCommand(argv);
  expect(exitCode).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).not.toBe("");
});

test("a mistyped command names the nearest", async () => {
  expect((await runCommand(["zon"])).stderr).toContain("Did you mean zone?");
});

test("an error without a remedy is our defect: it says so, without a stack trace", async () => {
  vi.resetModules();
  vi.doMock("../../src/cli/zone/print-zones.ts", () => ({
    printZones: () => Promise.reject(new TypeError("x is not a function")),
  }));
  try {
    const fresh = await import("./run-command.ts");
    const { exitCode, stderr } = await fresh.runCommand(["zone", "a.yaml"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("error: x is not a function\n  This is a defect of mail-autodiscover");
    expect(stderr).not.toMatch(/^ +at /m);
  } finally {
    vi.doUnmock("../../src/cli/zone/print-zones.ts");
  }
});

test.each([
  { what: "at a terminal", isTerminal: true, env: {}, isColoured: true },
  { what: "at a terminal with an empty NO_COLOR", isTerminal: true, env: { NO_COLOR: "" }, isColoured: true },
  { what: "at a terminal with NO_COLOR", isTerminal: true, env: { NO_COLOR: "1" }, isColoured: false },
  { what: "in a pipe", isTerminal: false, env: {}, isColoured: false },
])("an error is coloured: $isColoured $what", async ({ isTerminal, env, isColoured }) => {
  const { stderr } = await runCommand(["zone", "/nowhere/a.yaml"], { isTerminal, env });
  expect(stderr.includes("\u001B[31m")).toBe(isColoured);
});
