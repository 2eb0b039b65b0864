import { checkAbsoluteForm } from "./absolute-form.ts";
import { checkAuthoritativeServers } from "./authoritative-servers.ts";
import { checkAutoconfig } from "./autoconfig.ts";
import { checkAutodiscoverSrv } from "./autodiscover-srv.ts";
import { checkAutodiscoverVariants } from "./autodiscover-variants.ts";
import { checkAutodiscover } from "./autodiscover.ts";
import { checkCaa } from "./caa.ts";
import type { Check } from "./check.ts";
import { checkClientTimes } from "./client-times.ts";
import { checkDnssec } from "./dnssec.ts";
import { checkDomainExists } from "./domain-exists.ts";
import { checkDocumentsAgree } from "./documents-agree.ts";
import { checkExchangerPorts } from "./exchanger-ports.ts";
import { checkHsts } from "./hsts.ts";
import { checkMailPolicies } from "./mail-policies.ts";
import { checkMailPortsOf } from "./mail-ports.ts";
import { checkMtaSts } from "./mta-sts.ts";
import { checkMx } from "./mx.ts";
import { checkPacc } from "./pacc.ts";
import { checkPasswordRequests } from "./password-requests.ts";
import { checkProfile } from "./profile.ts";
import { checkProxiedMailHosts } from "./proxied-mail-hosts.ts";
import { checkWantedRecords } from "./records.ts";
import { checkSrvServices } from "./srv-services.ts";
import { checkStaleRecords } from "./stale-records.ts";
import { checkTlsa } from "./tlsa.ts";
import { checkWebCertificates } from "./web-certificates.ts";
import { checkWellKnown } from "./well-known.ts";
import { checkWildcards } from "./wildcards.ts";

/** Every check, in the order of reports: names, documents, clients, certificates, mail ports, neighbours. */
export const CHECKS: readonly Check[] = [
  checkDomainExists,
  checkWantedRecords,
  checkWildcards,
  checkStaleRecords,
  checkSrvServices,
  checkAutodiscoverSrv,
  checkProxiedMailHosts,
  checkAuthoritativeServers,
  checkDnssec,
  checkCaa,
  checkAutoconfig,
  checkAbsoluteForm,
  checkAutodiscover,
  checkAutodiscoverVariants,
  checkPacc,
  checkMtaSts,
  checkProfile,
  checkWellKnown,
  checkDocumentsAgree,
  checkPasswordRequests,
  checkHsts,
  checkClientTimes,
  checkWebCertificates,
  checkMailPortsOf,
  checkTlsa,
  checkMx,
  checkExchangerPorts,
  checkMailPolicies,
];
