import type { WorldRequest } from "../../../clients/world/world.ts";
import { DISCOVERY_LABELS } from "../../../spec/discovery-labels.ts";
import type { Finding } from "../../finding.ts";
import { judgeLife } from "../mail/certificate-life.ts";
import type { Check, CheckSubject } from "../check.ts";
import { autoconfigRequests, mtaStsRequest, paccRequest, poxRequests } from "./document-requests.ts";
import { placeOf } from "../place-of.ts";
import { tlsTrouble } from "../tls-trouble.ts";

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
  const { now, world } = subject;
  const response = await world.request(request);
  if (response.state === "failed") return [];
  const base = { code: "web-certificate", subject: `certificate of ${host}` } as const;
  if (response.tlsError === undefined) {
    return response.certificate === undefined ? [] : [{ ...base, ...judgeLife(response.certificate, now) }];
  }
  // Of a stranger it is said where a document was looked for, and what that does to clients.
  if (!(await isOurs(subject, host))) return [];
  const { words, remedy } = tlsTrouble(response.tlsError, host);
  const names = response.certificate?.subjectAltNames?.slice(0, MOST_NAMES).join(", ");
  return [{ ...base, status: "fail", observed: names === undefined ? words : `${words}: ${names}`, remedy }];
}

/** Enough to see whose certificate it is. */
const MOST_NAMES = 4;

async function isOurs(subject: CheckSubject, host: string): Promise<boolean> {
  const label = DISCOVERY_LABELS.find((one) => host === `${one}.${subject.domain}`);
  return label !== undefined && (await placeOf(subject, label)) === "ours";
}
