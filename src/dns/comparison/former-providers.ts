import type { ObservedRecord } from "../observed-zone.ts";

/** Records by which a mail provider is known. */
export interface FormerProvider {
  readonly title: string;
  /** The preset that wants these records; undefined where there is none. */
  readonly preset: string | undefined;
  readonly patterns: readonly ((record: ObservedRecord) => boolean)[];
}

const cname =
  (target: RegExp) =>
  ({ type, content }: ObservedRecord): boolean =>
    type === "CNAME" && target.test(content.replace(/\.$/, "").toLowerCase());
const srv =
  (target: RegExp) =>
  ({ type, content, data }: ObservedRecord): boolean =>
    type === "SRV" &&
    target.test(
      String(data?.["target"] ?? content)
        .replace(/\.$/, "")
        .toLowerCase(),
    );
const mx =
  (target: RegExp) =>
  ({ type, content }: ObservedRecord): boolean =>
    type === "MX" && target.test(content.replace(/\.$/, "").toLowerCase());
const spf =
  (term: RegExp) =>
  ({ type, content }: ObservedRecord): boolean =>
    type === "TXT" && /^"?v=spf1/i.test(content) && term.test(content.toLowerCase());
const host =
  (label: RegExp) =>
  ({ type, name }: ObservedRecord): boolean =>
    ["A", "AAAA", "CNAME"].includes(type) && label.test(name);

/**
 * Traces of providers, as their set-up pages name them (each verified 2026-11-23 against the page beside it). The word
 * is "former" because the caller leaves out the provider that the domain file names.
 */
export const FORMER_PROVIDERS: readonly FormerProvider[] = [
  {
    // https://learn.microsoft.com/microsoft-365/enterprise/external-domain-name-system-records
    title: "Microsoft 365",
    preset: "microsoft365",
    patterns: [
      cname(/(^|\.)autodiscover\.outlook\.com$/),
      cname(/\.onmicrosoft\.com$/),
      cname(/\.dkim\.mail\.microsoft$/),
      cname(/(^|\.)(enterpriseregistration\.windows\.net|enterpriseenrollment\.manage\.microsoft\.com)$/),
      cname(/\.online\.lync\.com$/),
      cname(/(^|\.)mail\.office365\.com$/),
      cname(/(^|\.)clientconfig\.microsoftonline-p\.net$/),
      srv(/(^|\.|\s)(autodiscover\.outlook\.com|[a-z]+\.online\.lync\.com)$/),
      mx(/\.mail\.protection\.outlook\.com$/),
      mx(/\.mx\.microsoft$/),
      spf(/include:spf\.protection\.outlook\.com/),
    ],
  },
  {
    // https://docs.cpanel.net/whm/service-configuration/tweak-settings/ ("Proxy subdomains", autodiscovery)
    title: "cPanel",
    preset: "cpanel",
    patterns: [
      cname(/(^|\.)cpanelemaildiscovery\.cpanel\.net$/),
      srv(/(^|\.|\s)cpanelemaildiscovery\.cpanel\.net$/),
      host(/^(cpanel|whm|webdisk|cpcalendars|cpcontacts)\./),
      ({ type, name }) => type === "TXT" && name.startsWith("_cpanel-dcv-test-record."),
    ],
  },
  {
    // https://support.google.com/a/answer/174125
    title: "Google Workspace",
    preset: "googleWorkspace",
    patterns: [
      mx(/(^|\.)(aspmx\d?|alt\d\.aspmx|smtp)\.(l\.)?(google|googlemail)\.com$/),
      spf(/include:_spf\.google\.com/),
      ({ type, name }) => type === "TXT" && name.startsWith("google._domainkey."),
    ],
  },
  {
    // https://www.fastmail.help/hc/en-us/articles/360060591153
    title: "Fastmail",
    preset: "fastmail",
    patterns: [
      cname(/\.dkim\.fmhosted\.com$/),
      srv(/(^|\.|\s)[a-z]+\.fastmail\.com$/),
      mx(/(^|\.)in\d-smtp\.messagingengine\.com$/),
      spf(/include:spf\.messagingengine\.com/),
    ],
  },
  {
    // https://www.migadu.com/guides/domains/
    title: "Migadu",
    preset: "migadu",
    patterns: [
      cname(/(^|\.)migadu\.com$/),
      srv(/(^|\.|\s)[a-z]+\.migadu\.com$/),
      mx(/(^|\.)aspmx\d\.migadu\.com$/),
      spf(/include:spf\.migadu\.com/),
    ],
  },
  {
    // https://proton.me/support/custom-domain
    title: "Proton",
    preset: "proton",
    patterns: [
      cname(/\.domains\.proton\.ch$/),
      mx(/(^|\.)(mail|mailsec)\.protonmail\.ch$/),
      spf(/include:_spf\.protonmail\.ch/),
    ],
  },
  {
    // https://www.zoho.com/mail/help/adminconsole/configure-email-delivery.html
    title: "Zoho",
    preset: "zoho",
    patterns: [mx(/(^|\.)mx\d?\.zoho(mail)?\.[a-z.]+$/), spf(/include:(one\.)?zoho(mail)?\.[a-z.]+/)],
  },
  {
    // https://support.apple.com/HT202304
    title: "iCloud",
    preset: "icloud",
    patterns: [
      cname(/\.icloudmailadmin\.com$/),
      mx(/(^|\.)mx\d+\.mail\.icloud\.com$/),
      spf(/include:icloud\.com/),
      ({ type, content }) => type === "TXT" && /^"?apple-domain=/i.test(content),
    ],
  },
  {
    // https://www.infomaniak.com/en/support/faq/admin2/email-service?i=2
    title: "Infomaniak",
    preset: "infomaniak",
    patterns: [mx(/(^|\.)mta-gw\.infomaniak\.ch$/), spf(/include:spf\.infomaniak\.ch/)],
  },
  {
    // https://kb.mailbox.org/en/private/custom-domains/using-e-mails-with-a-custom-domain
    title: "mailbox.org",
    preset: "mailboxOrg",
    patterns: [
      cname(/\._domainkey\.mailbox\.org$/),
      mx(/(^|\.)mxext\d+\.mailbox\.org$/),
      spf(/include:mailbox\.org/),
    ],
  },
];
