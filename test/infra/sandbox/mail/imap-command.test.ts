import { array, assert, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { parseImapCommand, parseLiteral } from "../../../../infra/sandbox/mail/imap-command.ts";
import { answerMailboxCommand } from "../../../../infra/sandbox/mail/imap-mailbox.ts";

describe("a command line is taken apart as RFC 3501 §9 says", () => {
  test.each([
    ["a1 NOOP", { tag: "a1", name: "NOOP", args: [] }],
    ["a1 noop ", { tag: "a1", name: "NOOP", args: [] }],
    ['a1 LOGIN "u \\" \\\\" p', { tag: "a1", name: "LOGIN", args: ['u " \\', "p"] }],
    ['a1 LIST "" *', { tag: "a1", name: "LIST", args: ["", "*"] }],
    [
      "a1 STATUS INBOX (MESSAGES UNSEEN)",
      { tag: "a1", name: "STATUS", args: ["INBOX", ["MESSAGES", "UNSEEN"]] },
    ],
    ["a1 uid fetch 1:* (FLAGS)", { tag: "a1", name: "UID FETCH", args: ["1:*", ["FLAGS"]] }],
    [
      "a1 UID FETCH 1 (UID BODY.PEEK[HEADER.FIELDS (DATE FROM)]<0.10>)",
      { tag: "a1", name: "UID FETCH", args: ["1", ["UID", "BODY.PEEK[HEADER.FIELDS (DATE FROM)]<0.10>"]] },
    ],
    ["a1 STORE 1 +FLAGS (\\Seen)", { tag: "a1", name: "STORE", args: ["1", "+FLAGS", ["\\Seen"]] }],
    ['a1 ID ("name" NIL)', { tag: "a1", name: "ID", args: [["name", "NIL"]] }],
  ])("%s", (line, expected) => {
    expect(parseImapCommand([line], [])).toEqual(expected);
  });

  test("literals stand where they were announced, decoded from UTF-8", () => {
    const lines = ["a1 LOGIN {5}", " {3}", ""];
    const parsed = parseImapCommand(lines, [Buffer.from("user\u00e9".slice(1)), Buffer.from("p w")]);
    expect(parsed).toEqual({ tag: "a1", name: "LOGIN", args: ["ser\u00e9", "p w"] });
    expect(parseLiteral("a1 LOGIN {5+}")).toEqual({ bytes: 5, waits: false });
    expect(parseLiteral("a1 LOGIN x")).toBeUndefined();
  });

  test.each([
    ["", "*"],
    ["a1", "a1"],
    ["(a1 NOOP", "*"],
    ["a1 LOGIN (", "a1"],
    ['a1 LOGIN "open', "a1"],
    ["a1 X)", "a1"],
    ["a1 1234", "a1"],
    [`a1 X ${"(".repeat(50)}`, "a1"],
  ])("%j is malformed and answered with tag %j", (line, tag) => {
    expect(parseImapCommand([line], [])).toMatchObject({ tag, problem: expect.any(String) as unknown });
  });

  test("no input breaks the parser", () => {
    assert(
      property(array(string({ unit: "binary", maxLength: 60 })), (lines) => {
        expect(parseImapCommand(lines, [])).toHaveProperty("tag");
      }),
    );
  });
});

describe("an account has one mailbox, INBOX, always empty", () => {
  const state = { user: undefined, selected: false };
  test.each([
    ["*", true],
    ["%", true],
    ["inbox", true],
    ["IN*X", true],
    ["***************************X", true],
    ["Sent", false],
    ["INBOX/%", false],
  ])("LIST %s finds it: %s", (pattern, found) => {
    const answer = answerMailboxCommand(state, "a", "LIST", ["", pattern]);
    expect(answer.includes("INBOX")).toBe(found);
    expect(answer).toMatch(/a OK Done\r\n$/);
  });

  test("a sequence number is an error there, a UID is not (RFC 3501 §9, §6.4.8)", () => {
    const selected = { user: undefined, selected: true };
    expect(answerMailboxCommand(selected, "a", "FETCH", ["1", "FLAGS"])).toMatch(/^a BAD/);
    expect(answerMailboxCommand(selected, "a", "UID FETCH", ["1:*", "FLAGS"])).toBe("a OK Done\r\n");
    expect(answerMailboxCommand(state, "a", "FETCH", ["1", "FLAGS"])).toMatch(/^a BAD Select/);
  });
});
