import type { Finding } from "../../finding.ts";
import type { Check } from "../check.ts";
import { addressesAt } from "../web/probe-answer.ts";

/** Looks whether mail for the domain has somewhere to go: exchangers that exist and are no aliases (RFC 5321 §5.1, RFC 2181 §10.3). */
export const checkMx: Check = {
  name: "mx",
  run: async ({ domain, spec, world }) => {
    const base = { code: "mx", subject: `${domain} MX` } as const;
    const answer = await world.resolve(domain, "MX");
    if (answer.state === "unknown") {
      return [{ ...base, status: "unknown", observed: answer.reason, remedy: "Look again later." }];
    }
    if (answer.state === "absent") {
      // What the spec wants of MX is compared record by record.
      return [
        spec === undefined
          ? {
              ...base,
              status: "warn",
              observed: "none",
              remedy: "Publish MX records, or `0 .` for a domain without mail.",
            }
          : { ...base, status: "pass", observed: "none" },
      ];
    }
    const hosts = answer.data.map((data) => data.split(" ")[1] ?? "");
    if (hosts.includes(".")) {
      return [
        hosts.length === 1
          ? { ...base, status: "pass", observed: "takes no mail (RFC 7505)" }
          : {
              ...base,
              status: "warn",
              observed: answer.data.join(", "),
              remedy: "Remove the record `0 .` or the others.",
            },
      ];
    }
    const found = await Promise.all(
      hosts.map(async (host): Promise<Finding> => {
        const subject = `${domain} MX ${host}`;
        const address = await addressesAt(world, host);
        if (address.state === "unknown") {
          return {
            ...base,
            subject,
            status: "unknown",
            observed: address.reason,
            remedy: "Look again later.",
          };
        }
        if (address.state === "absent") {
          return {
            ...base,
            subject,
            status: "warn",
            observed: "no address",
            remedy: `Give ${host} an address, or remove the record.`,
          };
        }
        return address.aliases.length > 0
          ? {
              ...base,
              subject,
              status: "warn",
              observed: `a CNAME to ${address.aliases[0] ?? ""}`,
              remedy: `Name ${address.aliases.at(-1) ?? ""} itself: an exchanger is no alias.`,
            }
          : { ...base, subject, status: "pass", observed: address.data.join(", ") };
      }),
    );
    return found;
  },
};
