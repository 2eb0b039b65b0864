import { wellKnownTarget, type WellKnownService } from "../documents/well-known-target.ts";
import type { Outcome, ResponderRequest } from "./exchange.ts";
import { findHost } from "./find-tenant.ts";
import { NOT_FOUND, redirect } from "./responses.ts";
import type { TenantStore } from "./tenant.ts";

/** Leads any method, PROPFIND included, to the service's own place (RFC 6764 §5, RFC 8620 §2.2). */
export async function answerWellKnown(
  request: ResponderRequest,
  service: WellKnownService,
  tenants: TenantStore,
): Promise<Outcome> {
  const settings = await findHost(request, tenants);
  const target = settings === undefined ? undefined : wellKnownTarget(settings, service);
  // A service at this very place would lead a client in circles.
  const isHere = target === `https://${request.host}${request.path}`;
  return { answer: target === undefined || isHere ? NOT_FOUND : redirect(301, target), settings };
}
