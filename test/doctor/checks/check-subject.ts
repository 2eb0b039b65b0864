/** Subjects of checks for tests: a domain of a spec in the world of its plan, or any domain in a world of data. */
import { mailboxOf } from "../../../src/clients/ladder/discovery.ts";
import type {
  MailPortView,
  QueryType,
  Resolution,
  World,
  WorldResponse,
} from "../../../src/clients/world/world.ts";
import type { Check, CheckSubject } from "../../../src/doctor/checks/check.ts";
import type { Finding } from "../../../src/doctor/finding.ts";
import { isWithin } from "../../../src/spec/host-name.ts";
import type { MailDomain } from "../../../src/spec/mail-domain.ts";
import { memoryWorld, type MemoryWorldOptions } from "../../clients/memory-world.ts";
import { plannedWorld, type Faults } from "../planned-world.ts";

export const NOW: Date = new Date("2026-11-29T12:00:00Z");
export const DAY_MS = 86_400_000;

export const XML: Readonly<Record<string, string>> = { "content-type": "text/xml; charset=utf-8" };
export const HTML: Readonly<Record<string, string>> = { "content-type": "text/html" };

/** A mail port as it should be. */
export const GOOD_PORT: Extract<MailPortView, { outcome: "answered" }> = {
  outcome: "answered",
  authorized: true,
  tlsProtocol: "TLSv1.3",
  certificate: {
    spkiSha256: "ab".repeat(32),
    fingerprint: "cd".repeat(32),
    notBefore: new Date(NOW.getTime() - 30 * DAY_MS),
    notAfter: new Date(NOW.getTime() + 60 * DAY_MS),
  },
  capabilities: ["IMAP4REV1", "AUTH=PLAIN", "LOGINDISABLED", "AUTH PLAIN LOGIN", "SASL PLAIN"],
  ms: 1,
};

type Further = Partial<Omit<CheckSubject, "world" | "spec">>;

/** The subject of a spec in the world of its plan, with faults. */
export function plannedSubject(
  spec: MailDomain,
  faults: Faults & { readonly probe?: World["probe"] } = {},
  further: Further = {},
): CheckSubject {
  const world = plannedWorld(
    spec,
    { zone: spec.domain, workersDevHost: WORKERS_DEV },
    { ...faults, resolve: (name, type) => faults.resolve?.(name, type) ?? elsewhere(spec, name, type) },
  );
  const probe = faults.probe ?? (async () => GOOD_PORT);
  return {
    ...base(spec.domain),
    spec,
    zone: spec.domain,
    options: { workersDevHost: WORKERS_DEV },
    world: { ...world, probe },
    ...further,
  };
}

/** Hosts that a spec names and somebody else publishes are there. */
function elsewhere(spec: MailDomain, name: string, type: QueryType): Resolution | undefined {
  const { addresses, host } = spec.mailServer;
  const isTheirs = !isWithin(name, spec.domain) || (name === host && addresses.length === 0);
  return type === "A" && isTheirs ? { state: "found", data: ["203.0.113.7"] } : undefined;
}

export const WORKERS_DEV = "mail-autodiscover.example.workers.dev";

/** The subject of a domain that nobody has a spec for. */
export function foreignSubject(
  options: MemoryWorldOptions,
  further: Further & { world?: Partial<World> } = {},
): CheckSubject {
  const { world, ...rest } = further;
  const [domain = ""] = Object.keys(options.zones);
  return {
    ...base(domain),
    spec: undefined,
    zone: undefined,
    options: {},
    ...rest,
    world: { ...memoryWorld(options), ...world },
  };
}

function base(domain: string): Pick<CheckSubject, "domain" | "mailbox" | "discoveries" | "now"> {
  return { domain, mailbox: mailboxOf("postmaster", domain), discoveries: [], now: NOW };
}

/** What is not right, one line a finding: `status code subject: observed`. */
export async function troublesOf(check: Check, subject: CheckSubject): Promise<readonly string[]> {
  return (await check.run(subject)).filter(({ status }) => status !== "pass").map(showFinding);
}

export async function findingAbout(
  check: Check,
  subject: CheckSubject,
  about: string,
): Promise<Finding | undefined> {
  return (await check.run(subject)).find((finding) => finding.subject === about);
}

export function showFinding({ status, code, subject, observed }: Finding): string {
  return `${status} ${code} ${subject}: ${observed ?? ""}`;
}

export function failedResponse(
  kind: Extract<WorldResponse, { state: "failed" }>["kind"],
  ms = 1,
): WorldResponse {
  return { state: "failed", kind, reason: `${kind} here`, ms };
}
