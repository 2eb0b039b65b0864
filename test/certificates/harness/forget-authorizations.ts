import { openAcmeService } from "../../../src/adapters/acme/acme-client.ts";
import { requestAccount, requestUrl } from "./acme-request.ts";
import type { AcmeGate } from "./acme-gate.ts";

/**
 * Deactivates what an account has proven, so that its next order proves each name anew. Pebble's own switch does not do it: with
 * PEBBLE_AUTHZREUSE=0 it still uses one authorization in a hundred again (v2.10.1, `wfe/wfe.go`: `rand.Intn(100) > percent`).
 */
export async function forgetAuthorizations(acme: AcmeGate, accountKeyPem: string): Promise<void> {
  const { signal } = new AbortController();
  const { ca, connectTo, directoryUrl } = acme;
  const service = openAcmeService({ directoryUrl, accountKeyPem, network: { ca, connectTo } });
  const account = await service.findAccount(signal);
  const urls = acme.exchanges.flatMap(({ request }) =>
    request.kind === "authz" && requestAccount(request) === account?.url ? [requestUrl(request)] : [],
  );
  for (const url of new Set(urls)) {
    const { status } = await service.getAuthorization(url, signal);
    if (status === "valid") await service.deactivateAuthorization(url, signal);
  }
}
