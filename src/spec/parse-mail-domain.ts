import { parseHostName } from "./host-name.ts";
import { parseIpAddress } from "./ip-address.ts";
import type {
  CertificateSpec,
  Endpoint,
  MailDomain,
  MailServer,
  PublishTarget,
  TlsMode,
} from "./mail-domain.ts";
import { domainFileSchema, type DomainFile, type EndpointFile, type ServiceFile } from "./schema.ts";
import { reportConflicts } from "./report-conflicts.ts";
import { issuesOfZod, specIssue, type SpecIssue } from "./spec-issue.ts";

export type ParseResult =
  | { readonly ok: true; readonly domain: MailDomain }
  | { readonly ok: false; readonly issues: readonly SpecIssue[] };

type Protocol = "imap" | "pop3" | "submission";

/** Registered ports (RFC 8314 §3, RFC 6409, RFC 9051, RFC 1939); `plain` shares the port of STARTTLS. */
const DEFAULT_PORT: Readonly<Record<Protocol, Readonly<Record<TlsMode, number>>>> = {
  imap: { implicit: 993, starttls: 143, plain: 143 },
  pop3: { implicit: 995, starttls: 110, plain: 110 },
  submission: { implicit: 465, starttls: 587, plain: 587 },
};

const DEFAULT_SERVICE: Readonly<Record<Protocol, ServiceFile>> = {
  imap: { tls: "implicit" },
  pop3: false,
  submission: [{ tls: "implicit" }, { tls: "starttls" }],
};

/** PACC's limit for a short name, the strictest of the formats that carry one (draft-ietf-mailmaint-pacc). */
const SHORT_NAME_LENGTH = 20;

/**
 * Turns the data of a domain file into a {@link MailDomain}, or every problem of it at once.
 *
 * @example
 * const result = parseMailDomain({ domain: "example.com", mailServer: { host: "mail.example.com" } });
 */
export function parseMailDomain(input: unknown): ParseResult {
  const parsed = domainFileSchema.safeParse(input);
  // Names are checked even where the schema complains, so that one run shows all there is to mend.
  const issues = parsed.success ? [] : issuesOfZod(parsed.error.issues, input);
  const file = parsed.success ? parsed.data : salvage(input);
  const seen = new Set(issues.map((issue) => issue.path));
  const domain = build(file, (issue) => {
    if (!seen.has(issue.path)) issues.push(issue);
  });
  return issues.length === 0 ? { ok: true, domain } : { ok: false, issues };
}

type Report = (issue: SpecIssue) => void;

function build(file: DomainFile, report: Report): MailDomain {
  const domain = hostName(["domain"], file.domain, report);
  // Shown to people, so the form that the operator wrote: U-labels stay readable.
  const displayName = file.displayName ?? file.domain.trim().replace(/\.$/, "");
  const built: MailDomain = {
    domain,
    displayName,
    displayShortName: file.displayShortName ?? Array.from(displayName).slice(0, SHORT_NAME_LENGTH).join(""),
    mailServer: buildMailServer(file.mailServer, report),
    username: file.username ?? "address",
    publish: buildPublish(file.publish, report),
    certificate: buildCertificate(file.certificate, report),
  };
  reportConflicts(built, report);
  return built;
}

function buildMailServer(server: DomainFile["mailServer"], report: Report): MailServer {
  const host = hostName(["mailServer", "host"], server.host, report);
  const plain = server.allowPlaintext === true;
  const endpoints = (protocol: Protocol): Endpoint[] =>
    toList(server[protocol] ?? DEFAULT_SERVICE[protocol]).map((item, index, all) => {
      const path = [
        "mailServer",
        protocol,
        ...(Array.isArray(server[protocol]) && all.length > 0 ? [index] : []),
      ];
      return buildEndpoint(protocol, item, { host, plain, path, report });
    });
  const built = {
    host,
    addresses: [...new Set((server.addresses ?? []).map((text, index) => address(index, text, report)))],
    imap: endpoints("imap"),
    pop3: endpoints("pop3"),
    submission: endpoints("submission"),
  };
  if (built.imap.length + built.pop3.length === 0) {
    report(
      specIssue(
        "mailServer",
        undefined,
        "offers neither IMAP nor POP3",
        "Give imap or pop3 at least one endpoint.",
      ),
    );
  }
  if (built.submission.length === 0) {
    report(
      specIssue("mailServer.submission", server.submission, "is empty", "Give one submission endpoint."),
    );
  }
  return built;
}

