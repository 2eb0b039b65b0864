import type Cloudflare from "cloudflare";
import type { StoredZone } from "./stored-state.ts";

/** The names of the sandbox's own name servers; the DNS part answers their addresses. */
export const NAME_SERVERS: readonly string[] = ["ns1.sandbox.test", "ns2.sandbox.test"];

/** Returns an active zone on the free plan, as the API answers it. */
export function renderZone(zone: StoredZone, accountId: string): Cloudflare.Zones.Zone {
  return {
    id: zone.id,
    name: zone.name,
    status: "active",
    paused: false,
    type: "full",
    development_mode: 0,
    name_servers: [...NAME_SERVERS],
    original_name_servers: null,
    original_registrar: null,
    original_dnshost: null,
    created_on: zone.createdOn,
    modified_on: zone.modifiedOn,
    activated_on: zone.createdOn,
    meta: {
      step: 4,
      custom_certificate_quota: 0,
      page_rule_quota: 3,
      phishing_detected: false,
    },
    owner: { id: accountId, type: "organization", name: "Sandbox" },
    account: { id: accountId, name: "Sandbox" },
    permissions: ["#dns_records:edit", "#dns_records:read", "#zone:read", "#worker:edit", "#worker:read"],
    plan: {
      id: "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
      name: "Free Website",
      price: 0,
      currency: "USD",
      frequency: "",
      is_subscribed: false,
      can_subscribe: false,
      legacy_id: "free",
      legacy_discount: false,
      externally_managed: false,
    },
  };
}
