import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { issuesOf } from "./issues-of.ts";
import { sampleDomain } from "./sample-domain.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
const RSA_KEY = rsa.export({ type: "spki", format: "der" }).toString("base64");
const SHORT_RSA_KEY = generateKeyPairSync("rsa", { modulusLength: 512 })
  .publicKey.export({ type: "spki", format: "der" })
  .toString("base64");
const ED25519_KEY = Buffer.alloc(32, 7).toString("base64");

test("a base64 key becomes a record of its type", () => {
  const { dkim } = sampleDomain({
    dkim: [
      { selector: "S1", publicKey: ` ${RSA_KEY.slice(0, 100)}\n${RSA_KEY.slice(100)} ` },
      { selector: "2026.key", publicKey: ED25519_KEY, keyType: "ed25519" },
    ],
  }).delivery;
  expect(dkim).toEqual([
    { selector: "s1", text: `v=DKIM1; k=rsa; p=${RSA_KEY}` },
    { selector: "2026.key", text: `v=DKIM1; k=ed25519; p=${ED25519_KEY}` },
  ]);
});

test("a whole record is kept with its tags, also that of a revoked key", () => {
  const { dkim } = sampleDomain({
    dkim: [
      { selector: "a", publicKey: `v=DKIM1;t=s ; k=rsa;p=${RSA_KEY};` },
      { selector: "b", publicKey: "v=DKIM1; p=" },
    ],
  }).delivery;
  expect(dkim).toEqual([
    { selector: "a", text: `v=DKIM1; t=s; k=rsa; p=${RSA_KEY}` },
    { selector: "b", text: "v=DKIM1; p=" },
  ]);
});

test("a name at the provider may hold underscores", () => {
  const cname = "Selector1-example-com._domainkey.example.net.";
  expect(sampleDomain({ dkim: [{ selector: "selector1", cname }] }).delivery.dkim).toEqual([
    { selector: "selector1", cname: "selector1-example-com._domainkey.example.net" },
  ]);
});

test.each([
  ["no base64", { publicKey: "not base64!" }, "dkim.0.publicKey", "is not base64"],
  ["base64 that is cut", { publicKey: RSA_KEY.slice(0, -1) }, "dkim.0.publicKey", "is not base64"],
  ["no key", { publicKey: ED25519_KEY }, "dkim.0.publicKey", "is not an RSA public key"],
  ["a short RSA key", { publicKey: SHORT_RSA_KEY }, "dkim.0.publicKey", "shorter than 1,024 bits"],
  [
    "an Ed25519 key in a wrapping",
    { publicKey: RSA_KEY, keyType: "ed25519" },
    "dkim.0.publicKey",
    "an Ed25519 key has 32",
  ],
  ["a record of another version", { publicKey: "v=DKIM2; p=" }, "dkim.0.publicKey", "does not begin"],
  ["a record without a key", { publicKey: "v=DKIM1; k=rsa" }, "dkim.0.publicKey", "has no p"],
  ["a record with a tag twice", { publicKey: "v=DKIM1; p=; p=" }, "dkim.0.publicKey", "p twice"],
  ["a record with no tag", { publicKey: "v=DKIM1; p=; ä" }, "dkim.0.publicKey", "not a tag"],
  ["both forms", { publicKey: RSA_KEY, cname: "a.example.net" }, "dkim.0", "both"],
  ["neither form", {}, "dkim.0", "neither"],
  ["a name of one label", { cname: "provider" }, "dkim.0.cname", "not a full name"],
  ["a URL as name", { cname: "https://example.net" }, "dkim.0.cname", "is not a name"],
])("%s is refused", (_, key, path, message) => {
  expect(issuesOf({ dkim: [{ selector: "s1", ...key }] })).toMatchObject([
    { path, message: expect.stringContaining(message) },
  ]);
});

test.each(["", "a b", "s1._domainkey", "*", "-a", "a..b"])("%j is not a selector", (selector) => {
  expect(issuesOf({ dkim: [{ selector, cname: "a.example.net" }] })).toMatchObject([
    { path: "dkim.0.selector" },
  ]);
});

test("a selector stands once: two keys at one name are none (RFC 6376 §3.6.2.2)", () => {
  const dkim = [
    { selector: "a", cname: "a.example.net" },
    { selector: "A", cname: "b.example.net" },
  ];
  expect(issuesOf({ dkim })).toMatchObject([{ path: "dkim", value: '"a"' }]);
});
