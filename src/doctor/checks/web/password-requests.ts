import type { Finding } from "../../finding.ts";
import { isCaughtByWildcard, tombstoneRemedy } from "../names/caught-by-wildcard.ts";
import {
  autoconfigRequests,
  jsonRequests,
  paccRequest,
  plainAutodiscover,
  poxRequests,
  profileRequest,
  spelledPoxRequests,
} from "./document-requests.ts";
import type { Check, CheckSubject } from "../check.ts";
import { placeOf } from "../place-of.ts";
import { isSameOrganisation } from "../same-organisation.ts";

/** Says where the mailbox password would go during discovery, and which answers ask for one. A provider's own may. */
export const checkPasswordRequests: Check = {
  name: "password-requests",
  run: async (subject) => [...(await sentPasswords(subject)), ...(await challenges(subject))],
};

/** As the clients did: nobody but the mail servers needs the password. */
async function sentPasswords(subject: CheckSubject): Promise<Finding[]> {
  const { discoveries, domain } = subject;
  const origins = Map.groupBy(
    discoveries.flatMap(({ client, passwordSentTo }) => passwordSentTo.map((origin) => ({ client, origin }))),
    ({ origin }) => origin,
  );
  const base = { code: "password-request" } as const;
  if (origins.size === 0) {
    const isKnown = discoveries.every(({ outcome }) => outcome !== "unknown");
    return discoveries.length === 0
      ? []
      : [
          {
            ...base,
            status: isKnown ? "pass" : "unknown",
            subject: `password of ${domain}`,
            observed: `sent to nobody in ${isKnown ? "discovery" : "what could be looked at"}`,
          },
        ];
  }
  const asksAtApex = await isAskedAtApex(subject);
  return Promise.all(
    [...origins].map(async ([origin, by]): Promise<Finding> => {
      const receives = `gets the mailbox password from ${[...new Set(by.map(({ client }) => client))].join(", ")}`;
      // Evolution gives it to the domain's own web site unasked (e-webdav-discover.c): nobody there can help it.
      if (origin === `https://${domain}` && !asksAtApex) {
        return {
          ...base,
          status: "pass",
          subject: origin,
          observed: `${receives}, unasked, as the domain's own web site`,
        };
      }
      const isHosted = /^https:\/\/([a-z0-9-]+\.)*(outlook|office365)\.com$/.test(origin);
      return {
        ...base,
        status: isHosted ? "warn" : "fail",
        subject: origin,
        expected: "no client sends the password in discovery",
        observed: receives,
        remedy: await remedyOf(subject, origin),
      };
    }),
  );
}

async function remedyOf(subject: CheckSubject, origin: string): Promise<string> {
  const { hostname } = new URL(origin);
  if (!isSameOrganisation(hostname, subject.domain))
    return `Remove the record or redirect that leads clients to ${origin}, unless the mailboxes are there.`;
  const isCaught = hostname !== subject.domain && (await isCaughtByWildcard(subject, hostname));
  return isCaught ? tombstoneRemedy(hostname) : `Remove what answers at ${origin} with 401.`;
}

async function isAskedAtApex({ mailbox, world }: CheckSubject): Promise<boolean> {
  const asked = poxRequests(mailbox).filter(({ at }) => at === "apex");
  const answers = await Promise.all(asked.map(({ request }) => world.request(request)));
  return answers.some((answer) => answer.state === "answered" && answer.status === 401);
}

/** A challenge beside another status than 401 is one, too: some clients act on the header. A 401 is the documents' own finding. */
async function challenges(subject: CheckSubject): Promise<Finding[]> {
  const { mailbox, world } = subject;
  const [autoconfig, autodiscover] = await Promise.all([
    placeOf(subject, "autoconfig"),
    placeOf(subject, "autodiscover"),
  ]);
  const asked = [
    ...(autoconfig === "provider" ? [] : autoconfigRequests(mailbox).map(({ request }) => request)),
    ...(autoconfig === "ours" ? [profileRequest(mailbox)] : []),
    ...(autodiscover === "provider" ? [] : poxRequests(mailbox).map(({ request }) => request)),
    // Only where a document of ours stands are these asked for at all.
    ...(autodiscover === "ours" ? [plainAutodiscover(mailbox), ...jsonRequests(mailbox)] : []),
    ...(autodiscover === "ours" ? spelledPoxRequests(mailbox).map(({ request }) => request) : []),
    paccRequest(mailbox),
  ];
  const found = await Promise.all(
    asked.map(async (request): Promise<Finding[]> => {
      const response = await world.request(request);
      if (response.state !== "answered" || response.status === 401) return [];
      const { status: code, headers } = response;
      const challenge = headers["www-authenticate"];
      if (challenge === undefined) return [];
      return [
        {
          code: "password-request",
          status: request.url.startsWith("https:") ? "fail" : "warn",
          subject: `${request.method} ${request.url}`,
          expected: "no WWW-Authenticate",
          observed: `HTTP ${code}, WWW-Authenticate: ${challenge}`,
          remedy: "Answer without a challenge: clients send it the mailbox password.",
        },
      ];
    }),
  );
  return found.flat();
}
