import { deriveClientSettings } from "../../../documents/client-settings.ts";
import { wellKnownTarget, type WellKnownService } from "../../../documents/well-known-target.ts";
import type { Finding } from "../../finding.ts";
import type { Check, CheckSubject } from "../check.ts";
import { tlsTrouble } from "../tls-trouble.ts";

const SERVICES: readonly WellKnownService[] = ["caldav", "carddav", "jmap"];

/** Looks whether the well-known paths of the spec's services lead to them (RFC 6764 §5, RFC 8620 §2.2). SRV comes first, so it warns. */
export const checkWellKnown: Check = {
  name: "well-known",
  run: async (subject) => {
    const { spec } = subject;
    if (spec === undefined) return [];
    const settings = deriveClientSettings(spec);
    const wanted = SERVICES.flatMap((service) => {
      const target = wellKnownTarget(settings, service);
      return target === undefined ? [] : [{ service, target }];
    });
    return Promise.all(wanted.map(({ service, target }) => checkOne(subject, service, target)));
  },
};

async function checkOne(
  { domain, world }: CheckSubject,
  service: WellKnownService,
  target: string,
): Promise<Finding> {
  const url = `https://${domain}/.well-known/${service}`;
  const base = {
    code: "well-known",
    subject: `GET ${url}`,
    expected: `301, 307 or 308 to ${target}`,
  } as const;
  const remedy = `Redirect ${url} to ${target} at the domain's web site.`;
  const response = await world.request({ method: "GET", url });
  if (response.state === "failed") {
    const isUnknown = ["timeout", "unresolved", "unknown", "unreachable"].includes(response.kind);
    const observed = `${response.kind}: ${response.reason}`;
    return { ...base, status: isUnknown ? "unknown" : "warn", observed, remedy };
  }
  if (response.tlsError !== undefined) {
    const trouble = tlsTrouble(response.tlsError, domain);
    return { ...base, status: "warn", observed: trouble.words, remedy: trouble.remedy };
  }
  const { location } = response.headers;
  const observed = `HTTP ${response.status}${location === undefined ? "" : ` to ${location}`}`;
  const found = location === undefined ? undefined : URL.parse(location, url)?.href;
  const isRight = [301, 302, 307, 308].includes(response.status) && found === new URL(target).href;
  return isRight ? { ...base, status: "pass", observed } : { ...base, status: "warn", observed, remedy };
}
