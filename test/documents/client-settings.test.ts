import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  deriveClientSettings,
  parseClientSettings,
  renderClientSettings,
} from "../../src/documents/client-settings.ts";
import { anyDomain, sampleDomain } from "../spec/sample-domain.ts";

test("the KV entry is a stored format: it never changes without a new version", () => {
  expect(renderClientSettings(deriveClientSettings(sampleDomain()))).toBe(
    '{"version":1,"domain":"example.com","displayName":"example.com","displayShortName":"example.com",' +
      '"username":"address","imap":{"host":"mail.example.com","port":993,"tls":"implicit"},' +
      '"submission":{"host":"mail.example.com","port":465,"tls":"implicit"}}',
  );
});

test("the entry of a domain with an MTA-STS policy ends with its text", () => {
  const domain = sampleDomain({ mx: [{ host: "mx.example.com" }], mtaSts: { mode: "testing" } });
  const policy = "version: STSv1\r\nmode: testing\r\nmx: mx.example.com\r\nmax_age: 604800\r\n";
  const entry = renderClientSettings(deriveClientSettings(domain));
  expect(entry.endsWith(`,"mtaStsPolicy":${JSON.stringify(policy)}}`)).toBe(true);
  expect(parseClientSettings(entry)?.mtaStsPolicy).toBe(policy);
});

test("a KV entry reads back as it was written, and writes again as the same bytes", () => {
  fc.assert(
    fc.property(anyDomain, (domain) => {
      const settings = deriveClientSettings(domain);
      const entry = renderClientSettings(settings);
      const read = parseClientSettings(entry);
      expect(read).toEqual(settings);
      expect(renderClientSettings(read ?? settings)).toBe(entry);
      expect(renderClientSettings(deriveClientSettings(structuredClone(domain)))).toBe(entry);
    }),
  );
});

test.each(["", "null", "1", "[]", '"x"', "{", '{"version":2,"domain":"example.com"}', '{"version":1}'])(
  "an entry that is not of this version is unknown: %j",
  (text) => {
    expect(parseClientSettings(text)).toBeUndefined();
  },
);
