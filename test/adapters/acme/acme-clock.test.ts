import { afterEach, expect, test } from "vitest";
import { openAcmeService } from "../../../src/adapters/acme/acme-client.ts";
import { createCertificateKey } from "../../../src/certificates/certificate-key.ts";
import { ProviderContext } from "../../../src/components/providers/provider-context.ts";
import { sendJson, startLoopbackHttp, type LoopbackHttp } from "../web/loopback-http.ts";

const HOUR_MS = 60 * 60 * 1000;
const never = new AbortController().signal;
let server: LoopbackHttp;

afterEach(async () => {
  await server.close();
});

/** A CA that knows every account; its directory comes from a cache with a clock of its own. */
async function startCa(date: Date, cachedDate: Date): Promise<string> {
  server = await startLoopbackHttp((seen, response) => {
    response.setHeader("replay-nonce", "nonce");
    const { url } = server;
    const said = { date: (seen.path === "/dir" ? cachedDate : date).toUTCString() };
    if (seen.path === "/dir") {
      const directory = { newNonce: `${url}/nonce`, newAccount: `${url}/account`, newOrder: `${url}/order` };
      sendJson(response, 200, directory, said);
    } else if (seen.path === "/nonce") response.writeHead(200, said).end();
    else sendJson(response, 200, { status: "valid" }, { ...said, location: `${url}/account/1` });
  });
  return `${server.url}/dir`;
}

test("the clock is held against what the CA says itself, not against what a cache kept", async () => {
  const directoryUrl = await startCa(new Date(Date.now() - HOUR_MS), new Date(Date.now() - 9 * HOUR_MS));
  const acme = openAcmeService({ directoryUrl, accountKeyPem: await createCertificateKey("P-256") });
  expect(acme.clockSkewMs).toBeUndefined();
  await acme.findAccount(never);
  expect(Math.abs((acme.clockSkewMs ?? 0) - HOUR_MS)).toBeLessThan(5000);
});

test("the orders of one run and account share one session: one directory, one first nonce", async () => {
  const directoryUrl = await startCa(new Date(), new Date());
  const key = await createCertificateKey("P-256");
  const context = new ProviderContext();
  const other = await context.orders(directoryUrl, await createCertificateKey("P-256"));
  expect(await context.orders(directoryUrl, key)).not.toBe(other);
  await (await context.orders(directoryUrl, key)).findAccount(never);
  await (await context.orders(directoryUrl, key)).findAccount(never);
  expect(server.seen.map(({ path }) => path)).toEqual(["/dir", "/nonce", "/account", "/account"]);
});
