import { hasServers } from "../documents/client-settings.ts";
import { renderMobileconfig } from "../documents/mobileconfig.ts";
import { answerMethod } from "./answer-method.ts";
import { cachedDocument } from "./document-cache.ts";
import type { Outcome, ResponderRequest } from "./exchange.ts";
import { findHost } from "./find-tenant.ts";
import { renderDocument, type RenderedDocument } from "./rendered-document.ts";
import { FOR_ANY_ORIGIN, NOT_FOUND } from "./responses.ts";
import { domainOfHost, type TenantStore } from "./tenant.ts";

/**
 * Answers with Apple's configuration profile: the signed one of the store where there is one, without a look at the
 * settings, else an unsigned one that is made of them. No key is near this code.
 */
export async function answerProfile(request: ResponderRequest, tenants: TenantStore): Promise<Outcome> {
  const domain = domainOfHost(request.host);
  const signed = await tenants.profile?.(domain);
  if (signed !== undefined) {
    const document = await cachedDocument(signed, "profile", () => render(signed, domain));
    return {
      answer: document === undefined ? NOT_FOUND : answerMethod(request, document),
      settings: { domain },
    };
  }
  const settings = await findHost(request, tenants);
  if (!hasServers(settings)) return { answer: NOT_FOUND, settings: undefined };
  const document = await cachedDocument(settings, "profile", async () => {
    const profile = renderMobileconfig(settings);
    return profile === undefined ? undefined : render(profile, domain);
  });
  return { answer: document === undefined ? NOT_FOUND : answerMethod(request, document), settings };
}

async function render(body: string | Uint8Array, domain: string): Promise<RenderedDocument> {
  return renderDocument(body, {
    ...FOR_ANY_ORIGIN,
    "content-type": "application/x-apple-aspen-config",
    "content-disposition": `attachment; filename="${domain}.mobileconfig"`,
  });
}
