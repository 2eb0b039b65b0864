import { cnameBesideOthers } from "./cname-beside-others.ts";
import { commentLength } from "./comment-length.ts";
import { contentLimits } from "./content-limits.ts";
import { customDomainTaken } from "./custom-domain-taken.ts";
import { edgeCertificateDepth } from "./edge-certificate-depth.ts";
import { foreignProxiedAlias } from "./foreign-proxied-alias.ts";
import { proxiedMailHost } from "./proxied-mail-host.ts";
import { proxiedSrvTarget } from "./proxied-srv-target.ts";
import { recordQuota } from "./record-quota.ts";
import { routeTaken } from "./route-taken.ts";
import type { Rule } from "./rule.ts";
import { singleRecordSet } from "./single-record-set.ts";
import { srvTargetAlias } from "./srv-target-alias.ts";
import { targetAbsent } from "./target-absent.ts";

/** Everything that Cloudflare refuses or answers in its own way, as far as a preview can see it. */
export const RULES: readonly Rule[] = [
  cnameBesideOthers,
  singleRecordSet,
  proxiedMailHost,
  proxiedSrvTarget,
  srvTargetAlias,
  targetAbsent,
  edgeCertificateDepth,
  foreignProxiedAlias,
  contentLimits,
  commentLength,
  recordQuota,
  routeTaken,
  customDomainTaken,
];
