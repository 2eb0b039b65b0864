import type { ClientSettings } from "../documents/client-settings.ts";
import { answerAutodiscoverPost } from "./autodiscover-post.ts";
import { clientFamily } from "./client-family.ts";
import type { CountEvent } from "./count-event.ts";
import { cachedDocument } from "./document-cache.ts";
import type { ResponderAnswer, ResponderRequest } from "./exchange.ts";
import { addressIn, findAddress, findHost } from "./find-tenant.ts";
import { PLAIN_DOCUMENTS, type PlainDocument } from "./plain-documents.ts";
import { redirectToHttps } from "./redirect-to-https.ts";
import { answerDocument, renderDocument, type RenderedDocument } from "./rendered-document.ts";
import { methodNotAllowed, NOT_FOUND, optionsOf } from "./responses.ts";
import { routeOf, type DocumentName } from "./route-of.ts";
import type { TenantStore } from "./tenant.ts";

export interface ResponderOptions {
  readonly tenants: TenantStore;
  readonly now: () => Date;
  /** Told of every request that was answered; it must not throw. Default: nobody counts. */
  readonly count?: (event: CountEvent) => void;
}

interface Outcome {
  readonly answer: ResponderAnswer;
  readonly settings: ClientSettings | undefined;
}

const READ = ["GET", "HEAD"] as const;
const READ_AND_POST = ["GET", "HEAD", "POST"] as const;
const NOTHING: Outcome = { answer: NOT_FOUND, settings: undefined };

/**
 * Answers one request for any of the domains. It needs no credential, reads no `Authorization`, never answers 401,
 * and neither stores nor logs an address.
 */
export async function answer(request: ResponderRequest, options: ResponderOptions): Promise<ResponderAnswer> {
  const route = routeOf(request.host, request.path);
  const outcome = await answerRoute(request, route, options);
  options.count?.({
    domain: outcome.settings?.domain,
    document: route ?? "other",
    family: clientFamily(request.header("user-agent")),
    status: outcome.answer.status,
    hasAuthorization: request.header("authorization") !== undefined,
  });
  return outcome.answer;
}

async function answerRoute(
  request: ResponderRequest,
  route: DocumentName | undefined,
  options: ResponderOptions,
): Promise<Outcome> {
  const redirected = request.isHttps ? undefined : redirectToHttps(request, route);
  if (redirected !== undefined) return { answer: redirected, settings: undefined };
  switch (route) {
    case "autodiscover":
      if (request.method === "POST") return answerAutodiscoverPost(request, options);
      return answerRead(request, route, PLAIN_DOCUMENTS[route], READ_AND_POST, options);
    case "autoconfig":
    case "text":
    case "mtaSts":
      return answerRead(request, route, PLAIN_DOCUMENTS[route], READ, options);
    default:
      return NOTHING;
  }
}

async function answerRead(
  request: ResponderRequest,
  name: keyof typeof PLAIN_DOCUMENTS,
  { contentType, render }: PlainDocument,
  allowed: readonly string[],
  { tenants }: ResponderOptions,
): Promise<Outcome> {
  const byHost = await findHost(request, tenants);
  const settings = byHost ?? (await findAddress(addressIn(request), undefined, tenants));
  const document =
    settings === undefined
      ? undefined
      : await cachedDocument(settings, name, async () => {
          const text = render(settings);
          return text === undefined ? undefined : renderDocument(text, { "content-type": contentType });
        });
  if (settings === undefined || document === undefined) return NOTHING;
  return { answer: answerMethod(request, document, allowed), settings };
}

function answerMethod(
  request: ResponderRequest,
  document: RenderedDocument,
  allowed: readonly string[],
): ResponderAnswer {
  if (request.method === "OPTIONS") return optionsOf(allowed);
  if (request.method !== "GET" && request.method !== "HEAD") return methodNotAllowed(allowed);
  return answerDocument(document, request);
}
