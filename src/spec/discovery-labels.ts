/** First labels of the names at which clients and servers look for documents; no server of the operator can bear one of them. */
export const DISCOVERY_LABELS = ["autoconfig", "autodiscover", "ua-auto-config", "mta-sts"] as const;

export type DiscoveryLabel = (typeof DISCOVERY_LABELS)[number];
