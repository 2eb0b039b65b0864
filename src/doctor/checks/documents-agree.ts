import { fillPlaceholders } from "../../clients/conclude.ts";
import type { FoundServer } from "../../clients/found-settings.ts";
import type { Finding } from "../finding.ts";
import type { Check, CheckSubject } from "./check.ts";
import { autoconfigRequests, poxRequests } from "./document-requests.ts";
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

/** Clients take the first of a protocol, so that one is what a document says. */
function endpointOf(servers: readonly FoundServer[], protocol: FoundServer["protocol"]): string | undefined {
  const server = servers.find((one) => one.protocol === protocol);
  return server === undefined ? undefined : `${server.host}:${server.port} ${server.tls}`;
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
