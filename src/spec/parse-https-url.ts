import { parseHostName } from "./host-name.ts";
import type { HttpService } from "./mail-domain.ts";
import { specIssue, type Report } from "./spec-issue.ts";

const HTTPS_PORT = 443;

/**
 * What a URL may have behind its path: nothing, where records and documents are made of its parts; a query, for an
 * endpoint of OAuth2 (RFC 6749 §3.1); anything, for a place that a browser opens.
 */
export type UrlForm = "path" | "query" | "link";

const REFUSED: Readonly<Record<UrlForm, readonly [RegExp, string]>> = {
  path: [/[?#]/, "has a query or fragment"],
  query: [/#/, "has a fragment"],
  link: [/(?!)/, ""],
};

/**
 * Returns a URL of https with a host name; reports any other and returns undefined. Userinfo would publish a password.
 */
export function parseHttpsUrl(
  path: string,
  text: string,
  report: Report,
  form: UrlForm = "path",
): URL | undefined {
  const trimmed = text.trim();
  const [unwanted, message] = REFUSED[form];
  const reason = refusal(trimmed) ?? (unwanted.test(trimmed) ? message : undefined);
  if (reason === undefined) return new URL(trimmed);
  report(specIssue(path, text, reason, "Write a URL such as https://dav.example.com/dav/."));
  return undefined;
}

/** Returns the service at a URL, its context path with a final slash. */
export function parseHttpService(
  path: string,
  text: string | undefined,
  report: Report,
): HttpService | undefined {
  const url = text === undefined ? undefined : parseHttpsUrl(path, text, report);
  if (url === undefined) return undefined;
  return {
    host: url.hostname.replace(/\.$/, ""),
    port: url.port === "" ? HTTPS_PORT : Number(url.port),
    path: url.pathname.endsWith("/") ? url.pathname : `${url.pathname}/`,
  };
}

function refusal(text: string): string | undefined {
  if (!URL.canParse(text)) return "is not a URL";
  const url = new URL(text);
  if (url.protocol !== "https:") return "is not a URL of https";
  if (url.username !== "" || url.password !== "") return "has a user name or password in it";
  if (url.port === "0") return "has no usable port";
  const host = parseHostName(url.hostname);
  return host.ok ? undefined : `has no host name: ${host.reason}`;
}
