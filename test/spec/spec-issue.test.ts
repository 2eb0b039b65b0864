import { expect, test } from "vitest";
import { renderSpecIssues, type SpecIssue } from "../../src/spec/spec-issue.ts";
import { issuesOf } from "./issues-of.ts";

function issueAt(input: object, path: string): SpecIssue | undefined {
  return issuesOf(input).find((issue) => issue.path === path);
}

test.each([
  ["top level", { dispalyName: "x" }, "dispalyName", "displayName"],
  ["mailServer", { mailServer: { host: "m.example.com", adresses: [] } }, "mailServer.adresses", "addresses"],
  [
    "an endpoint",
    { mailServer: { host: "m.example.com", imap: [{ prt: 1 }] } },
    "mailServer.imap.0.prt",
    "port",
  ],
  ["publish", { publish: { orign: "www.example.com" } }, "publish.orign", "origin"],
  ["publish", { publish: { srvTargt: "www.example.com" } }, "publish.srvTargt", "srvTarget"],
  ["certificate", { certificate: { keytype: "P-256" } }, "certificate.keytype", "keyType"],
  ["deployTo", { certificate: { deployTo: [{ dir: "x" }] } }, "certificate.deployTo.0.dir", "directory"],
  ["mx", { mx: [{ host: "mx.example.com", prioritty: 5 }] }, "mx.0.prioritty", "priority"],
  ["dkim", { dkim: [{ selector: "a", cname: "b.example", key: "x" }] }, "dkim.0.key", "keyType"],
  ["caa", { caa: { issuer: [] } }, "caa.issuer", "issuers"],
  ["wildcard", { wildcard: { accpt: [] } }, "wildcard.accpt", "accept"],
  ["sieve", { mailServer: { host: "m.example.com", sieve: { prt: 1 } } }, "mailServer.sieve.prt", "port"],
])("an unknown key at %s is refused with the nearest key", (_, input, path, nearest) => {
  const issue = issueAt(input, path);
  expect(issue?.message).toBe(`is not a known key; the nearest is "${nearest}"`);
  expect(issue?.remedy).toContain(`Write "${nearest}", or remove the key`);
});

test("publish takes one of origin and srvTarget, and says so", () => {
  const publish = { origin: "www.example.com", srvTarget: "srv.example.com" };
  expect(issuesOf({ publish })).toMatchObject([
    { message: "cannot stand beside the other key", remedy: "Keep one of: srvTarget, origin." },
  ]);
  expect(issuesOf({ publish: { origin: 5 } })).toMatchObject([
    { path: "publish.origin", value: "5", message: "is not a text" },
  ]);
  expect(issuesOf({ publish: "worker" })).toMatchObject([
    { path: "publish", remedy: "Write one block; known here: srvTarget, origin." },
  ]);
});

test.each([
  ["mx", true, "Write false, or a list of blocks; known here: host, priority."],
  ["caa", "yes", "Write true, false, or one block; known here: issuers, iodef, bindAccount."],
  ["wildcard", "hide", "Write shadow, forbid, allow, or one block; known here: policy, accept."],
  ["preset", 5, "Write a name, or one block; known here: name."],
])("%s in a wrong shape is refused with the right ones", (key, value, remedy) => {
  expect(issuesOf({ [key]: value })).toMatchObject([{ path: key, message: "has the wrong shape", remedy }]);
});

test("a long value is shown cut at 80 characters", () => {
  const issue = issueAt({ username: "x".repeat(500) }, "username");
  expect(issue?.value).toHaveLength(80);
});

test("issues read as one block each: where, what, what to do", () => {
  const issues = issuesOf({ username: "login" }).map((issue) => ({ ...issue, file: "a.yaml" }));
  expect(renderSpecIssues(issues)).toMatch(
    /^a\.yaml: username: .+ \(found: "login"\)\n {4}Write one of: address, localPart\.$/,
  );
});
