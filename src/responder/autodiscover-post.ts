import {
  OUTLOOK_RESPONSE_SCHEMA,
  POX_ERROR,
  renderAutodiscoverPox,
  renderAutodiscoverPoxError,
} from "../documents/autodiscover-pox.ts";
import { hasServers, type ClientSettings } from "../documents/client-settings.ts";
import { asksForMobileSync, renderMobileSyncError } from "../documents/mobile-sync.ts";
import type { Outcome, ResponderRequest } from "./exchange.ts";
import { findAddress, findHost } from "./find-tenant.ts";
import { MAX_REQUEST_BYTES, parsePoxRequest } from "./pox-request.ts";
import { renderPoxFor } from "./pox-template.ts";
import { uncached } from "./responses.ts";
import type { TenantStore } from "./tenant.ts";

export const XML = "text/xml; charset=utf-8";

/** Every outcome has status 200: any other one makes Outlook try the next, often worse, endpoint. */
export async function answerAutodiscoverPost(
  request: ResponderRequest,
  { tenants, now }: { readonly tenants: TenantStore; readonly now: () => Date },
): Promise<Outcome> {
  const fail = (
    error: { readonly code: number; readonly message: string },
    settings?: ClientSettings,
  ): Outcome => ({
    answer: uncached(renderAutodiscoverPoxError(error, now()), XML),
    settings,
  });
  const body = await request.readBody(MAX_REQUEST_BYTES);
  const parsed = body === undefined ? ({ ok: false } as const) : parsePoxRequest(body);
  if (!parsed.ok) return fail(POX_ERROR.invalidRequest);
  if (parsed.responseSchema !== undefined && parsed.responseSchema !== OUTLOOK_RESPONSE_SCHEMA) {
    if (!asksForMobileSync(parsed.responseSchema)) return fail(POX_ERROR.schemaNotProvided);
    return { answer: uncached(renderMobileSyncError(now()), XML), settings: undefined };
  }
  const { address } = parsed;
  if (address === undefined && !parsed.hasLegacyDn) return fail(POX_ERROR.invalidRequest);
  const byHost = await findHost(request, tenants);
  // There is no directory to look a mailbox up by another name: its settings are those of the domain, as a GET has them.
  const settings = address === undefined ? byHost : await findAddress(address, byHost, tenants);
  if (!hasServers(settings)) return fail(POX_ERROR.addressNotFound, byHost);
  const text =
    address === undefined ? renderAutodiscoverPox(settings, undefined) : renderPoxFor(settings, address);
  return { answer: uncached(text, XML), settings };
}
