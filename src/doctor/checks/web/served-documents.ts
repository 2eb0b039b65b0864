import type { FoundServer } from "../../../clients/parsers/found-settings.ts";
import type { WorldResponse } from "../../../clients/world/world.ts";
import type { CheckSubject } from "../check.ts";
import { autoconfigRequests, poxRequests, type DocumentRequest } from "./document-requests.ts";
import { isXmlType } from "./judge-answer.ts";
import { readAutoconfigServers, readPoxServers } from "./read-servers.ts";

/** An answer that clients take for a document, with what they can read in it. */
export interface ServedDocument {
  /** `METHOD URL`. */
  readonly subject: string;
  readonly kind: "autoconfig" | "autodiscover";
  readonly servers: readonly FoundServer[];
}

/** Several checks compare the documents: they are parsed once for one subject. */
const known = new WeakMap<CheckSubject, Promise<readonly ServedDocument[]>>();

/** Returns the documents that the domain serves today over trusted connections, each answer once, in the order of clients. */
export async function servedDocuments(subject: CheckSubject): Promise<readonly ServedDocument[]> {
  const documents = known.get(subject) ?? readDocuments(subject);
  known.set(subject, documents);
  return documents;
}

async function readDocuments({ mailbox, world }: CheckSubject): Promise<readonly ServedDocument[]> {
  const read = async (
    kind: ServedDocument["kind"],
    { request }: DocumentRequest,
    servers: (text: string) => readonly FoundServer[] | undefined,
  ): Promise<ServedDocument[]> => {
    const text = documentText(await world.request(request));
    const found = text === undefined ? undefined : servers(text);
    const subject = `${request.method} ${request.url}`;
    return found === undefined || found.length === 0 ? [] : [{ subject, kind, servers: found }];
  };
  const all = await Promise.all([
    ...autoconfigRequests(mailbox).map((asked) => read("autoconfig", asked, readAutoconfigServers)),
    ...poxRequests(mailbox).map((asked) => read("autodiscover", asked, readPoxServers)),
  ]);
  return all.flat();
}

function documentText(response: WorldResponse): string | undefined {
  if (response.state === "failed" || response.tlsError !== undefined || response.status !== 200)
    return undefined;
  const type = response.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "";
  return isXmlType(type) ? response.body : undefined;
}
