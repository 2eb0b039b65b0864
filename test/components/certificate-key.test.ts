import { expect, test } from "vitest";
import { readKeyType, spkiSha256 } from "../../src/certificates/certificate-key.ts";
import { certificateKey } from "../../src/components/providers/certificate-key.ts";
import { dynamicProvider } from "../../src/components/providers/dynamic-provider.ts";
import { ProviderContext } from "../../src/components/providers/provider-context.ts";

const provider = dynamicProvider(certificateKey, new ProviderContext());

test.each([
  ["the same type and version", {}, false],
  ["the version that is the default", { keyVersion: 0 }, false],
  ["another version", { keyVersion: 1 }, true],
  ["another type", { keyType: "P-384" }, true],
])("%s: a key is made anew in place only where it is another one", async (_what, other, changed) => {
  const { id, outs } = await provider.create({ keyType: "P-256" });
  const news = { keyType: "P-256", ...other };
  expect(await provider.diff(id, outs, news)).toEqual({ changes: changed });
  const { outs: next } = await provider.update(id, outs, news);
  expect(next["privateKeyPem"] !== outs["privateKeyPem"]).toBe(changed);
  expect(next["spkiSha256"]).toBe(spkiSha256(String(next["privateKeyPem"])));
  expect(readKeyType(String(next["privateKeyPem"]))).toBe(news.keyType);
  expect(await provider.diff(id, next, news)).toEqual({ changes: false });
});
