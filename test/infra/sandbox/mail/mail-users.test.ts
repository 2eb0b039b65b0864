import { expect, test } from "vitest";
import { findUser, parsePlain } from "../../../../infra/sandbox/mail/mail-users.ts";

const users = [
  { address: "alice@example.test", password: "one" },
  { address: "alice@other.test", password: "two" },
];

test("a user logs in by address or by local part; where two share one, the password decides", () => {
  expect(findUser(users, "Alice@Example.test", "one")).toBe(users[0]);
  expect(findUser(users, "alice", "two")).toBe(users[1]);
  expect(findUser(users, "alice@example.test", "two")).toBeUndefined();
  expect(findUser(users, "", "one")).toBeUndefined();
  expect(findUser(users, "bob", "one")).toBeUndefined();
});

test("SASL PLAIN is decoded as UTF-8, and nobody acts for another", () => {
  const encode = (text: string): string => Buffer.from(text).toString("base64");
  expect(parsePlain(encode("\0a\0p\u00e4ss"))).toEqual({ username: "a", password: "p\u00e4ss" });
  expect(parsePlain(encode("a\0a\0p"))).toEqual({ username: "a", password: "p" });
  for (const text of [
    encode("b\0a\0p"),
    encode("a\0p"),
    encode("\0\0p"),
    encode("\0a\0p\0x"),
    "*",
    "",
    "?",
  ]) {
    expect(parsePlain(text)).toBeUndefined();
  }
});
