import type { DomainFile } from "./domain-file.ts";
import { parseDnsName } from "./dns-name.ts";
import type { MailDomain, PublishTarget, WildcardPolicy } from "./mail-domain.ts";
import { aliasFile, parseAliasNames } from "./parse-aliases.ts";
import { parseCertificate } from "./parse-certificate.ts";
import { parseDelivery } from "./parse-delivery.ts";
import { parseGuessNames } from "./parse-guess-names.ts";
import { parseHelp } from "./parse-help.ts";
import { parseHostField } from "./parse-host-field.ts";
import { parseHttpService, parseHttpsUrl } from "./parse-https-url.ts";
import { parseLanguages } from "./parse-languages.ts";
import { parseMailServer } from "./parse-mail-server.ts";
import { parseOAuth2 } from "./parse-oauth2.ts";
import { parseRecordNames } from "./parse-record-names.ts";
import { applyPreset, type AppliedPreset } from "./presets/apply-preset.ts";
import { repairDomainFile } from "./repair-domain-file.ts";
import { reportConflicts } from "./report-conflicts.ts";
import { domainFileSchema } from "./schema.ts";
import { issuesOfZod, specIssue, type Report, type SpecIssue } from "./spec-issue.ts";

export type ParseResult =
  | {
      readonly ok: true;
      readonly domain: MailDomain;
      /** One for each of the file's `aliases`, in their order. */
      readonly aliases: readonly MailDomain[];
    }
  | { readonly ok: false; readonly issues: readonly SpecIssue[] };

/** PACC's limit for a short name, the strictest of the formats that carry one (draft-ietf-mailmaint-pacc). */
const SHORT_NAME_LENGTH = 20;

/** Stands for the mail server that a file leaves out, so that the rest of the file is checked, too. */
const NO_HOST = "placeholder.invalid";

/**
 * Turns the data of a domain file into a {@link MailDomain} and its aliases, or every problem of it at once.
 *
 * @example
 * const result = parseMailDomain({ domain: "example.com", mailServer: { host: "mail.example.com" } });
 */
export function parseMailDomain(input: unknown): ParseResult {
  const parsed = domainFileSchema.safeParse(input);
  const found = parsed.success ? [] : issuesOfZod(parsed.error.issues, input);
  // Names are checked even where the schema complains, so that one run shows all there is to mend.
  const file = parsed.success
    ? parsed.data
    : repairDomainFile(
        input,
        found.map(({ path }) => path),
      );
  const issues = found.map(({ issue }) => issue);
  const seen = new Set(issues.map((issue) => issue.path));
  const report: Report = (issue) => {
    if (!seen.has(issue.path)) issues.push(issue);
  };
  const preset = applyPreset(file);
  preset.issues.forEach(report);
  // A preset that is refused gives no mail server: one problem, not two.
  if (preset.issues.length === 0) reportMissingHost(preset.file, report);
  const domain = build(preset, file.guessNames !== undefined, report);
  const names = parseAliasNames(file.aliases ?? [], domain.domain, report);
  // An alias of a file with problems would only repeat them.
  if (issues.length > 0) return { ok: false, issues };
  const aliases = names.map((name, index) => buildAlias(name, index, domain, file, report));
  return issues.length === 0 ? { ok: true, domain, aliases } : { ok: false, issues };
}

/** Built anew, since a preset derives records from the domain's own name. */
function buildAlias(
  name: string,
  index: number,
  main: MailDomain,
  file: DomainFile,
  report: Report,
): MailDomain {
  const preset = applyPreset(aliasFile(name, main, file));
  const alias = build(preset, false, (issue) => {
    report(
      specIssue(["aliases", index], name, `cannot have the same settings: ${issue.message}`, issue.remedy),
    );
  });
  return { ...alias, aliasOf: main.domain };
}

function reportMissingHost(file: DomainFile, report: Report): void {
  if (file.mailServer?.host !== undefined) return;
  const path = file.mailServer === undefined ? "mailServer" : "mailServer.host";
  report(specIssue(path, undefined, "is missing", `Add ${path}.`));
}

function build(preset: AppliedPreset, asksForNames: boolean, report: Report): MailDomain {
  const { file, facts } = preset;
  const domain = parseHostField(["domain"], file.domain, report);
  // Shown to people, so the form that the operator wrote: U-labels stay readable.
  const displayName = file.displayName ?? file.domain.trim().replace(/\.$/, "");
  const named: Omit<MailDomain, "guessNames"> = {
    domain,
    aliasOf: undefined,
    displayName,
    displayShortName: file.displayShortName ?? shortNameOf(displayName),
    mailServer: parseMailServer(
      { ...file.mailServer, host: file.mailServer?.host ?? NO_HOST },
      { mayOfferNothing: !preset.hasClientSettings },
      report,
    ),
    username: file.username ?? "address",
    webmail:
      file.webmail === undefined ? undefined : parseHttpsUrl("webmail", file.webmail, report, "link")?.href,
    calDav: parseHttpService("calDav", file.calDav, report),
    cardDav: parseHttpService("cardDav", file.cardDav, report),
    jmap: parseHttpService("jmap", file.jmap, report),
    help: parseHelp(file.help, report),
    languages: parseLanguages(file.languages, report),
    oauth2: parseOAuth2(file.oauth2, report),
    delivery: parseDelivery(file, report),
    preset: facts,
    publish: buildPublish(file.publish, report),
    certificate: parseCertificate(file.certificate, report),
    ...parseRecordNames(file.adopt ?? [], file.replace ?? [], domain, report),
    wildcard: buildWildcard(file.wildcard, report),
  };
  const built = { ...named, guessNames: parseGuessNames(file.guessNames, asksForNames, named) };
  reportConflicts(built, report);
  return built;
}

/** Returns the short name of a domain whose file has none. */
export function shortNameOf(displayName: string): string {
  return Array.from(displayName).slice(0, SHORT_NAME_LENGTH).join("");
}

function buildPublish(publish: DomainFile["publish"], report: Report): PublishTarget {
  if (publish !== undefined && "origin" in publish) {
    return { kind: "origin", host: parseHostField(["publish", "origin"], publish.origin, report) };
  }
  const target = publish?.srvTarget;
  return {
    kind: "worker",
    srvTarget: target === undefined ? undefined : parseHostField(["publish", "srvTarget"], target, report),
  };
}

function buildWildcard(wildcard: DomainFile["wildcard"], report: Report): WildcardPolicy {
  if (typeof wildcard === "string") return { policy: wildcard, accept: [] };
  const accept = (wildcard?.accept ?? []).map((text, index) => {
    const parsed = parseDnsName(text);
    if (parsed.ok && parsed.value.includes(".") && !parsed.value.startsWith("*")) return parsed.value;
    const reason = parsed.ok ? "it is relative or a wildcard" : parsed.reason;
    const remedy = "Write a name such as dept.example.com.";
    report(specIssue(["wildcard", "accept", index], text, `is not a full name: ${reason}`, remedy));
    return text;
  });
  return { policy: wildcard?.policy ?? "shadow", accept };
}
