import { checkAbsoluteForm } from "./web/absolute-form.ts";
import { checkAuthoritativeServers } from "./names/authoritative-servers.ts";
import { checkAutoconfig } from "./web/autoconfig.ts";
import { checkAutodiscoverSrv } from "./names/autodiscover-srv.ts";
import { checkAutodiscoverVariants } from "./web/autodiscover-variants.ts";
import { checkAutodiscover } from "./web/autodiscover.ts";
import { checkCaa } from "./names/caa.ts";
import type { Check } from "./check.ts";
import { checkClientTimes } from "./client-times.ts";
import { checkDnssec } from "./names/dnssec.ts";
import { checkDomainExists } from "./names/domain-exists.ts";
import { checkDocumentsAgree } from "./web/documents-agree.ts";
import { checkExchangerPorts } from "./mail/exchanger-ports.ts";
import { checkHsts } from "./web/hsts.ts";
import { checkMailPolicies } from "./mail/mail-policies.ts";
import { checkMailPortsOf } from "./mail/mail-ports.ts";
import { checkMtaSts } from "./web/mta-sts.ts";
import { checkMx } from "./mail/mx.ts";
import { checkPacc } from "./web/pacc.ts";
import { checkPasswordRequests } from "./web/password-requests.ts";
import { checkProfile } from "./web/profile.ts";
import { checkProxiedMailHosts } from "./mail/proxied-mail-hosts.ts";
import { checkWantedRecords } from "./names/records.ts";
import { checkSrvServices } from "./names/srv-services.ts";
import { checkStaleRecords } from "./names/stale-records.ts";
import { checkTlsa } from "./mail/tlsa.ts";
import { checkWebCertificates } from "./web/web-certificates.ts";
import { checkWellKnown } from "./web/well-known.ts";
import { checkWildcards } from "./names/wildcards.ts";

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
