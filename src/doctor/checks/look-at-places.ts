import type { WorldRequest, WorldResponse } from "../../clients/world/world.ts";
import { isWrongName } from "../../clients/world/wrong-name.ts";
import type { Finding, FindingCode } from "../finding.ts";
import { isCaughtByWildcard, tombstoneRemedy } from "./names/caught-by-wildcard.ts";
import type { CheckSubject } from "./check.ts";
import type { DocumentRequest } from "./web/document-requests.ts";
import { addressesAt } from "./web/probe-answer.ts";
import { isSameOrganisation } from "./same-organisation.ts";
import { isXmlType, judgeAnswer, withoutRepetition, type Place, type Verdict } from "./web/judge-answer.ts";

/** How an XML document is judged wherever clients look for it. */
export interface DocumentLook {
  /** Of what is found at a place where something of ours, or the web site, is. */
  readonly code: (place: Place) => FindingCode;
  /** What a document has to announce; undefined where nobody said. */
  readonly expected: (request: WorldRequest) => string | undefined;
  /** How strictly an answer is taken that is no document. Default: as its place is. */
  readonly strictness?: ((request: WorldRequest, place: Place) => Place) | undefined;
  readonly judgeText: (text: string, expected: string | undefined, place: Place) => Verdict;
}

/** Asks at the discovery name, whose answer is to be as `label` says, and then at the apex. */
export async function lookAtPlaces(
  subject: CheckSubject,
  requests: readonly DocumentRequest[],
  label: Place,
  look: DocumentLook,
): Promise<readonly Finding[]> {
  const found = await Promise.all(
    (["label", "apex"] as const).map(async (at) => {
      const place = at === "apex" ? "apex" : label;
      const here = requests.filter((one) => one.at === at);
      const findings = await Promise.all(here.map(({ request }) => lookAt(subject, request, place, look)));
      return withoutRepetition(findings, place);
    }),
  );
  return found.flat();
}

async function lookAt(
  subject: CheckSubject,
  request: WorldRequest,
  place: Place,
  { code, expected, judgeText, strictness = () => place }: DocumentLook,
): Promise<Finding> {
  const wanted = expected(request);
  const base = { code: code(place), subject: `${request.method} ${request.url}` } as const;
  const beside = wanted === undefined ? {} : { expected: wanted };
  const response = await subject.world.request(request);
  const verdict = judgeAnswer(response, request.url, strictness(request, place), isXmlType);
  if (verdict === undefined) {
    const text = response.state === "answered" ? response.body : "";
    return { ...base, ...beside, ...judgeText(text, wanted, place) };
  }
  // At a name where nothing has to be, what matters is who answers.
  if (place === "label") {
    return {
      ...base,
      code: "discovery-host",
      ...(await withRecord(subject, verdict, response, request.url)),
    };
  }
  return { ...base, ...(place === "ours" ? beside : {}), ...verdict };
}

/** Of a stranger's answer it is the record that leads to him which can be changed: a wildcard, an alias. */
async function withRecord(
  subject: CheckSubject,
  verdict: Verdict,
  response: WorldResponse,
  url: string,
): Promise<Verdict> {
  const { hostname } = new URL(url);
  if (verdict.status !== "fail" && verdict.status !== "warn") return verdict;
  if (await isCaughtByWildcard(subject, hostname)) {
    return { ...verdict, remedy: tombstoneRemedy(hostname) };
  }
  if (response.state !== "answered" || !isWrongName(response.tlsError ?? "")) return verdict;
  const answer = await addressesAt(subject.world, hostname);
  const alias = answer.state === "unknown" ? undefined : answer.aliases[0];
  if (alias === undefined || isSameOrganisation(alias, subject.domain)) return verdict;
  const remedy = `Remove the alias of ${hostname} to ${alias}, or let ${alias} present a certificate that names ${hostname}.`;
  return { ...verdict, remedy };
}
