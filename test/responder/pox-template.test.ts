import * as fc from "fast-check";
import { expect, test } from "vitest";
import { renderAutodiscoverPox } from "../../src/documents/autodiscover-pox.ts";
import { deriveClientSettings, hasServers } from "../../src/documents/client-settings.ts";
import { renderPoxFor } from "../../src/responder/pox-template.ts";
import { anyDomain } from "../spec/sample-domain.ts";

test("the template gives what rendering for the address gives, for any domain and any local part", () => {
  const local = fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
    fc.constantFrom("o'neil", "a&b", '"<x>"', "\u0080", "x\u0081", "\uE000", "$&", "]]>", "a@b"),
  );
  fc.assert(
    fc.property(anyDomain, fc.array(local, { minLength: 1, maxLength: 3 }), (domain, locals) => {
      const settings = deriveClientSettings(domain);
      if (!hasServers(settings)) return;
      for (const one of locals) {
        const address = `${one}@${domain.domain}`;
        expect(renderPoxFor(settings, address)).toBe(renderAutodiscoverPox(settings, address));
      }
    }),
  );
});
