import { parseAppleProfile } from "../../../clients/parsers/apple-profile.ts";
import { fillPlaceholders } from "../../../clients/ladder/conclude.ts";
import type { ClientServer } from "../../../clients/ladder/discovery.ts";
import type { FoundServer } from "../../../clients/parsers/found-settings.ts";
import { parsePacc } from "../../../clients/parsers/pacc-document.ts";
import type { Finding } from "../../finding.ts";
import type { Check, CheckSubject } from "../check.ts";
import { autoconfigRequests, paccRequest, poxRequests, profileRequest } from "./document-requests.ts";
import { servedDocuments, type ServedDocument } from "./served-documents.ts";

/** Compares what all documents of the domain say with one another: a client that finds another one than its neighbour ends elsewhere. */
export const checkDocumentsAgree: Check = {
  name: "documents-agree",
  run: async (subject) => {
    const documents = await servedDocuments(subject);
    const base = { code: "documents-agree" } as const;
    if (documents.length === 0) {
      const hasClients = subject.spec === undefined || subject.spec.mailServer.submission.length > 0;
      const isUnknown = hasClients && (await isAnyUnknown(subject));
      const about = { ...base, subject: `documents of ${subject.domain}` };
      if (!hasClients) return [{ ...about, status: "pass", observed: "none wanted" }];
      if (isUnknown) {
        const observed = "none in what could be looked at";
        return [{ ...about, status: "unknown", observed, remedy: "Look again later." }];
      }
      return [
        {
          ...about,
          status: "warn",
          observed: "none that clients could read",
          remedy: `Publish https://autoconfig.${subject.domain}/mail/config-v1.1.xml.`,
        },
      ];
    }
    return [
      ...(["imap", "pop3", "submission"] as const).flatMap((protocol) =>
        compare(subject, documents, `${protocol} server`, (servers) => endpointOf(servers, protocol)),
      ),
      ...compare(subject, documents, "user name", (servers) => userOf(subject, servers)),
      ...(await compareOthers(subject, documents)),
    ];
  },
};

/** True where a document may stand at a host that could not be asked. */
async function isAnyUnknown({ mailbox, world }: CheckSubject): Promise<boolean> {
  const asked = [...autoconfigRequests(mailbox), ...poxRequests(mailbox)];
  const responses = await Promise.all(asked.map(({ request }) => world.request(request)));
  return responses.some(
    (response) =>
      response.state === "failed" &&
      ["timeout", "unresolved", "unknown", "unreachable"].includes(response.kind),
  );
}

/**
 * PACC's document and Apple's profile have no word for some servers, so each has to name one of those that the documents do. With a
 * spec both are held to it.
 */
async function compareOthers(
  { mailbox, spec, world }: CheckSubject,
  documents: readonly ServedDocument[],
): Promise<Finding[]> {
  if (spec !== undefined) return [];
  const asked = [
    { request: paccRequest(mailbox), read: parsePacc },
    { request: profileRequest(mailbox), read: parseAppleProfile },
  ];
  const found = await Promise.all(
    asked.map(async ({ request, read }): Promise<Finding[]> => {
      const response = await world.request(request);
      if (response.state === "failed" || response.status !== 200 || response.tlsError !== undefined)
        return [];
      const { incoming, outgoing } = read(response.body) ?? {};
      const servers = [incoming, outgoing].filter((server) => server !== undefined);
      return servers.flatMap((server) => compareOther(`${request.method} ${request.url}`, server, documents));
    }),
  );
  return found.flat();
}

function compareOther(
  subject: string,
  server: ClientServer,
  documents: readonly ServedDocument[],
): Finding[] {
  const { protocol } = server;
  const announced = documents
    .flatMap(({ servers }) => servers)
    .filter((one) => one.protocol === protocol)
    .map(endpointWords);
  // A protocol that no document has is told by nobody else.
  if (announced.length === 0) return [];
  const observed = endpointWords(server);
  const base = { code: "documents-agree", subject: `${protocol} server of ${subject}` } as const;
  return [
    announced.includes(observed)
      ? { ...base, status: "pass", observed }
      : {
          ...base,
          status: "fail",
          expected: [...new Set(announced)].join(" or "),
          observed,
          remedy: `Announce one ${protocol} server in every document.`,
        },
  ];
}

function endpointWords({ host, port, tls }: Pick<ClientServer, "host" | "port" | "tls">): string {
  return `${host}:${port} ${tls}`;
}

/** Clients take the first of a protocol, so that one is what a document says. */
function endpointOf(servers: readonly FoundServer[], protocol: FoundServer["protocol"]): string | undefined {
  const server = servers.find((one) => one.protocol === protocol);
  return server === undefined ? undefined : endpointWords(server);
}

function userOf({ mailbox }: CheckSubject, servers: readonly FoundServer[]): string | undefined {
  const names = servers
    .map(({ username }) => fillPlaceholders(username, mailbox))
    .filter((name) => name !== "");
  return names.length === 0 ? undefined : [...new Set(names)].join(" and ");
}

/** A document that leaves something out says nothing against the others. */
function compare(
  { domain }: CheckSubject,
  documents: readonly ServedDocument[],
  what: string,
  read: (servers: readonly FoundServer[]) => string | undefined,
): Finding[] {
  const said = documents.flatMap(({ subject, servers }) => {
    const value = read(servers);
    return value === undefined ? [] : [{ subject, value }];
  });
  if (said.length === 0) return [];
  const values = Map.groupBy(said, ({ value }) => value);
  const base = { code: "documents-agree", subject: `${what} in all documents of ${domain}` } as const;
  if (values.size === 1) return [{ ...base, status: "pass", observed: said[0]?.value }];
  const observed = [...values].map(([value, by]) => `${value} (${by[0]?.subject ?? ""})`).join("; ");
  return [{ ...base, status: "fail", observed, remedy: `Announce one ${what} in every document.` }];
}
