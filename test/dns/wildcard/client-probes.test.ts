import { expect, test } from "vitest";
import { deriveProbes } from "../../../src/dns/wildcard/client-probes.ts";
import { expectGolden } from "../golden-file.ts";
import { wildcardDomain } from "./wildcard-domain.ts";

const domain = wildcardDomain("example.com", {});
const probes = deriveProbes({
  ...domain,
  delivery: { ...domain.delivery, dkim: [{ selector: "s1", text: "v=DKIM1; p=AAAA" }] },
});

test("every question that a client asks is in the list", () => {
  const text = probes.map(({ name, type, role }) => `${name} ${type} ${role}\n`).join("");
  expectGolden(new URL("golden/client-probes.txt", import.meta.url), text);
});

test("no question stands there twice", () => {
  const keys = probes.map(({ name, type }) => `${name} ${type}`);
  expect(new Set(keys).size).toBe(keys.length);
});

test("the mail server is no guess where it bears a guessed name", () => {
  expect(probes.filter(({ name }) => name === "mail.example.com").map(({ role }) => role)).toEqual([
    "service",
    "service",
  ]);
});
