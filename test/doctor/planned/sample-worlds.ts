/** Worlds of one domain in a zone of its own, before and after the change, and what tests ask of them. */
import type { MailPortQuestion, World, WorldResponse } from "../../../src/clients/world/world.ts";
import type { ObservedRecord, ObservedZone } from "../../../src/dns/observed-zone.ts";
import { planAgainst, type PlanAgainst } from "../../../src/doctor/planned/plan-against.ts";
import { worldAfter, worldBefore } from "../../../src/doctor/planned/planned-world.ts";
import type { MailDomain } from "../../../src/spec/mail-domain.ts";
import { identity } from "../../dns/plan/sample-wish.ts";
import { observedRecord, observedZone } from "../../dns/observed-zone.ts";
import { sampleDomain } from "../../spec/sample-domain.ts";

export const workersDevHost = "mail-test.example.workers.dev";
export const AUTOCONFIG = "https://autoconfig.example.com/mail/config-v1.1.xml";

export function planned(
  zone: ObservedZone | readonly ObservedRecord[] = [],
  domain: MailDomain = sampleDomain(),
): PlanAgainst {
  const zones = ["name" in zone ? zone : observedZone(zone, { name: "example.com" })];
  return planAgainst({ domains: [domain], zones, identity, workersDevHost });
}

export function after(...input: Parameters<typeof planned>): World {
  return worldAfter(planned(...input));
}

export function before(...input: Parameters<typeof planned>): World {
  return worldBefore(planned(...input));
}

export async function get(world: World, url: string): Promise<WorldResponse> {
  return world.request({ method: "GET", url });
}

export function port(host: string, port: number, more: Partial<MailPortQuestion> = {}): MailPortQuestion {
  return { protocol: "imap", host, port, tls: "implicit", ...more };
}

export const WILDCARD: ObservedRecord = observedRecord({
  type: "A",
  name: "*.example.com",
  content: "192.0.2.80",
});
