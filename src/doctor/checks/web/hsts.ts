import type { WorldResponse } from "../../../clients/world/world.ts";
import type { Check } from "../check.ts";
import { isTrusted200 } from "./judge-answer.ts";

/**
 * Says where the apex tells browsers that all names below it have https, and the autoconfig name has it not: Thunderbird keeps such
 * a promise for every request, so that a document over plain HTTP is out of its reach (RFC 6797 §6.1.2).
 */
export const checkHsts: Check = {
  name: "hsts",
  run: async ({ domain, mailbox, world }) => {
    const url = `https://${domain}/`;
    const base = { code: "hsts", subject: `GET ${url}` } as const;
    const [apex, secure, plain] = await Promise.all([
      world.request({ method: "GET", url }),
      world.request({ method: "GET", url: documentUrl("https", mailbox) }),
      world.request({ method: "GET", url: documentUrl("http", mailbox) }),
    ]);
    if (apex.state === "failed" || apex.tlsError !== undefined) return [];
    // Only the first of several counts (RFC 6797 §8.1).
    const [policy = ""] = (apex.headers["strict-transport-security"] ?? "").split(",");
    const isForAll = isKept(policy) && /(^|;)\s*includeSubDomains\s*(;|$)/i.test(policy);
    const isLost =
      isTrusted200(plain) && (secure.state === "failed" ? isClosed(secure) : !isTrusted200(secure));
    if (!isForAll) return [{ ...base, status: "pass", observed: policy === "" ? "no HSTS" : policy }];
    return [
      isLost
        ? {
            ...base,
            status: "fail",
            observed: `${policy}, and the document of autoconfig.${domain} only over http`,
            remedy: `Serve the document of autoconfig.${domain} over https.`,
          }
        : { ...base, status: "pass", observed: policy },
    ];
  },
};

/** A policy of no age is one that is taken back (RFC 6797 §6.1.1). */
function isKept(policy: string): boolean {
  return !/(^|;)\s*max-age\s*=\s*"?0+"?\s*(;|$)/i.test(policy);
}

/** Silence proves nothing. */
function isClosed({ kind }: Extract<WorldResponse, { state: "failed" }>): boolean {
  return !["timeout", "unresolved", "unknown", "unreachable"].includes(kind);
}

function documentUrl(scheme: "http" | "https", { domain }: { readonly domain: string }): string {
  return `${scheme}://autoconfig.${domain}/mail/config-v1.1.xml`;
}
