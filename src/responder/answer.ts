import { answerAutodiscoverJson } from "./answer-autodiscover-json.ts";
import { answerMethod, READ, READ_AND_POST } from "./answer-method.ts";
import { answerPage } from "./answer-page.ts";
import { answerProfile } from "./answer-profile.ts";
import { answerWellKnown } from "./answer-well-known.ts";
import { answerAutodiscoverPost } from "./autodiscover-post.ts";
import { clientFamily } from "./client-family.ts";
import type { CountEvent } from "./count-event.ts";
import { cachedDocument } from "./document-cache.ts";
import type { Outcome, ResponderAnswer, ResponderRequest } from "./exchange.ts";
import { findTenant } from "./find-tenant.ts";
import { PLAIN_DOCUMENTS, type PlainDocumentName } from "./plain-documents.ts";
import { redirectToHttps } from "./redirect-to-https.ts";
import { renderDocument } from "./rendered-document.ts";
import { FOR_ANY_ORIGIN, NOT_FOUND } from "./responses.ts";
import { routeOf, type DocumentName } from "./route-of.ts";
import type { TenantStore } from "./tenant.ts";

export interface ResponderOptions {
  readonly tenants: TenantStore;
  readonly now: () => Date;
  /** Told of every request that was answered; it must not throw. Default: nobody counts. */
  readonly count?: (event: CountEvent) => void;
}

const NOTHING: Outcome = { answer: NOT_FOUND, settings: undefined };

/**
 * Answers one request for any of the domains. It needs no credential, reads no `Authorization`, never answers 401,
 * and neither stores nor logs an address.
 */
export async function answer(request: ResponderRequest, options: ResponderOptions): Promise<ResponderAnswer> {
  const route = routeOf(request.host, request.path);
  const outcome = request.isHttps
    ? await answerRoute(request, route, options)
    : await answerInTheClear(request, route, options.tenants);
  options.count?.({
    domain: outcome.settings?.domain,
    document: route ?? "other",
    family: clientFamily(request.header("user-agent")),
    status: outcome.answer.status,
    hasAuthorization: request.header("authorization") !== undefined,
  });
  return outcome.answer;
}

/** Over plain HTTP nothing is served, and only who is known here is sent on. */
async function answerInTheClear(
  request: ResponderRequest,
  route: DocumentName | undefined,
  tenants: TenantStore,
): Promise<Outcome> {
  const redirected = redirectToHttps(request, route);
  if (redirected === undefined) return NOTHING;
  const settings = await findTenant(request, tenants);
  return settings === undefined ? NOTHING : { answer: redirected, settings };
}

function answerRoute(
  request: ResponderRequest,
  route: DocumentName | undefined,
  options: ResponderOptions,
): Promise<Outcome> {
  const { tenants } = options;
  switch (route) {
    case undefined:
      return Promise.resolve(NOTHING);
    case "page":
      return answerPage(request, tenants);
    case "profile":
      return answerProfile(request, tenants);
    case "autodiscoverJson":
      return answerAutodiscoverJson(request, tenants);
    case "caldav":
    case "carddav":
    case "jmap":
      return answerWellKnown(request, route, tenants);
    case "autodiscover":
      if (request.method === "POST") return answerAutodiscoverPost(request, options);
      return answerPlain(request, route, READ_AND_POST, tenants);
    default:
      return answerPlain(request, route, READ, tenants);
  }
}

async function answerPlain(
  request: ResponderRequest,
  name: PlainDocumentName,
  allowed: readonly string[],
  tenants: TenantStore,
): Promise<Outcome> {
  const settings = await findTenant(request, tenants);
  if (settings === undefined) return NOTHING;
  const document = await cachedDocument(settings, name, async () => {
    const { contentType, render } = PLAIN_DOCUMENTS[name];
    const text = render(settings);
    return text === undefined
      ? undefined
      : renderDocument(text, { ...FOR_ANY_ORIGIN, "content-type": contentType });
  });
  return document === undefined ? NOTHING : { answer: answerMethod(request, document, allowed), settings };
}
