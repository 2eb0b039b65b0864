import type { OAuth2File } from "./domain-file.ts";
import type { OAuth2Server } from "./mail-domain.ts";
import { parseHttpsUrl } from "./parse-https-url.ts";
import { specIssue, type Report } from "./spec-issue.ts";

/** One scope (RFC 6749 §3.3): printable ASCII without a space, `"` and `\`. */
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]+$/;
/** A client id (RFC 6749 appendix A.1): printable ASCII. */
const CLIENT_ID = /^[\x20-\x7E]+$/;

/** Checks the `oauth2` block. */
export function parseOAuth2(file: OAuth2File | undefined, report: Report): OAuth2Server | undefined {
  if (file === undefined) return undefined;
  const { issuer, authUrl, tokenUrl, scopes, clientId } = file;
  parseHttpsUrl("oauth2.issuer", issuer, report);
  for (const [index, scope] of scopes.entries()) {
    if (SCOPE.test(scope)) continue;
    const remedy = "Write one scope an entry, for example openid.";
    report(specIssue(["oauth2", "scopes", index], scope, "is not a scope (RFC 6749 §3.3)", remedy));
  }
  if (clientId !== undefined && !CLIENT_ID.test(clientId)) {
    const remedy = "Write the client id as the authorization server shows it.";
    report(specIssue("oauth2.clientId", clientId, "is not a client id (RFC 6749 appendix A.1)", remedy));
  }
  return {
    // Not in the URL parser's form: a final slash more is another issuer (RFC 8414 §3.3).
    issuer: issuer.trim(),
    authUrl: parseHttpsUrl("oauth2.authUrl", authUrl, report, "query")?.href ?? authUrl,
    tokenUrl: parseHttpsUrl("oauth2.tokenUrl", tokenUrl, report, "query")?.href ?? tokenUrl,
    scopes,
    clientId,
  };
}
