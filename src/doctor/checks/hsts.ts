import type { Check } from "./check.ts";

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
    const policy = apex.headers["strict-transport-security"] ?? "";
    const isForAll = /(^|;)\s*includeSubDomains\s*(;|$)/i.test(policy);
    const isLost =
      plain.state === "answered" &&
      plain.status === 200 &&
      (secure.state === "failed" ? secure.kind !== "timeout" : secure.tlsError !== undefined);
    if (!isForAll) return [{ ...base, status: "pass", observed: policy === "" ? "no HSTS" : policy }];
    return [
      isLost
        ? {
            ...base,
            status: "fail",
            observed: `${policy}, and autoconfig.${domain} only over http`,
            remedy: `Serve autoconfig.${domain} over https.`,
          }
        : { ...base, status: "pass", observed: policy },
    ];
  },
};

function documentUrl(scheme: "http" | "https", { domain }: { readonly domain: string }): string {
  return `${scheme}://autoconfig.${domain}/mail/config-v1.1.xml`;
}
