// The spec
export type {
  CertificateSpec,
  Endpoint,
  KeyType,
  MailDomain as MailDomainSpec,
  MailServer,
  PublishTarget,
  TlsMode,
  UsernameForm,
} from "./spec/mail-domain.ts";
export { parseMailDomain, type ParseResult } from "./spec/parse-mail-domain.ts";
export {
  parseDomainFiles,
  requireDomainFiles,
  type DomainFileText,
  type ParseFilesResult,
} from "./spec/parse-domain-files.ts";
export { domainFileJsonSchema } from "./spec/schema.ts";
export { renderSpecIssues, type SpecIssue } from "./spec/spec-issue.ts";

// What is derived from it
export { deriveRecords, type DeriveRecordsOptions } from "./dns/derive-records.ts";
export { renderRecord } from "./dns/record-arguments.ts";
export { renderZone } from "./dns/render-zone.ts";
export type { WantedRecord } from "./dns/wanted-record.ts";
export { deriveClientSettings, type ClientSettings } from "./documents/client-settings.ts";
export { renderAutoconfigXml } from "./documents/autoconfig-xml.ts";
export { renderAutodiscoverPox } from "./documents/autodiscover-pox.ts";

// The zone before a change, and the plan of it
export type { ObservedRecord, ObservedZone } from "./dns/observed-zone.ts";
export {
  compareRecords,
  type ComparisonState,
  type RecordComparison,
} from "./dns/comparison/compare-records.ts";
export {
  planProgram,
  type DomainPlan,
  type ProgramInput,
  type ProgramPlan,
} from "./dns/plan/plan-program.ts";
export { renderProblems } from "./dns/plan/render-problems.ts";
export type { PlannedRecord, PlanNotice, PlanProblem } from "./dns/planned-record.ts";
export { analyseWildcards } from "./dns/wildcard/analyse-wildcards.ts";
export type { WildcardReport } from "./dns/wildcard/wildcard-report.ts";
export { observeZone } from "./adapters/cloudflare/observe-zone.ts";
export {
  openCloudflare,
  observeZones,
  RequestCount,
  type Zone,
} from "./adapters/cloudflare/cloudflare-api.ts";
export { PRESETS } from "./spec/presets/presets.ts";

// The responder
export { respond, type ResponderOptions } from "./responder/respond.ts";
export type { TenantStore } from "./responder/tenant.ts";

// How mail clients discover, and the world that they ask
export { CLIENTS, clientModel } from "./clients/clients.ts";
export {
  CLIENT_NAMES,
  mailboxOf,
  type ClientModel,
  type ClientName,
  type Discovery,
  type Mailbox,
} from "./clients/ladder/discovery.ts";
export type { World } from "./clients/world/world.ts";
export { openLiveWorld, type LiveWorldOptions } from "./adapters/live-world.ts";

// The doctor, before and after a change
export { planAgainst } from "./doctor/planned/plan-against.ts";
export { worldAfter, worldBefore } from "./doctor/planned/planned-world.ts";
export { CHECKS } from "./doctor/checks/checks.ts";
export type { Check, CheckSubject } from "./doctor/checks/check.ts";
export type { DomainReport } from "./doctor/domain-report.ts";
export { exitCodeOf, type Finding, type FindingStatus } from "./doctor/finding.ts";
export { verifyDomains } from "./doctor/verify-domains.ts";
export { renderReportJson } from "./doctor/render-report-json.ts";

// Pulumi components
export { MailDomain, type MailDomainArgs } from "./components/mail-domain.ts";
export { MailPlatform, type MailPlatformArgs } from "./components/mail-platform.ts";
export { DnsRecords, type DnsRecordsArgs } from "./components/dns-records.ts";
export { Publication, type PublicationArgs } from "./components/publication.ts";
export {
  CertificateDeployment,
  type CertificateDeploymentArgs,
} from "./components/certificate-deployment.ts";
export {
  AcmeAccount,
  Certificate,
  CertificateKey,
  DeployedCertificate,
  ProvidedCertificate,
} from "./components/acme-resources.ts";

// The program
export { deployInventory, readInventory, type DomainOutputs, type Inventory } from "./components/program.ts";

// Errors
export { formatError, MailAutodiscoverError, type ErrorCode } from "./errors.ts";
