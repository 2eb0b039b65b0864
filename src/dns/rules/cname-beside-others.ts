import type { Rule, RuleViolation } from "./rule.ts";
import { showAfter } from "./show-after.ts";
import type { AfterRecord } from "./zone-after.ts";
import { zonesAfter, type ZoneAfter } from "./zones-after.ts";

/** What DNSSEC puts beside a CNAME itself (RFC 4035 §2.5). */
const BESIDE_ALL: readonly string[] = ["RRSIG", "NSEC"];

/**
 * A CNAME is alone at its name (RFC 1034 §3.6.2, RFC 2181 §10.1). Cloudflare refuses it beside addresses and another
 * CNAME (81053, 81054) and lets it stand beside TXT, MX, SRV or CAA, where resolvers find the one or the other
 * (developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name, verified 2026-11-23).
 *
 * Two CNAMEs are never shown to a client: that at the apex, always flattened, may stand beside anything but addresses;
 * and where somebody else's is proxied, ours beside it works until the proxy is switched off, hence only a warning. Of
 * our own CNAMEs nothing is made to depend on the proxy.
 */
export const cnameBesideOthers: Rule = {
  name: "cname-beside-others",
  verified: "2026-11-23",
  sources: [
    "https://www.rfc-editor.org/rfc/rfc2181#section-10.1",
    "https://developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name/",
    "https://developers.cloudflare.com/dns/cname-flattening/",
  ],
  audit: (input) =>
    zonesAfter(input).flatMap((zone) =>
      [...Map.groupBy(zone.records, ({ name }) => name).values()].flatMap((atName) =>
        auditName(zone, atName),
      ),
    ),
};

function auditName({ zone }: ZoneAfter, atName: readonly AfterRecord[]): readonly RuleViolation[] {
  return atName
    .filter(({ type }) => type === "CNAME")
    .flatMap((cname): readonly RuleViolation[] => {
      const isApex = cname.name === zone.name;
      const others = atName.filter(
        (other) =>
          // Two CNAMEs are a set that allows one: the subject of single-record-set.
          other.type !== "CNAME" &&
          (cname.isOurs || other.isOurs) &&
          !BESIDE_ALL.includes(other.type) &&
          (!isApex || isAddress(other)),
      );
      if (others.length === 0) return [];
      const isHidden = cname.proxied && !cname.isOurs && !others.some(isAddress);
      return [
        {
          rule: cnameBesideOthers.name,
          severity: isHidden ? "warn" : "fail",
          zone: zone.name,
          subject: `${cname.name}/CNAME`,
          message: `${cname.name} would be an alias (${showAfter(cname)}) beside other records: ${others.map(showAfter).join("; ")}.`,
          remedy: isHidden
            ? "Put address records in the alias's place before its proxy is switched off."
            : "Remove either the alias or the other records.",
        },
      ];
    });
}

function isAddress({ type }: AfterRecord): boolean {
  return type === "A" || type === "AAAA";
}
