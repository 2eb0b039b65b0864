import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mailboxOf } from "../../../src/clients/ladder/discovery.ts";
import type { World } from "../../../src/clients/world/world.ts";
import { emptyZone } from "../../../src/dns/empty-zone.ts";
import { deriveClientSettings, type ClientSettings } from "../../../src/documents/client-settings.ts";
import { adoptExisting } from "../../../src/doctor/describe/adopt-existing.ts";
import { draftDomainFile, type Draft } from "../../../src/doctor/describe/draft-domain-file.ts";
import { observeLivingDomain } from "../../../src/doctor/describe/observe-living-domain.ts";
import { renderDraft } from "../../../src/doctor/describe/render-draft.ts";
import { planAgainst } from "../../../src/doctor/planned/plan-against.ts";
import { worldAfter } from "../../../src/doctor/planned/planned-world.ts";
import type { MailDomain } from "../../../src/spec/mail-domain.ts";
import { requireDomainFiles } from "../../../src/spec/parse-domain-files.ts";
import { identity } from "../../dns/plan/sample-wish.ts";
import { anyDomain, sampleDomain } from "../../spec/sample-domain.ts";

const WORKERS_DEV = "mail-prod.example.workers.dev";

/** Describes a domain in the world that its deployment makes. */
async function describe(domain: MailDomain, more: Partial<World> = {}): Promise<Draft> {
  const world = { ...deployed(domain), ...more };
  const living = await observeLivingDomain(mailboxOf("postmaster", domain.domain), world);
  return adoptExisting(draftDomainFile(living), living, world);
}

function deployed(domain: MailDomain): World {
  const zones = [emptyZone(domain.domain)];
  return worldAfter(planAgainst({ domains: [domain], zones, identity, workersDevHost: WORKERS_DEV }));
}

function read(draft: Draft): MailDomain {
  const [domain] = requireDomainFiles([{ file: "init.yaml", text: renderDraft(draft) }]);
  if (domain === undefined) throw new Error("There is one domain.");
  return domain;
}

/** What is published, but for the languages of a page that only people read. */
function published(domain: MailDomain): ClientSettings {
  return { ...deriveClientSettings(domain), languages: undefined };
}

/** Without TLS a second endpoint is nowhere announced. */
function endpoints({ mailServer }: MailDomain): unknown {
  const { imap, pop3, submission } = mailServer;
  return [imap, pop3, submission].map((all) => {
    const secure = all.filter(({ tls }) => tls !== "plain");
    return secure.length > 0 ? secure : all.slice(0, 1);
  });
}

test("the file of any domain that is deployed says what its own file says, and the file can be read", async () => {
  await fc.assert(
    fc.asyncProperty(anyDomain, async (domain) => {
      const draft = await describe(domain);
      const found = read(draft);
      expect(draft.isDeployed).toBe(true);
      expect(published(found)).toEqual(published(domain));
      expect(endpoints(found)).toEqual(endpoints(domain));
      expect(found.publish).toEqual(domain.publish);
      const { mx, spf, dmarc, tlsRpt, mtaSts } = domain.delivery;
      expect(found.delivery).toMatchObject({ mx, spf, dmarc, tlsRpt, mtaSts });
    }),
    { numRuns: 60 },
  );
}, 120_000);

test("a domain that is deployed has nothing in the way, and every record of it stands already", async () => {
  const domain = sampleDomain({ mx: [{ host: "mail.example.com" }] });
  const issuer = "0 issue letsencrypt.org; validationmethods=dns-01; accounturi=https://acme.test/1";
  const world = deployed(domain);
  const draft = await describe(domain, {
    // Which account is bound is known to the account alone.
    resolve: async (name, type) =>
      type === "CAA" ? { state: "found", data: [issuer] } : world.resolve(name, type),
  });
  expect([...draft.notes.values()].flat().join("\n")).not.toMatch(/In the way|leads (Outlook )?to|CAA/);
  expect(draft.notes.get("")).toContainEqual(
    "example.com serves the very document of this file: it is deployed already, by some stack.",
  );
  expect(draft.file).toMatchObject({ caa: true });
  expect(draft.file.publish).toBeUndefined();
  expect(draft.file.adopt).toEqual(
    expect.arrayContaining(["@/MX", "_autodiscover._tcp/SRV", "_ua-auto-config/TXT", "imap/CNAME", "mail/A"]),
  );
});

test("a domain that serves another document is not taken for deployed", async () => {
  const world = deployed(sampleDomain());
  const draft = await describe(sampleDomain(), {
    request: async (asked) => {
      const answer = await world.request(asked);
      return answer.state === "answered" ? { ...answer, body: `${answer.body}<!-- theirs -->` } : answer;
    },
  });
  expect(draft.file.mailServer?.host).toBe("mail.example.com");
  expect(draft.isDeployed).toBe(false);
});
