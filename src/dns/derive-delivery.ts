import { createHash } from "node:crypto";
import { renderMtaStsPolicy } from "../documents/mta-sts-policy.ts";
import type { DkimKey, MailDomain, SpfPolicy } from "../spec/mail-domain.ts";
import { logicalName, type CnameRecord, type MxRecord, type TxtRecord } from "./wanted-record.ts";

/** Longest id of an MTA-STS record; letters and digits only (RFC 8461 §3.1). */
const MTA_STS_ID_LENGTH = 32;

type TxtPurpose = "spf" | "dkim" | "dmarc" | "mta-sts" | "tls-rpt";

/** Returns the records about delivery that other mail servers read: only what the spec asks for. */
export function deriveDelivery(domain: MailDomain): readonly (MxRecord | TxtRecord | CnameRecord)[] {
  const { mx, spf, dkim, dmarc, tlsRpt } = domain.delivery;
  const apex = domain.domain;
  const policy = renderMtaStsPolicy(domain);
  return [
    ...mx.map(({ priority, host }): MxRecord => ({
      type: "MX",
      name: apex,
      logicalName: logicalName(apex, "MX", apex, host === "." ? "none" : host),
      formerLogicalNames: [],
      purpose: "mx",
      priority,
      exchange: host,
    })),
    ...(spf === undefined ? [] : [txt(apex, apex, "spf", renderSpf(spf))]),
    ...dkim.map((key) => dkimRecord(apex, key)),
    ...(dmarc === undefined ? [] : [txt(apex, `_dmarc.${apex}`, "dmarc", dmarc)]),
    ...(policy === undefined
      ? []
      : [txt(apex, `_mta-sts.${apex}`, "mta-sts", `v=STSv1; id=${mtaStsId(policy)};`)]),
    ...(tlsRpt.length === 0
      ? []
      : [txt(apex, `_smtp._tls.${apex}`, "tls-rpt", `v=TLSRPTv1; rua=${tlsRpt.join(",")}`)]),
  ];
}

/** Modifiers stand at the end, where RFC 7208 §6 wants them. */
function renderSpf({ terms, all }: SpfPolicy): string {
  const isModifier = (term: string): boolean => /^[a-z][a-z0-9_.-]*=/.test(term);
  const mechanisms = terms.filter((term) => !isModifier(term));
  const rest = [...(all === undefined ? [] : [all]), ...terms.filter(isModifier)];
  return ["v=spf1", ...mechanisms, ...rest].join(" ");
}

function dkimRecord(domain: string, key: DkimKey): TxtRecord | CnameRecord {
  const name = `${key.selector}._domainkey.${domain}`;
  const names = {
    CNAME: logicalName(domain, "CNAME", name),
    TXT: logicalName(domain, "TXT", name, "dkim"),
  };
  if ("text" in key) return { ...txt(domain, name, "dkim", key.text), formerLogicalNames: [names.CNAME] };
  return {
    type: "CNAME",
    name,
    logicalName: names.CNAME,
    formerLogicalNames: [names.TXT],
    purpose: "dkim",
    content: key.cname,
    proxied: false,
  };
}

/** Changes exactly when the policy does, so that senders fetch it again then, and only then. */
function mtaStsId(policy: string): string {
  return createHash("sha256").update(policy).digest("hex").slice(0, MTA_STS_ID_LENGTH);
}

function txt(domain: string, name: string, purpose: TxtPurpose, text: string): TxtRecord {
  return {
    type: "TXT",
    name,
    logicalName: logicalName(domain, "TXT", name, purpose),
    formerLogicalNames: [],
    purpose,
    text,
  };
}