interface EndpointContext {
  readonly host: string;
  readonly plain: boolean;
  readonly path: readonly PropertyKey[];
  readonly report: Report;
}

function buildEndpoint(protocol: Protocol, item: EndpointFile, context: EndpointContext): Endpoint {
  const tls = item.tls ?? "implicit";
  if (tls === "plain" && !context.plain) {
    context.report(
      specIssue(
        [...context.path, "tls"],
        tls,
        "would send passwords readable over the network",
        "Use implicit or starttls, or opt in with mailServer.allowPlaintext: true.",
      ),
    );
  }
  return {
    host:
      item.host === undefined ? context.host : hostName([...context.path, "host"], item.host, context.report),
    port: item.port ?? DEFAULT_PORT[protocol][tls],
    tls,
  };
}

function buildPublish(publish: DomainFile["publish"], report: Report): PublishTarget {
  if (publish !== undefined && "origin" in publish) {
    return { kind: "origin", host: hostName(["publish", "origin"], publish.origin, report) };
  }
  const target = publish?.srvTarget;
  return {
    kind: "worker",
    srvTarget: target === undefined ? undefined : hostName(["publish", "srvTarget"], target, report),
  };
}

function buildCertificate(certificate: DomainFile["certificate"], report: Report): CertificateSpec {
  return {
    additionalNames: (certificate?.additionalNames ?? []).map((name, index) => {
      const path = ["certificate", "additionalNames", index];
      return name.startsWith("*.")
        ? `*.${hostName(path, name.slice(2), report)}`
        : hostName(path, name, report);
    }),
    keyType: certificate?.keyType ?? "P-256",
    profile: certificate?.profile,
    deployTo: (certificate?.deployTo ?? []).map((target) => ({ kind: "directory", path: target.directory })),
  };
}

function toList(service: ServiceFile): readonly EndpointFile[] {
  if (service === false) return [];
  return Array.isArray(service) ? service : [service];
}

function hostName(path: readonly PropertyKey[], text: string, report: Report): string {
  const result = parseHostName(text);
  if (result.ok) return result.value;
  report(
    specIssue(path, text, `is not a host name: ${result.reason}`, "Write a name such as mail.example.com."),
  );
  return text;
}

function address(index: number, text: string, report: Report): string {
  const parsed = parseIpAddress(text);
  if (parsed !== undefined) return parsed;
  report(
    specIssue(
      ["mailServer", "addresses", index],
      text,
      "is not an IP address",
      "Write an address such as 203.0.113.25 or 2001:db8::25.",
    ),
  );
  return text;
}

/** What can still be checked of a file that the schema refused: strings where strings are expected, else absent. */
function salvage(input: unknown): DomainFile {
  const top = object(input);
  const server = object(top["mailServer"]);
  const ok = "placeholder.invalid";
  const services = Object.fromEntries(
    (["imap", "pop3", "submission"] as const)
      .map((key) => [key, salvageService(server[key])] as const)
      .filter(([, value]) => value !== undefined),
  );
  return {
    domain: text(top["domain"]) ?? ok,
    mailServer: {
      host: text(server["host"]) ?? ok,
      addresses: array(server["addresses"]).filter((item) => typeof item === "string"),
      allowPlaintext: server["allowPlaintext"] === true,
      ...services,
    },
    publish: salvagePublish(object(top["publish"])),
    certificate: {
      additionalNames: array(object(top["certificate"])["additionalNames"]).filter(
        (item) => typeof item === "string",
      ),
    },
  };
}

function salvagePublish(publish: Record<string, unknown>): DomainFile["publish"] {
  const origin = text(publish["origin"]);
  return origin === undefined ? { srvTarget: text(publish["srvTarget"]) } : { origin };
}

function salvageService(value: unknown): ServiceFile | undefined {
  if (value === undefined || value === false) return value;
  const items = Array.isArray(value) ? value : [value];
  const salvaged = items.map((item) => {
    const found = object(item);
    const tls = (["implicit", "starttls", "plain"] as const).find((mode) => mode === found["tls"]);
    return { host: text(found["host"]), tls };
  });
  return Array.isArray(value) ? salvaged : salvaged[0];
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
