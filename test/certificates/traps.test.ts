/** Trap 11 of other implementations: a certificate that is wrong for one of the names at which clients ask for documents. */
import { checkServerIdentity } from "node:tls";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deriveCertificates } from "../../src/certificates/certificate-names.ts";
import { deriveRecords } from "../../src/dns/derive-records.ts";
import { derivePublicationHosts } from "../../src/dns/publication-hosts.ts";
import type { CertificateLayout, MailDomain } from "../../src/spec/mail-domain.ts";
import { isWithin } from "../../src/spec/host-name.ts";
import { anyDomain, sampleDomain } from "../spec/sample-domain.ts";

const LAYOUTS: readonly CertificateLayout[] = ["single", "separate"];

/** What a TLS client says: undefined where a certificate of these names is right for the host. */
function verdict(host: string, names: readonly string[]): string | undefined {
  const subjectaltname = names.map((name) => `DNS:${name}`).join(", ");
  const certificate = { subject: { CN: names[0] ?? "" }, subjectaltname };
  return checkServerIdentity(host, certificate as Parameters<typeof checkServerIdentity>[1])?.message;
}

function withLayout(domain: MailDomain, layout: CertificateLayout): MailDomain {
  return { ...domain, certificate: { ...domain.certificate, layout } };
}

/** The names on the certificates of the roles, with every zone that the names of {@link anyDomain} lie in. */
function certified(domain: MailDomain, ...roles: readonly string[]): readonly string[] {
  const zones = [domain.domain, "example.net", domain.mailServer.host];
  return deriveCertificates(domain, { zones })
    .filter(({ role }) => roles.includes(role))
    .flatMap(({ names }) => names);
}

describe("trap 11: the certificate is right for every name at which a client asks", () => {
  test.each(LAYOUTS)("for each discovery name and the domain itself, in the layout %s", (layout) => {
    fc.assert(
      fc.property(anyDomain, (domain) => {
        const names = certified(withLayout(domain, layout), "single", "domain");
        const hosts = derivePublicationHosts(domain, domain.domain).map(({ host }) => host);
        expect(hosts).toContain(`autoconfig.${domain.domain}`);
        expect(hosts).toContain(`autodiscover.${domain.domain}`);
        for (const host of [domain.domain, ...hosts]) expect(verdict(host, names)).toBeUndefined();
      }),
    );
  });

  test.each(LAYOUTS)("for the SRV target's own name at an origin, in the layout %s", (layout) => {
    let origins = 0;
    fc.assert(
      fc.property(anyDomain, (domain) => {
        const target = deriveRecords(domain, { zone: domain.domain }).find(
          ({ name }) => name === `_autodiscover._tcp.${domain.domain}`,
        );
        if (domain.publish.kind !== "origin") return;
        origins += 1;
        expect(target).toMatchObject({ type: "SRV", target: domain.publish.host });
        const names = certified(withLayout(domain, layout), "single", "domain", "mail");
        expect(verdict(domain.publish.host, names)).toBeUndefined();
      }),
    );
    expect(origins).toBeGreaterThan(0);
  });

  test("for an origin deeper than the wildcard reaches, on the certificate that the origin holds", () => {
    const domain = sampleDomain({ publish: { origin: "docs.eu.example.com" } });
    const zones = ["example.com"];
    for (const layout of LAYOUTS) {
      const certificates = deriveCertificates(withLayout(domain, layout), { zones });
      const held = certificates.find(({ role }) => role !== "mail");
      expect(held?.names).toEqual(["*.example.com", "docs.eu.example.com", "example.com"]);
    }
  });

  test("for an origin that no zone here holds it cannot be, and that is said", () => {
    const domain = sampleDomain({ publish: { origin: "docs.example.net" } });
    const [certificate] = deriveCertificates(domain, { zones: ["example.com"] });
    expect(certificate?.omitted).toContainEqual({ name: "docs.example.net", reason: "no-editable-zone" });
  });

  test.each(LAYOUTS)("for each target of a mail service's SRV record, in the layout %s", (layout) => {
    let targets = 0;
    fc.assert(
      fc.property(anyDomain, (domain) => {
        const names = certified(withLayout(domain, layout), "single", "mail");
        for (const record of deriveRecords(domain, { zone: domain.domain })) {
          if (record.type !== "SRV" || record.purpose !== "mail-srv" || record.target === ".") continue;
          targets += 1;
          expect(verdict(record.target, names)).toBeUndefined();
        }
      }),
    );
    expect(targets).toBeGreaterThan(0);
  });

  test("behind a Worker route only where Universal SSL reaches, one label below the zone, else at a custom domain", () => {
    const zone = "example.com";
    for (const name of ["example.com", "dept.example.com", "a.dept.example.com"]) {
      for (const { host, form } of derivePublicationHosts(sampleDomain({ domain: name }), zone)) {
        expect(isWithin(host, zone)).toBe(true);
        // Universal SSL is a certificate of these two names.
        const isCovered = verdict(host, [zone, `*.${zone}`]) === undefined;
        expect(form).toBe(isCovered ? "route" : "customDomain");
      }
    }
  });
});
