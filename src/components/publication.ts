import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { derivePublicationHosts } from "../dns/publication-hosts.ts";
import { deriveClientSettings, hasServers, renderClientSettings } from "../documents/client-settings.ts";
import { renderMobileconfig } from "../documents/mobileconfig.ts";
import type { MailDomain as MailDomainSpec } from "../spec/mail-domain.ts";
import type { ServedCertificate } from "./acme-resources.ts";
import type { MailPlatform } from "./mail-platform.ts";
import { SignedProfile } from "./signed-profile.ts";

export interface PublicationArgs {
  readonly spec: MailDomainSpec;
  readonly zone: { readonly id: string; readonly name: string };
  readonly platform: MailPlatform;
  /** What the configuration profile is signed with; undefined leaves it unsigned. */
  readonly signer?: ServedCertificate | undefined;
  /** What the KV entry waits for: the digest of a document is in DNS before the document. */
  readonly after?: readonly pulumi.Resource[] | undefined;
}

/** What serves a domain's documents: its KV entry, and a Worker route or custom domain for each discovery host. */
export class Publication extends pulumi.ComponentResource {
  /** The entry of which the Worker makes the documents; undefined where it publishes none. */
  readonly entry: pulumi.Resource | undefined;

  constructor(name: string, args: PublicationArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("mail-autodiscover:index:Publication", name, {}, options);
    const { spec, zone, platform } = args;
    const { accountId, namespace, script } = platform;
    if (spec.publish.kind === "worker") {
      const settings = deriveClientSettings(spec);
      const { domain } = spec;
      this.entry = new cloudflare.WorkersKv(
        `${domain}/kv`,
        { accountId, namespaceId: namespace.id, keyName: domain, value: renderClientSettings(settings) },
        { parent: this, dependsOn: [...(args.after ?? [])] },
      );
      const profile = hasServers(settings) ? renderMobileconfig(settings) : undefined;
      if (profile !== undefined && args.signer !== undefined) {
        const { fullChainPem, privateKeyPem } = args.signer;
        void new SignedProfile(
          `${domain}/profile`,
          {
            accountId,
            namespaceId: namespace.id,
            keyName: `${domain}/profile`,
            profile,
            fullChainPem,
            privateKeyPem,
          },
          { parent: this },
        );
      } else if (profile !== undefined) {
        void pulumi.log.warn(
          `${domain}: the configuration profile is not signed, as there is no certificate to sign it with; Apple's devices call it "Not Verified".`,
          this,
        );
      }
    }
    for (const { host, form } of derivePublicationHosts(spec, zone.name)) {
      if (form === "route") {
        void new cloudflare.WorkersRoute(
          `${spec.domain}/route/${host}`,
          { zoneId: zone.id, pattern: `${host}/*`, script: script.scriptName },
          { parent: this },
        );
      } else if (form === "customDomain") {
        void new cloudflare.WorkersCustomDomain(
          `${spec.domain}/custom-domain/${host}`,
          { accountId, zoneId: zone.id, hostname: host, service: script.scriptName },
          // A second binding of one host is refused (100116), also for the moment of a replacement.
          { parent: this, deleteBeforeReplace: true },
        );
      }
    }
    this.registerOutputs({});
  }
}
