import { describe, expect, it } from "vitest";
import { parseTxtStrings } from "../../../../infra/sandbox/cloudflare-api/txt-strings.ts";
import { encodeSvcb } from "../../../../infra/sandbox/dns/svcb-wire.ts";

describe("TXT content", () => {
  it.each([
    ["one quoted string", '"v=spf1 -all"', ["v=spf1 -all"]],
    ["several quoted strings", '"one"  "two"', ["one", "two"]],
    ["an unquoted text is one string, blanks and all", "v=spf1 -all", ["v=spf1 -all"]],
    ["escapes are undone", String.raw`"a\"b\\c\065"`, ['a"b\\cA']],
    ["text that is quoted in part is taken as it stands", '"one" two', ['"one" two']],
    ["an empty string is a string", '""', [""]],
  ])("%s", (_title, content, expected) => {
    expect(parseTxtStrings(content).map(String)).toEqual(expected);
  });

  it("is split at 255 octets, quoted or not", () => {
    const lengths = (content: string): readonly number[] =>
      parseTxtStrings(content).map((part) => part.length);
    expect(lengths("x".repeat(600))).toEqual([255, 255, 90]);
    expect(lengths(`"${"x".repeat(256)}" "y"`)).toEqual([255, 1, 1]);
    expect(lengths("é".repeat(128))).toEqual([255, 1]);
  });
});

describe("HTTPS and SVCB", () => {
  it.each([
    // RFC 9460 appendix D.2, figures 3, 6 and 9 in their bytes.
    ["a target without parameters", 1, ".", "", "000100"],
    ["a port", 16, "foo.example.com", "port=53", "001003666f6f076578616d706c6503636f6d00000300020035"],
    [
      "IPv6 hints",
      1,
      "foo.example.com",
      'ipv6hint="2001:db8::1,2001:db8::53:1"',
      "000103666f6f076578616d706c6503636f6d000006002020010db800000000000000000000000120010db8000000000000000000530001",
    ],
    ["keys in ascending order", 1, ".", 'port=443 alpn="h3,h2"', "000100000100060268330268320003000201bb"],
  ])("%s", (_title, priority, target, value, expected) => {
    expect(encodeSvcb(priority, target, value).toString("hex")).toBe(expected);
  });
});
