import { expect, test } from "vitest";
import { wellKnownTarget } from "../../src/documents/well-known-target.ts";
import { sampleDomain, type SampleInput } from "../spec/sample-domain.ts";
import { serverSettings } from "./server-settings.ts";

function targets(input: SampleInput): readonly (string | undefined)[] {
  const settings = serverSettings(sampleDomain(input));
  return (["caldav", "carddav", "jmap"] as const).map((service) => wellKnownTarget(settings, service));
}

test("a domain without the services leads nowhere", () => {
  expect(targets({})).toEqual([undefined, undefined, undefined]);
});

test("DAV leads to the context path, JMAP to the session resource", () => {
  expect(
    targets({
      calDav: "https://dav.example.com:8443/cal",
      cardDav: "https://dav.example.com",
      jmap: "https://jmap.example.com/jmap/session",
    }),
  ).toEqual([
    "https://dav.example.com:8443/cal/",
    "https://dav.example.com/",
    "https://jmap.example.com/jmap/session",
  ]);
});

test("a JMAP server named by its host alone is asked at its own well-known path", () => {
  expect(targets({ jmap: "https://jmap.example.com" })[2]).toBe("https://jmap.example.com/.well-known/jmap");
});

test("no path leads to itself", () => {
  expect(
    targets({
      calDav: "https://example.com/.well-known/caldav",
      cardDav: "https://example.com",
      jmap: "https://example.com",
    }),
  ).toEqual([undefined, "https://example.com/", undefined]);
});
