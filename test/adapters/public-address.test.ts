import { describe, expect, test } from "vitest";
import { isPublicAddress } from "../../src/adapters/public-address.ts";

describe("an address is public", () => {
  test.each(["1.1.1.1", "8.8.8.8", "193.0.14.129", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e"])(
    "%s",
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test.each([
    { address: "::ffff:1.1.1.1", why: "an IPv4-mapped one" },
    { address: "64:ff9b::101:101", why: "one behind NAT64" },
  ])("also where IPv6 only carries it: $why", ({ address }) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe("an address is not public", () => {
  test.each([
    { address: "127.0.0.1", why: "loopback" },
    { address: "127.255.255.254", why: "loopback, another one" },
    { address: "0.0.0.0", why: "this host" },
    { address: "10.0.0.1", why: "private" },
    { address: "172.16.0.1", why: "private" },
    { address: "192.168.1.1", why: "private" },
    { address: "169.254.169.254", why: "link-local, where clouds answer with credentials" },
    { address: "100.64.0.1", why: "carrier NAT" },
    { address: "192.0.2.1", why: "documentation" },
    { address: "224.0.0.1", why: "multicast" },
    { address: "255.255.255.255", why: "broadcast" },
    { address: "::", why: "unspecified" },
    { address: "::1", why: "loopback" },
    { address: "fe80::1", why: "link-local" },
    { address: "fc00::1", why: "unique local" },
    { address: "ff02::1", why: "multicast" },
    { address: "2001:db8::1", why: "documentation" },
    { address: "100::", why: "discard, where Cloudflare's originless names point" },
    { address: "::ffff:127.0.0.1", why: "loopback, mapped into IPv6" },
    { address: "::ffff:a00:1", why: "private, mapped into IPv6, in hexadecimal" },
    { address: "64:ff9b::7f00:1", why: "loopback behind NAT64" },
    { address: "64:ff9b::c0a8:101", why: "private behind NAT64" },
    { address: "2002:7f00:1::", why: "loopback in 6to4" },
    { address: "mail.example.com", why: "no address at all" },
    { address: "", why: "nothing" },
  ])("$address: $why", ({ address }) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
