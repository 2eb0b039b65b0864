import type { ResponderAnswer, ResponderRequest } from "./exchange.ts";
import { answerDocument, type RenderedDocument } from "./rendered-document.ts";
import { methodNotAllowed, optionsOf } from "./responses.ts";

export const READ: readonly string[] = ["GET", "HEAD"];
export const READ_AND_POST: readonly string[] = [...READ, "POST"];

/** Returns the answer of a document to any method; `allowed` is what the methods are said to be. */
export function answerMethod(
  request: ResponderRequest,
  document: RenderedDocument,
  allowed: readonly string[] = READ,
): ResponderAnswer {
  return answerOther(request, allowed) ?? answerDocument(document, request);
}

/** Returns the answer to OPTIONS and to a method that is not there; undefined for GET and HEAD. */
export function answerOther(
  { method }: ResponderRequest,
  allowed: readonly string[] = READ,
): ResponderAnswer | undefined {
  if (method === "OPTIONS") return optionsOf(allowed);
  return method === "GET" || method === "HEAD" ? undefined : methodNotAllowed(allowed);
}
