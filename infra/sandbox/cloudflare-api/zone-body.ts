import type Cloudflare from "cloudflare";
import { deriveId } from "./identifiers.ts";
import type { StoredZone } from "./stored-state.ts";
import type { TokenScopes } from "./token-scopes.ts";
import type { ZonePlan } from "../../../src/dns/preload-zone.ts";

/** The names of the sandbox's own name servers; the DNS part answers their addresses. */
export const NAME_SERVERS: readonly string[] = ["ns1.sandbox.test", "ns2.sandbox.test"];

/** Dollars a month; a program looks at `legacy_id` only. */
const PLANS: Readonly<Record<ZonePlan, { readonly name: string; readonly price: number }>> = {
  free: { name: "Free Website", price: 0 },
  pro: { name: "Pro Website", price: 20 },
  business: { name: "Business Website", price: 200 },
  enterprise: { name: "Enterprise Website", price: 0 },
};

/** Returns an active zone, as the API answers it. */
export function renderZone(
  zone: StoredZone,
  accountId: string,
  scopes: TokenScopes = {},
): Cloudflare.Zones.Zone {
  const plan = zone.plan ?? "free";
  const isFree = plan === "free";
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
    permissions: [
      ...(scopes.dnsEdit === false ? [] : ["#dns_records:edit"]),
      "#dns_records:read",
      "#zone:read",
      "#worker:edit",
      "#worker:read",
    ],
    plan: {
      id: isFree ? "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee" : deriveId("plan", plan),
      ...PLANS[plan],
      currency: "USD",
      frequency: isFree ? "" : "monthly",
      is_subscribed: !isFree,
      can_subscribe: false,
      legacy_id: plan,
      legacy_discount: false,
      externally_managed: false,
    },
  };
}
