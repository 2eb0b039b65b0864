import type { WorldRequest } from "../../clients/world.ts";
import type { Finding } from "../finding.ts";
import { judgeLife } from "./certificate-life.ts";
import type { Check, CheckSubject } from "./check.ts";
import { autoconfigRequests, mtaStsRequest, paccRequest, poxRequests } from "./document-requests.ts";
import { placeOf } from "./place-of.ts";
import { tlsTrouble } from "./tls-trouble.ts";

/** Looks at the certificate of every https host that clients ask for documents: trust, names, days left. */
export const checkWebCertificates: Check = {
  name: "web-certificates",
  run: async (subject) => {
    const { mailbox } = subject;
    const requests = [
      ...autoconfigRequests(mailbox).map(({ request }) => request),
      ...poxRequests(mailbox).map(({ request }) => request),
      paccRequest(mailbox),
      mtaStsRequest(mailbox),
    ];
    // One request a host, the one that others ask anyway.
    const byHost = new Map<string, WorldRequest>();
    for (const request of requests) {
      const { host, protocol } = new URL(request.url);
      if (protocol === "https:" && !byHost.has(host)) byHost.set(host, request);
    }
    const found = await Promise.all([...byHost].map(([host, request]) => checkHost(subject, host, request)));
    return found.flat();
  },
};

async function checkHost(subject: CheckSubject, host: string, request: WorldRequest): Promise<Finding[]> {
  const { domain, now, world } = subject;
  const response = await world.request(request);
  if (response.state === "failed") return [];
  const base = { code: "web-certificate", subject: `certificate of ${host}` } as const;
  if (response.tlsError !== undefined) {
    const trouble = tlsTrouble(response.tlsError, host);
    const names = response.certificate?.subjectAltNames?.slice(0, 4).join(", ");
    const observed = names === undefined ? trouble.words : `${trouble.words}: ${names}`;
    return [
      { ...base, status: await untrustedStatus(subject, host, domain), observed, remedy: trouble.remedy },
    ];
  }
  return response.certificate === undefined ? [] : [{ ...base, ...judgeLife(response.certificate, now) }];
}

/** At the apex it is the web site's matter first; a provider's name is never on a certificate of the domain. */
async function untrustedStatus(
  subject: CheckSubject,
  host: string,
  domain: string,
): Promise<Finding["status"]> {
  if (host === domain) return "warn";
  const label = (["autoconfig", "autodiscover", "ua-auto-config", "mta-sts"] as const).find(
    (one) => host === `${one}.${domain}`,
  );
  return label !== undefined && (await placeOf(subject, label)) === "provider" ? "pass" : "fail";
}
