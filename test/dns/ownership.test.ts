import * as fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_COMMENT_LENGTH, ownershipComment } from "../../src/dns/ownership.ts";

const identity = { project: "mail", stack: "prod" };

test("the ownership comment is a state format: it never changes once released", () => {
  expect(ownershipComment(identity, "example.com/AAAA/autoconfig.example.com")).toBe(
    "mail-autodiscover mail/prod 6f4aaf9d",
  );
});

test("the comment fits Cloudflare's limit with ` adopted` behind it, for any project and stack", () => {
  const name = fc.string({ maxLength: 300 });
  fc.assert(
    fc.property(name, name, name, (project, stack, logicalName) => {
      const comment = ownershipComment({ project, stack }, logicalName);
      expect(comment.length).toBeLessThanOrEqual(MAX_COMMENT_LENGTH - " adopted".length);
      expect(comment).toMatch(/^mail-autodiscover \S+ [0-9a-f]{8}$/);
    }),
  );
});

test("the hash differs by logical name", () => {
  const comments = ["a", "b", "example.com/A/mail.example.com"].map((name) =>
    ownershipComment(identity, name),
  );
  expect(new Set(comments.map((comment) => comment.slice(-8))).size).toBe(3);
});

test("stacks whose long names differ only at their end have different comments", () => {
  const comment = (stack: string): string => ownershipComment({ project: "p".repeat(90), stack }, "name");
  expect(comment("one")).not.toBe(comment("two"));
});
