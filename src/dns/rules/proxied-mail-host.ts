import { plannedTargets } from "./record-target.ts";
import { resolveHost } from "./resolve-host.ts";
import type { Rule, RuleViolation } from "./rule.ts";
import { showAfter, showUsers } from "./show-after.ts";

/**
 * Only HTTP passes Cloudflare's proxy: behind a proxied name no IMAP, POP or SMTP server answers, and an MX or SRV record
 * that points there is answered with a `dc-...` name, which no certificate bears. Nothing is refused (no error code).
 * A host that only a proxied wildcard answers for is proxied as well
 * (developers.cloudflare.com/dns/troubleshooting/email-issues, verified 2026-11-23).
 */
export const proxiedMailHost: Rule = {
  name: "proxied-mail-host",
  verified: "2026-11-23",
  sources: [
    "https://developers.cloudflare.com/dns/troubleshooting/email-issues/",
    "https://developers.cloudflare.com/dns/proxy-status/limitations/",
  ],
  audit: (input) => {
    const published = input.planned.filter(({ record }) => record.purpose === "mail-host");
    const targets = plannedTargets(input.planned, ["mail-srv", "mx"]);
    const users = new Map(targets.map(({ host, users }) => [host, showUsers(users)]));
    const hosts = new Set([...users.keys(), ...published.map(({ record }) => record.name)]);
    return [...hosts].flatMap((host): readonly RuleViolation[] => {
      const answer = resolveHost(input, host);
      if (answer.kind !== "found" || !answer.record.proxied) return [];
      const { record, zone } = answer;
      const isWildcard = record.name.startsWith("*.");
      const place = record.name === host ? "" : ` at ${record.name}`;
      return [
        {
          rule: proxiedMailHost.name,
          severity: "fail",
          zone,
          subject: `${host}/${record.type}`,
          message: `${host} is a mail host (${users.get(host) ?? "its addresses are published"}) and would be proxied${place}: ${showAfter(record)}. Only HTTP passes the proxy.`,
          remedy: isWildcard
            ? `Give ${host} its own DNS-only addresses (mailServer.addresses).`
            : `Set ${record.name} to DNS only.`,
        },
      ];
    });
  },
};
