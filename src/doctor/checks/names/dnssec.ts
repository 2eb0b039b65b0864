import type { Check } from "../check.ts";

/** Says how the zone's signatures stand: broken ones are worse than none. */
export const checkDnssec: Check = {
  name: "dnssec",
  run: async ({ dnssec, domain }) => {
    if (dnssec === undefined) return [];
    const base = { code: "dnssec", subject: `DNSSEC of ${domain}` } as const;
    switch (await dnssec(domain)) {
      case "secure":
        return [{ ...base, status: "pass", observed: "signed and valid" }];
      case "insecure":
        return [{ ...base, status: "pass", observed: "not signed" }];
      case "bogus":
        return [
          {
            ...base,
            status: "fail",
            observed: "the signatures do not hold: validating resolvers give no answer at all",
            remedy: "Sign the zone again, or remove its DS record at the registrar.",
          },
        ];
      case "unknown":
        return [
          {
            ...base,
            status: "unknown",
            observed: "the resolver cannot tell",
            remedy: "Ask a resolver that validates.",
          },
        ];
    }
  },
};
