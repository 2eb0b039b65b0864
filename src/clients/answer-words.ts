import type { MailPortView, WorldResponse } from "./world.ts";

/** Says in a few words why an answer is no use to a client that wants trusted TLS and status 200. */
export function answerWords(response: WorldResponse): string {
  if (response.state === "failed") return failureWords(response.kind, response.reason);
  if (response.tlsError !== undefined) return `certificate not trusted: ${response.tlsError}`;
  const type = response.headers["content-type"];
  return `HTTP ${response.status}${type === undefined ? "" : ` ${type.split(";")[0] ?? ""}`}`;
}

/** The same of a mail port. */
export function portWords(view: MailPortView): string {
  if (view.outcome !== "answered") return failureWords(view.outcome, view.detail);
  return view.authorized
    ? `${view.tlsProtocol}, trusted`
    : `certificate not trusted: ${view.authorizationError ?? "no reason given"}`;
}

function failureWords(kind: string, reason: string): string {
  return kind === "absent" ? "no such name" : reason === "" ? kind : `${kind}: ${reason}`;
}
