import { DISCOVERY_LABELS } from "../../../spec/discovery-labels.ts";
import type { Finding } from "../../finding.ts";
import type { Check, CheckSubject } from "../check.ts";
import { currentProviders, providerOf } from "./current-providers.ts";
import { addressesAt } from "../web/probe-answer.ts";
import { isSameOrganisation } from "../same-organisation.ts";

/** Names whose alias a former provider may have left, or that nobody serves any more. */
const LABELS: readonly string[] = [...DISCOVERY_LABELS, "mail", "imap", "smtp", "pop"];

/** Looks for records of a former provider, and for aliases whose end does not exist: whoever registers that answers for the name. */
export const checkStaleRecords: Check = {
  name: "stale-records",
  run: async (subject) => {
    const found = await Promise.all([
      ...LABELS.map((label) => checkAlias(subject, `${label}.${subject.domain}`)),
      checkProviders(subject),
    ]);
    const stale = found.flat();
    if (stale.length > 0) return stale;
    const answers = await Promise.all(
      LABELS.map((label) => addressesAt(subject.world, `${label}.${subject.domain}`)),
    );
    const base = { code: "stale-record", subject: `records below ${subject.domain}` } as const;
    const unknown = answers.find((answer) => answer.state === "unknown");
    return [
      unknown === undefined
        ? { ...base, status: "pass", observed: "none of a former provider, no dead alias" }
        : { ...base, status: "unknown", observed: unknown.reason },
    ];
  },
};

/** Only NXDOMAIN is death: silence, or a name without addresses, is not. */
async function checkAlias({ domain, world }: CheckSubject, name: string): Promise<Finding[]> {
  const answer = await addressesAt(world, name);
  if (answer.state !== "absent" || answer.aliases.length === 0 || !answer.isNoName) return [];
  const end = answer.aliases.at(-1) ?? "";
  const isForeign = !isSameOrganisation(end, domain);
  return [
    {
      code: "stale-record",
      status: isForeign ? "fail" : "warn",
      subject: `${name} CNAME`,
      observed: `${end} does not exist${isForeign ? ": whoever registers it answers for this name" : ""}`,
      remedy: `Remove the record at ${name}.`,
    },
  ];
}

async function checkProviders(subject: CheckSubject): Promise<Finding[]> {
  const { domain, world } = subject;
  const current = await currentProviders(subject);
  if (current === undefined) return [];
  const service = `_autodiscover._tcp.${domain}`;
  const [aliases, srv, mx, txt] = await Promise.all([
    Promise.all(LABELS.map((label) => aliasesOf(subject, `${label}.${domain}`))),
    world.resolve(service, "SRV"),
    world.resolve(domain, "MX"),
    world.resolve(domain, "TXT"),
  ]);
  const records = [
    ...aliases.flat(),
    ...dataOf(srv).map((data) => ({ type: "SRV", name: service, content: data.split(" ")[3] ?? "" })),
    ...dataOf(mx).map((data) => ({ type: "MX", name: domain, content: data.split(" ")[1] ?? "" })),
    ...dataOf(txt).map((content) => ({ type: "TXT", name: domain, content })),
  ];
  return records.flatMap(({ type, name, content }): Finding[] => {
    const title = providerOf(type, name, content);
    if (title === undefined || current.has(title)) return [];
    // A sender beside the domain's own server is no mistake: services send through providers.
    const isDelivery = type === "TXT" || type === "MX";
    return [
      {
        code: "stale-record",
        status: subject.spec === undefined || isDelivery ? "warn" : "fail",
        subject: `${name} ${type}`,
        observed: `${content} (${title})`,
        remedy: `Remove the record of ${title} if the domain has left it: Outlook and Thunderbird go there.`,
      },
    ];
  });
}

async function aliasesOf(
  { world }: CheckSubject,
  name: string,
): Promise<{ type: string; name: string; content: string }[]> {
  const answer = await addressesAt(world, name);
  const [first] = answer.state === "unknown" ? [] : answer.aliases;
  return first === undefined ? [] : [{ type: "CNAME", name, content: first }];
}

function dataOf(answer: { readonly state: string; readonly data?: readonly string[] }): readonly string[] {
  return answer.state === "found" ? (answer.data ?? []) : [];
}
