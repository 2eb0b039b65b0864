import { renderAutodiscoverV2 } from "../documents/autodiscover-v2.ts";
import { hasServers } from "../documents/client-settings.ts";
import { answerOther } from "./answer-method.ts";
import type { Outcome, ResponderAnswer, ResponderRequest } from "./exchange.ts";
import { findTenant } from "./find-tenant.ts";
import { JSON_TYPE, NOT_FOUND, uncached } from "./responses.ts";
import type { TenantStore } from "./tenant.ts";

/** Answers Autodiscover V2. Names of parameters count without case, as Outlook's own spelling differs by version. */
export async function answerAutodiscoverJson(
  request: ResponderRequest,
  tenants: TenantStore,
): Promise<Outcome> {
  const settings = await findTenant(request, tenants);
  if (!hasServers(settings)) return { answer: NOT_FOUND, settings: undefined };
  const other = answerOther(request);
  if (other !== undefined) return { answer: other, settings };
  const { status, body } = renderAutodiscoverV2(
    protocolIn(request.search),
    `autodiscover.${settings.domain}`,
  );
  const answer = uncached(body, `${JSON_TYPE}; charset=utf-8`, status);
  return { answer: request.method === "HEAD" ? headOf(answer, body) : answer, settings };
}

/** What a GET would say of its body: letters and digits of ASCII, so each is an octet. */
function headOf(answer: ResponderAnswer, body: string): ResponderAnswer {
  const headers = { ...answer.headers, "content-length": String(body.length) };
  return { ...answer, headers, body: undefined };
}

function protocolIn(search: string): string | null {
  const named = [...new URLSearchParams(search)].find(([name]) => name.toLowerCase() === "protocol");
  return named?.[1] ?? null;
}
