import type { Discovery } from "../../../src/clients/ladder/discovery.ts";
import type { DomainReport } from "../../../src/doctor/domain-report.ts";

const thunderbird: Discovery = {
  client: "thunderbird",
  outcome: "configured",
  incoming: { protocol: "imap", host: "mail.example.com", port: 993, tls: "implicit" },
  outgoing: { protocol: "submission", host: "mail.example.com", port: 465, tls: "implicit" },
  username: "postmaster@example.com",
  source: "https://autoconfig.example.com/mail/config-v1.1.xml",
  steps: [
    {
      what: "autoconfig",
      target: "GET https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=postmaster%40example.com",
      answer: "HTTP 200 text/xml",
      ms: 120,
      startMs: 0,
      effect: "used",
    },
  ],
  prompts: [],
  passwordSentTo: [],
  assumptions: [],
  ms: 400,
};

const outlook: Discovery = {
  ...thunderbird,
  client: "outlook",
  outcome: "failed",
  outgoing: undefined,
  username: undefined,
  source: "https://example.com/autodiscover/autodiscover.xml",
  steps: [
    {
      what: "POX",
      target: "POST https://example.com/autodiscover/autodiscover.xml",
      answer: "HTTP 401",
      ms: 2500,
      startMs: 0,
      effect: "ended",
    },
  ],
  prompts: [
    { kind: "certificate", target: "example.com", text: "The name on the certificate does not match." },
  ],
  passwordSentTo: ["https://example.com"],
  assumptions: ["The mailbox is not in the cloud."],
  ms: 2500,
};

const nothing: Pick<Discovery, "incoming" | "outgoing" | "username" | "source" | "steps"> = {
  incoming: undefined,
  outgoing: undefined,
  username: undefined,
  source: undefined,
  steps: [],
};

/** Reports with every status, and with what a hostile server might say. */
export const SAMPLE_REPORTS: readonly DomainReport[] = [
  {
    domain: "example.org",
    findings: [{ code: "dns-record", status: "pass", subject: "autoconfig.example.org A/AAAA" }],
    clients: [{ ...thunderbird, ms: 90 }],
  },
  {
    domain: "example.com",
    findings: [
      {
        code: "dns-record",
        status: "pass",
        subject: "autoconfig.example.com A/AAAA",
        observed: "192.0.2.1",
      },
      {
        code: "mail-port",
        status: "unknown",
        subject: "imap mail.example.com:993 implicit",
        expected: "the issued certificate, trusted",
        observed: "timeout: 5 s",
        remedy: "Start the mail server, or open the port.",
      },
      {
        code: "spf",
        status: "warn",
        subject: "example.com TXT",
        expected: "v=spf1 ... -all",
        observed: 'v=spf1 "\u001B[2J\u202E" | <img src=x> @everyone `x` [a](https://evil.test)\n## done',
        remedy: "Name who sends.",
      },
      {
        code: "dns-record",
        status: "fail",
        subject: "_imaps._tcp.example.com SRV",
        expected: "0 1 993 mail.example.com",
        observed: "none",
        remedy: "Run the deployment again, and look for a record of somebody else.",
      },
    ],
    clients: [thunderbird, outlook, { ...thunderbird, ...nothing, client: "rfc6186", outcome: "manual" }],
  },
  {
    domain: "example.net",
    findings: [
      {
        code: "internal",
        status: "unknown",
        subject: "check wildcard",
        observed: "a defect of mail-autodiscover: x is not a function",
        remedy: "Report it with this line and the domain; nothing is known of what it should have looked at.",
      },
    ],
    clients: [{ ...thunderbird, ...nothing, client: "thunderbird", outcome: "unknown", ms: 25_000 }],
  },
];
