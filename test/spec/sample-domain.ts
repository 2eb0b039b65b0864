/** Mail domains for tests, through the real parser: a test cannot use a domain that an operator could not write. */
import * as fc from "fast-check";
import type { MailDomain } from "../../src/spec/mail-domain.ts";
import { parseMailDomain } from "../../src/spec/parse-mail-domain.ts";
import { renderSpecIssues } from "../../src/spec/spec-issue.ts";

interface SampleInput {
  readonly mailServer?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** `example.com` with its mail server `mail.example.com` at two addresses, changed by `input`. */
export function sampleDomain(input: SampleInput = {}): MailDomain {
  const { mailServer, ...rest } = input;
  const addresses = ["203.0.113.25", "2001:db8::25"];
  return parsed({
    domain: "example.com",
    mailServer: { host: "mail.example.com", addresses, ...mailServer },
    ...rest,
  });
}

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/);
const place = fc.record(
  {
    host: label.map((first) => `${first}.example.net`),
    port: fc.integer({ min: 1, max: 65_535 }),
    tls: fc.constantFrom("implicit", "starttls", "plain"),
  },
  { requiredKeys: [] },
);
const service = fc.uniqueArray(place, {
  minLength: 1,
  maxLength: 4,
  selector: (item) => `${item.host ?? ""} ${item.tls ?? "implicit"}`,
});

/** Any domain that the parser accepts, at the apex of its zone or below it. */
export const anyDomain: fc.Arbitrary<MailDomain> = fc
  .record({
    domain: label.map((first) => `${first}.example`),
    // The hyphen keeps it apart from the hosts of endpoints, so that no two of these are the same.
    host: fc
      .tuple(label, fc.constantFrom("example.net", "example"))
      .map(([first, zone]) => `mx-${first}.${zone}`),
    addresses: fc.array(fc.oneof(fc.ipV4(), fc.ipV6()), { maxLength: 3 }),
    imap: service,
    pop3: fc.oneof(fc.constant(false as const), service),
    submission: service,
    publish: fc.oneof(
      fc.constant({}),
      label.map((first) => ({ srvTarget: `${first}.example.net` })),
      label.map((first) => ({ origin: `${first}.example.net` })),
    ),
    username: fc.constantFrom("address", "localPart"),
  })
  .map(({ domain, host, addresses, imap, pop3, submission, publish, username }) => ({
    domain,
    mailServer: { host, addresses, imap, pop3, submission, allowPlaintext: true },
    publish,
    username,
  }))
  .map((input) => parsed(input));

// A filter would search for ever where the parser refused everything.
function parsed(input: unknown): MailDomain {
  const result = parseMailDomain(input);
  if (result.ok) return result.domain;
  throw new Error(renderSpecIssues(result.issues));
}
