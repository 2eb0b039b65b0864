import type { MailPortView, WorldResponse } from "./world.ts";

/** Says in a few words why an answer is no use to a client that wants trusted TLS and status 200. */
export function answerWords(response: WorldResponse): string {
  if (response.state === "failed") return failureWords(response.kind, reasonOf(response.reason, response));
  if (response.tlsError !== undefined) return `certificate not trusted: ${response.tlsError}`;
  const type = response.headers["content-type"];
  return `HTTP ${response.status}${type === undefined ? "" : ` ${type.split(";")[0] ?? ""}`}`;
}

/** True where the world could not say what a client would see: neither an answer nor a failure of the client's own. */
export function isNotKnown(response: WorldResponse): boolean {
  return response.state === "failed" && isUnseen(response.kind);
}

/** True of a failure that is no answer of the world's: nobody was asked, or nobody could be. */
export function isUnseen(kind: string): boolean {
  return kind === "unknown" || kind === "unresolved" || kind === "not-allowed";
}

/** Says the same of a mail port as {@link answerWords}. */
export function portWords(view: MailPortView): string {
  if (view.outcome !== "answered") return failureWords(view.outcome, reasonOf(view.detail, view));
  return view.authorized
    ? `${view.tlsProtocol}, trusted`
    : `certificate not trusted: ${view.authorizationError ?? "no reason given"}`;
}

function reasonOf(reason: string, { tlsProtocol }: { readonly tlsProtocol?: string | undefined }): string {
  return tlsProtocol === undefined ? reason : `${tlsProtocol} only`;
}

function failureWords(kind: string, reason: string): string {
  return kind === "absent" ? "no such name" : reason === "" ? kind : `${kind}: ${reason}`;
}
