import type { Preset } from "../preset.ts";

/** Exchange Online shows the targets only after the keys were made; their shard letter cannot be derived from the domain. */
const DKIM_TARGET =
  /^[a-z0-9-]+\._domainkey\.[a-z0-9-]+\.([a-z]+-v\d+\.dkim\.mail\.microsoft|onmicrosoft\.com)$/;

/**
 * Microsoft 365 with Exchange Online. It refuses passwords at IMAP, POP3 and SMTP: clients log in with OAuth 2.0. Our
 * documents carry the right hosts and ports but announce a password; Thunderbird replaces that by what it knows of these
 * host names. `autodiscover` stays Microsoft's own, which is what Outlook asks.
 */
export const microsoft365: Preset = {
  name: "microsoft365",
  title: "Microsoft 365",
  kind: "hosted",
  verified: "2026-11-23",
  sources: [
    "https://learn.microsoft.com/microsoft-365/enterprise/external-domain-name-system-records",
    "https://learn.microsoft.com/en-us/microsoft-365/security/office-365-security/email-authentication-dkim-configure",
    "https://github.com/thunderbird/autoconfig/blob/master/ispdb/office365.com.xml",
    "https://github.com/Domain-Connect/Templates/blob/master/microsoft.com.o365.json",
  ],
  values: [
    {
      key: "mxHost",
      description: "the MX target that the Microsoft 365 admin center shows under Domains, DNS records",
      // The second form belongs to domains with DNSSEC and inbound DANE.
      pattern: /^[a-z0-9-]+\.(mail\.protection\.outlook\.com|[a-z]+-v\d+\.mx\.microsoft)$/,
      example: "example-com.mail.protection.outlook.com",
      isRequired: true,
    },
    ...[1, 2].map((number) => ({
      key: `dkimTarget${number}`,
      description: `the CNAME target of selector${number}._domainkey that the Defender portal shows under DKIM`,
      pattern: DKIM_TARGET,
      example: `selector${number}-example-com._domainkey.example.n-v1.dkim.mail.microsoft`,
      isRequired: false,
    })),
  ],
  hasClientSettings: true,
  defaults: ({ values }) => ({
    mailServer: {
      host: "outlook.office365.com",
      imap: { tls: "implicit", port: 993 },
      pop3: { tls: "implicit", port: 995 },
      submission: { host: "smtp.office365.com", tls: "starttls", port: 587 },
    },
    username: "address",
    webmail: "https://outlook.office.com/mail/",
    mx: values["mxHost"] === undefined ? undefined : [{ host: values["mxHost"], priority: 0 }],
    spf: "v=spf1 include:spf.protection.outlook.com -all",
    dkim: dkimOf(values),
    guessNames: [],
  }),
  facts: {
    discovery: { autodiscover: "autodiscover.outlook.com" },
    autodiscoverSrv: undefined,
    answers: [],
    answersRemedy: undefined,
    spamTraining: undefined,
  },
};

function dkimOf(
  values: Readonly<Record<string, string | undefined>>,
): { selector: string; cname: string }[] | undefined {
  const keys = [1, 2].flatMap((number) => {
    const cname = values[`dkimTarget${number}`];
    return cname === undefined ? [] : [{ selector: `selector${number}`, cname }];
  });
  return keys.length === 0 ? undefined : keys;
}
