import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { derivePublicationHosts } from "../dns/publication-hosts.ts";
import { deriveClientSettings, renderClientSettings } from "../documents/client-settings.ts";
import type { MailDomain as MailDomainSpec } from "../spec/mail-domain.ts";
import type { MailPlatform } from "./mail-platform.ts";

export interface PublicationArgs {
  readonly spec: MailDomainSpec;
  readonly zone: { readonly id: string; readonly name: string };
  readonly platform: MailPlatform;
}

/** What serves a domain's documents: its KV entry, and a Worker route or custom domain for each discovery host. */
export class Publication extends pulumi.ComponentResource {
  constructor(name: string, args: PublicationArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("mail-autodiscover:index:Publication", name, {}, options);
    const { spec, zone, platform } = args;
    const { accountId, namespace, script } = platform;
    if (spec.publish.kind === "worker") {
      void new cloudflare.WorkersKv(
        `${spec.domain}/kv`,
        {
          accountId,
          namespaceId: namespace.id,
          keyName: spec.domain,
          value: renderClientSettings(deriveClientSettings(spec)),
        },
        { parent: this },
      );
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
